//! The profiles, to use another one: all of them, also when none works. The one in use stays until another can be used.

use tui_input::Input;

use super::Overlay;
use crate::app::list::matching;
use crate::app::model::Model;
use crate::app::opening;
use crate::domain::failure::Failure;
use crate::domain::profile::Profile;
use crate::domain::submission::Scope;
use crate::engine::effect::Effect;
use crate::engine::fleet;
use crate::engine::notices::Level;
use crate::engine::session::Session;

/// The state of the list.
#[derive(Clone, Debug, Default)]
pub struct Switcher {
    /// What is typed to filter it.
    pub input: Input,
    /// The selected line.
    pub selected: usize,
    /// The profile that is being tried.
    pub trying: Option<String>,
    /// The profile that could not be used, and why.
    pub failed: Option<(String, String)>,
}

impl Switcher {
    /// Another text: another list.
    pub(super) fn edited(&mut self) {
        self.selected = 0;
    }
}

/// The profiles that match what is typed.
#[must_use]
pub fn entries<'a>(model: &'a Model, switcher: &Switcher) -> Vec<&'a Profile> {
    let all = model.engine.profiles.iter().flatten().collect();
    matching(all, switcher.input.value(), |profile| profile.text())
}

/// The profile in use, or the one that was meant to be.
#[must_use]
pub fn in_use(model: &Model) -> Option<&str> {
    match &model.engine.session {
        Session::Connected(scope) => Some(&scope.profile),
        Session::Connecting | Session::Failed(_) => model.engine.preferences.profile.as_deref(),
    }
}

/// Opens the list, with the profile in use selected, and reads anew which there are.
pub(in crate::app) fn open(model: &mut Model) {
    if switcher(model).is_some() {
        return;
    }
    model.overlays.push(Overlay::Profiles(Box::default()));
    select_in_use(model);
    model.engine.ask(Effect::ListProfiles);
    model.engine.touch();
}

/// Opens the list and tries this profile.
pub(in crate::app) fn open_for(model: &mut Model, name: &str) {
    open(model);
    if let Some(switcher) = switcher(model) {
        switcher.input = name.to_owned().into();
    }
    let place = match model.overlays.last() {
        Some(Overlay::Profiles(state)) => entries(model, state).iter().position(|profile| profile.name == name),
        _ => None,
    };
    if let (Some(place), Some(switcher)) = (place, switcher(model)) {
        switcher.selected = place;
        choose(model);
    }
}

fn select_in_use(model: &mut Model) {
    let used = in_use(model).map(str::to_owned);
    let place = model
        .engine
        .profiles
        .iter()
        .flatten()
        .position(|profile| Some(&profile.name) == used.as_ref());
    if let (Some(place), Some(switcher)) = (place, switcher(model)) {
        switcher.selected = place;
    }
}

/// Which profiles there are was read.
pub(in crate::app) fn listed(model: &mut Model, profiles: Vec<Profile>, trouble: Option<String>) {
    let is_first = model.engine.profiles.is_none();
    model.engine.profiles = Some(profiles);
    if is_first && switcher(model).is_some_and(|switcher| switcher.selected == 0 && switcher.input.value().is_empty()) {
        select_in_use(model);
    }
    if let Some(trouble) = trouble {
        model.engine.say(Level::Warning, trouble);
    }
    model.engine.touch();
}

/// Tries the selected profile. The list stays until it is known to work.
pub(in crate::app) fn choose(model: &mut Model) {
    let Some(Overlay::Profiles(state)) = model.overlays.last() else {
        return;
    };
    let chosen = entries(model, state)
        .get(state.selected)
        .map(|profile| profile.name.clone());
    let Some(name) = chosen.filter(|name| state.trying.as_ref() != Some(name)) else {
        return;
    };
    if let Some(switcher) = switcher(model) {
        switcher.trying = Some(name.clone());
        switcher.failed = None;
    }
    fleet::try_profile(&mut model.engine, name);
    model.engine.touch();
}

/// Closes the list; what was being tried is not wanted any more.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    model.overlays.pop();
    if fleet::is_trying(&model.engine) {
        fleet::stop_trying(&mut model.engine);
    }
    model.engine.touch();
    true
}

/// The profile can be used, and is from now on; or it cannot, and the list says why.
pub(in crate::app) fn tried(model: &mut Model, name: &str, result: Result<Scope, Failure>) {
    model.engine.touch();
    match result {
        Ok(scope) => {
            model
                .overlays
                .retain(|overlay| !matches!(overlay, Overlay::Profiles(_)));
            opening::change_profile(model, name, scope);
        }
        Err(failure) => {
            if let Some(switcher) = switcher(model) {
                switcher.trying = None;
                switcher.failed = Some((name.to_owned(), failure.to_string()));
            }
            fleet::stay(&mut model.engine);
        }
    }
}

fn switcher(model: &mut Model) -> Option<&mut Switcher> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Profiles(switcher) => Some(&mut **switcher),
        _ => None,
    })
}
