//! The command palette: every action of the page with its keys, and all targets, pages and profiles to go to.

use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;

/// The state of the command palette.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// The search text.
    pub input: Input,
    /// The index of the selected line.
    pub selected: usize,
}

impl Parts for Palette {
    fn keys(&self) -> Keys {
        keys::PALETTE
    }

    fn field_mut(&mut self) -> Option<&mut Input> {
        Some(&mut self.input)
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.selected)
    }

    fn edited(&mut self) {
        self.selected = 0;
    }
}
