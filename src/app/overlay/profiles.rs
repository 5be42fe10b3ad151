//! The profile switcher. It lists all profiles, even if none of them works. The current profile stays in use until
//! another one is known to work.

use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::app::list::matching;
use crate::domain::distribution::Target;
use crate::domain::profile::Profile;
use crate::engine::session::Session;
use crate::engine::state::Engine;

/// The state of the profile switcher.
#[derive(Clone, Debug, Default)]
pub struct Switcher {
    /// The filter text.
    pub input: Input,
    /// The index of the selected line.
    pub selected: usize,
    /// The profile being tried.
    pub trying: Option<String>,
    /// The profile that could not be used, and why.
    pub failed: Option<(String, String)>,
    /// The target to open once its profile is in use.
    pub then: Option<Then>,
    /// Whether the user pressed Enter before the profiles were loaded. If so, the first match is tried once they are.
    pub waits_for_list: bool,
}

/// A target to open with a certain profile.
#[derive(Clone, Debug)]
pub struct Then {
    /// The name of the profile.
    pub profile: String,
    /// The target.
    pub target: Target,
    /// The path to start composing with, if the target was given as a URL with a path.
    pub path: Option<String>,
}

impl Switcher {
    /// Returns the profiles that match the filter text.
    #[must_use]
    pub fn entries<'a>(&self, engine: &'a Engine) -> Vec<&'a Profile> {
        let all = engine.profiles.iter().flatten().collect();
        matching(all, self.input.value(), |profile| profile.text())
    }
}

/// Returns the current profile or, without a connection, the one chosen for connecting.
#[must_use]
pub fn in_use(engine: &Engine) -> Option<&str> {
    match &engine.session {
        Session::Connected(scope) => Some(&scope.profile),
        Session::Connecting | Session::Failed(_) => {
            let chosen = engine.preferences.profile.as_ref();
            Some(chosen.unwrap_or(&engine.preferences.interactive.first).as_str())
        }
    }
}

impl Parts for Switcher {
    fn keys(&self) -> Keys {
        keys::PROFILES
    }

    fn field_mut(&mut self) -> Option<&mut Input> {
        Some(&mut self.input)
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.selected)
    }

    fn edited(&mut self) {
        self.selected = 0;
        self.waits_for_list = false;
    }
}
