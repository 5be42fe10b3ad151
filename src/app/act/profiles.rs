//! Actions for the overlay that switches profiles. The current profile stays in use until another one is known to
//! work.

use crate::app::act::{browser, code, profile_search};
use crate::app::model::Model;
use crate::app::opening;
use crate::app::overlay::browser::Browser;
use crate::app::overlay::code::CodeEntry;
use crate::app::overlay::profiles::{Switcher, Then, in_use};
use crate::domain::distribution::Target;
use crate::domain::failure::Failure;
use crate::domain::login::LoginWay;
use crate::domain::profile::{Kind, LOG_IN, Profile};
use crate::domain::submission::Scope;
use crate::engine;
use crate::engine::effect::Effect;
use crate::engine::notices::Level;
use crate::engine::{fleet, login, queue};

/// Returns the number of profiles to choose from.
pub(in crate::app) fn lines(model: &Model) -> usize {
    let switcher = model.overlays.top::<Switcher>();
    switcher.map_or(0, |switcher| switcher.entries(&model.engine).len())
}

/// Opens the list with the current profile selected, and reloads the profiles.
pub(in crate::app) fn open(model: &mut Model) {
    if model.overlays.find_mut::<Switcher>().is_some() {
        return;
    }
    model.overlays.push(Switcher::default());
    select_in_use(model);
    model.engine.ask(Effect::ListProfiles);
    model.engine.touch();
}

/// Opens the list and tries this profile, in order to open a target with it.
pub(in crate::app) fn open_to(model: &mut Model, name: &str, target: Target, path: Option<String>) {
    open_for(model, name);
    if let Some(switcher) = model.overlays.find_mut::<Switcher>() {
        let profile = name.to_owned();
        switcher.then = Some(Then { profile, target, path });
    }
}

/// Opens the list and tries this profile.
pub(in crate::app) fn open_for(model: &mut Model, name: &str) {
    open(model);
    if let Some(switcher) = model.overlays.find_mut::<Switcher>() {
        switcher.input = name.to_owned().into();
    }
    let entries = model
        .overlays
        .top::<Switcher>()
        .map(|switcher| switcher.entries(&model.engine));
    let place = entries.and_then(|entries| entries.iter().position(|profile| profile.name == name));
    if let (Some(place), Some(switcher)) = (place, model.overlays.find_mut::<Switcher>()) {
        switcher.selected = place;
        choose(model);
    }
}

fn select_in_use(model: &mut Model) {
    let used = in_use(&model.engine).map(str::to_owned);
    let place = model
        .engine
        .profiles
        .iter()
        .flatten()
        .position(|profile| Some(&profile.name) == used.as_ref());
    if let (Some(place), Some(switcher)) = (place, model.overlays.find_mut::<Switcher>()) {
        switcher.selected = place;
    }
}

/// Returns whether the profile list is open.
pub(in crate::app) fn is_seen(model: &Model) -> bool {
    model.overlays.find::<Switcher>().is_some()
}

/// Handles the result of checking the credential files, so that the list shows what was fixed in another terminal.
pub(in crate::app) fn files_seen(model: &mut Model, written: bool, list_is_old: bool) {
    let is_seen = is_seen(model);
    if is_seen && list_is_old {
        model.engine.ask(Effect::ListProfiles);
    }
    queue::files_seen(&mut model.engine, written, is_seen);
}

/// Shows a newly loaded list of profiles. If a profile has changed, forgets why it could not be used.
pub(in crate::app) fn listed(model: &mut Model, profiles: Vec<Profile>, trouble: Option<String>) {
    let is_first = model.engine.profiles.is_none();
    let before = model.engine.profiles.replace(profiles).unwrap_or_default();
    if let (Some(switcher), Some(all)) = (model.overlays.find_mut::<Switcher>(), &model.engine.profiles) {
        let of = |list: &[Profile], name: &str| list.iter().find(|profile| profile.name == name).cloned();
        switcher
            .failed
            .take_if(|(name, _)| !is_first && of(&before, name) != of(all, name));
    }
    engine::profile_search::profiles_listed(&mut model.engine);
    if is_first
        && model
            .overlays
            .find_mut::<Switcher>()
            .is_some_and(|switcher| switcher.selected == 0 && switcher.input.value().is_empty())
    {
        select_in_use(model);
    }
    choose_as_asked(model);
    if let Some(trouble) = trouble {
        model.engine.say(Level::Warning, trouble);
    }
    model.engine.touch();
}

/// Tries the selected profile, as soon as the profiles are loaded. The list stays open until the profile is known to
/// work.
pub(in crate::app) fn choose(model: &mut Model) {
    if model.engine.profiles.is_none()
        && let Some(switcher) = model.overlays.top_mut::<Switcher>()
    {
        switcher.waits_for_list = true;
        return model.engine.touch();
    }
    if let Some(name) = begin_trying(model) {
        fleet::try_profile(&mut model.engine, name, None);
    }
}

/// Tries the selected profile if the user asked for it while the profiles were still being loaded.
fn choose_as_asked(model: &mut Model) {
    let switcher = model.overlays.top_mut::<Switcher>();
    if switcher.is_some_and(|switcher| std::mem::take(&mut switcher.waits_for_list)) {
        choose(model);
    }
}

/// Logs in to the selected profile, then uses it.
pub(in crate::app) fn log_in(model: &mut Model) {
    if let Some(name) = begin_trying(model) {
        login::log_in_to(&mut model.engine, name);
    }
}

/// Continues a login after finding out how to log in to a profile, or reports that this failed; `None` means the
/// current profile.
pub(in crate::app) fn planned(model: &mut Model, profile: Option<String>, result: Result<LoginWay, Failure>) {
    match (profile, result) {
        (None, result) => login::planned(&mut model.engine, result),
        (Some(name), Ok(way)) => login::planned_for(&mut model.engine, name, &way),
        (Some(name), Err(failure)) => tried(model, &name, Err(failure)),
    }
}

/// Checks whether the selected profile may need a login.
///
/// # Errors
/// An empty string if it does not, so that logging in is not offered.
pub(in crate::app) fn may_log_in(model: &Model, state: &Switcher) -> Result<(), String> {
    let found = state.entries(&model.engine);
    let selected = found.get(state.selected).ok_or_else(String::new)?;
    let logs_in = matches!(selected.kind, Kind::Sso | Kind::Login | Kind::Process | Kind::Role);
    let has_failed = state.failed.as_ref().is_some_and(|(name, _)| *name == selected.name);
    let helps = selected.trouble.as_deref() == Some(LOG_IN) || logs_in && has_failed;
    helps.then_some(()).ok_or_else(String::new)
}

/// Marks the selected profile as being tried and returns its name, unless it is being tried already.
fn begin_trying(model: &mut Model) -> Option<String> {
    let state = model.overlays.top::<Switcher>()?;
    let chosen = state
        .entries(&model.engine)
        .get(state.selected)
        .map(|profile| profile.name.clone());
    let name = chosen.filter(|name| state.trying.as_ref() != Some(name))?;
    if let Some(switcher) = model.overlays.find_mut::<Switcher>() {
        switcher.trying = Some(name.clone());
        switcher.failed = None;
    }
    model.engine.touch();
    Some(name)
}

/// Stops trying a profile; the list stays open.
pub(in crate::app) fn stop_trying(model: &mut Model) {
    if let Some(switcher) = model.overlays.find_mut::<Switcher>() {
        switcher.trying = None;
    }
    fleet::stop_trying(&mut model.engine);
    model.engine.touch();
}

/// Closes the list and stops trying a profile.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    model.overlays.pop();
    if fleet::is_trying(&model.engine) {
        fleet::stop_trying(&mut model.engine);
    }
    true
}

/// Handles the result of trying a profile: it becomes the current profile, or the list shows why it cannot be used.
pub(in crate::app) fn tried(model: &mut Model, name: &str, result: Result<Scope, Failure>) {
    model.engine.touch();
    match result {
        Ok(scope) => {
            let then = model
                .overlays
                .find::<Switcher>()
                .and_then(|switcher| switcher.then.clone());
            model.overlays.close::<CodeEntry>();
            model.overlays.close::<Browser>();
            model.overlays.close::<Switcher>();
            opening::change_profile(model, name, scope);
            if let Some(then) = then.filter(|then| then.profile == name) {
                profile_search::close(model);
                opening::open_with(model, then.target, then.path);
            }
        }
        Err(failure) => {
            model.engine.login.browser = None;
            let needs_code = matches!(failure, Failure::CodeNeeded(_));
            browser::ended(model, (!needs_code).then(|| failure.to_string()));
            match &failure {
                Failure::CodeNeeded(needed) => code::wanted(model, needed, Some(name.to_owned())),
                other => code::failed(model, &other.to_string()),
            }
            if let Some(switcher) = model.overlays.find_mut::<Switcher>() {
                switcher.trying = None;
                switcher.failed = Some((name.to_owned(), failure.to_string()));
            }
            fleet::stay(&mut model.engine);
        }
    }
}
