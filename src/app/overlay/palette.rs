//! The palette: every action of the page by name, with its keys.

use tui_input::Input;

use crate::app::action::{ACTIONS, Entry, Scope};
use crate::app::keys::{is_available, page_scopes};
use crate::app::list::matching;
use crate::app::model::Model;

/// The state of the palette.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// What is typed.
    pub input: Input,
    /// The selected line.
    pub selected: usize,
}

/// The actions that can be found: those of the page that can be done now, then those of every page.
#[must_use]
pub fn entries(model: &Model, palette: &Palette) -> Vec<&'static Entry> {
    let scopes = page_scopes(model);
    let known = ACTIONS.iter().filter(|entry| {
        scopes.contains(&entry.scope) && entry.scope != Scope::Field && is_available(model, entry.action).is_ok()
    });
    matching(known.collect(), palette.input.value(), |entry| {
        format!("{} {}", entry.id, entry.help)
    })
}
