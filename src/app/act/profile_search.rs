//! Actions for the overlay that searches for a target with every profile. A search starts only at the user's request.

use crate::app::act::profiles;
use crate::app::model::Model;
use crate::app::opening;
use crate::app::overlay::go_to::GoTo;
use crate::app::overlay::profile_search::InProfiles;
use crate::domain::target::TypedTarget;
use crate::engine::notices::Level;
use crate::engine::profile_search::{self, Searched, Status};

/// Returns the typed target to search for.
///
/// # Errors
/// A sentence explaining why the target cannot be searched for.
pub(in crate::app) fn wanted(model: &Model) -> Result<TypedTarget, String> {
    let go_to = model.overlays.find::<GoTo>().ok_or_else(String::new)?;
    let typed = go_to.input.value().trim();
    if typed.is_empty() {
        return Err("type an alias, a domain name, an id or a URL first".to_owned());
    }
    typed.parse::<TypedTarget>().map_err(|mistake| mistake.to_string())
}

/// Opens the overlay and starts the search.
pub(in crate::app) fn open(model: &mut Model) {
    if let Ok(wanted) = wanted(model) {
        profile_search::begin(&mut model.engine, wanted, true);
        model.toggle(InProfiles::default());
    }
}

/// Returns the number of profiles to choose from.
pub(in crate::app) fn lines(model: &Model) -> usize {
    let search = model.engine.profile_search.as_ref();
    search.map_or(0, |search| search.profiles.len())
}

/// Closes the overlay and stops the search.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    profile_search::end(&mut model.engine);
    model.overlays.close::<InProfiles>();
    true
}

/// Closes the overlay, and the overlay from which it was opened.
pub(in crate::app) fn close(model: &mut Model) {
    profile_search::end(&mut model.engine);
    model.overlays.close::<InProfiles>();
    model.overlays.close::<GoTo>();
}

/// Opens the target with the selected profile, and switches to that profile unless it is the current one.
pub(in crate::app) fn choose(model: &mut Model) {
    let selected = model.overlays.top::<InProfiles>().map_or(0, |state| state.selected);
    let Some(search) = &model.engine.profile_search else {
        return;
    };
    let Some(one) = search.shown().get(selected).map(|one| (*one).clone()) else {
        return;
    };
    let path = search.wanted.path.clone();
    let Some((target, _)) = one.found().cloned() else {
        return model.engine.say(Level::Info, why_nothing_to_open(&one));
    };
    let is_in_use = model.engine.scope().is_some_and(|scope| scope.profile == one.profile);
    if is_in_use {
        close(model);
        opening::open_with(model, target, path);
    } else {
        profiles::open_to(model, &one.profile, target, path);
    }
}

fn why_nothing_to_open(one: &Searched) -> String {
    let profile = &one.profile;
    match &one.status {
        Status::Waits | Status::Asked(_) => format!("still searching {profile}"),
        Status::Done => format!("{profile} has no such distribution"),
        Status::LeftOut(_) | Status::Failed(_) => format!("{profile} was not searched"),
    }
}
