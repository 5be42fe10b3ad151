//! Opens what the user has chosen: a target, its tenants, another profile.

use crate::app::act::composer::compose;
use crate::app::act::navigation;
use crate::app::action::Action;
use crate::app::availability::is_available;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::app::screen::tenants::Tenants;
use crate::domain::distribution::{DistributionId, Target};
use crate::domain::submission::Scope;
use crate::domain::target::TypedTarget;
use crate::engine::notices::Level;
use crate::engine::{fleet, profile_search};

/// Opens a target's invalidations.
pub(super) fn open(model: &mut Model, target: Target) {
    if let (Target::Distribution(id), Screen::Distributions(screen)) = (&target, &mut model.screens[0]) {
        screen.list.select(id);
        let id = id.clone();
        fleet::describe(&mut model.engine, &id);
    }
    navigation::open_invalidations(model, Some(target));
}

/// Opens a target's invalidations and, if a URL included a path, the composer as well.
pub(super) fn open_with(model: &mut Model, target: Target, path: Option<String>) {
    open(model, target.clone());
    let Some(path) = path else { return };
    match is_available(model, Action::InvalidateHere) {
        Ok(()) => drop(compose::open_with(model, vec![target], vec![path])),
        Err(reason) => model.engine.say(Level::Info, reason),
    }
}

/// Checks whether a typed target may belong to the current account, because an ARN may name another one.
///
/// # Errors
/// A sentence that names both accounts and explains how to switch.
pub(super) fn must_be_ours(model: &Model, typed: &TypedTarget) -> Result<(), String> {
    match (&typed.account, model.engine.account()) {
        (Some(theirs), Some(ours)) if theirs != ours => {
            let other = model.engine.preferences.profile_of_account(theirs);
            Err(format!(
                "{} belongs to account {theirs}, but your credentials belong to {ours}; press {} to switch {}",
                typed.name,
                model.keymap.spoken(Action::Profiles),
                other.map_or_else(|| "profiles".to_owned(), |name| format!("to the profile {name}"))
            ))
        }
        _ => Ok(()),
    }
}

/// Opens the tenants of a distribution above the current page.
pub(super) fn open_tenants(model: &mut Model, distribution: DistributionId) {
    navigation::push(model, Screen::Tenants(Tenants::new(distribution)));
}

/// Switches to another profile: closes the pages of the old account and keeps what the user typed.
pub(super) fn change_profile(model: &mut Model, profile: &str, scope: Scope) {
    // The job under review was prepared for the old account.
    navigation::leave(model);
    model.screens.truncate(1);
    model.marked.clear();
    profile_search::end(&mut model.engine);
    fleet::change_profile(&mut model.engine, profile, scope);
}
