//! The palette: every action of the page by name, with its keys, and everything that can be gone to.

use tui_input::Input;

use crate::app::finder::{Found, actions_and_places};
use crate::app::model::Model;

/// The state of the palette.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// What is typed.
    pub input: Input,
    /// The selected line.
    pub selected: usize,
}

/// What can be found, as far as it matches.
#[must_use]
pub fn entries(model: &Model, palette: &Palette) -> Vec<Found> {
    actions_and_places(model, palette.input.value())
}
