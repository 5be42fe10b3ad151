//! The help overlay: the actions that work in the context below it, as a list from which they can be run.

use super::keys::{self, Keys};
use super::parts::Parts;

/// The state of the help.
#[derive(Clone, Copy, Debug, Default)]
pub struct Help {
    /// The index of the selected line.
    pub selected: usize,
}

impl Parts for Help {
    fn title(&self) -> &'static str {
        "Help"
    }

    fn keys(&self) -> Keys {
        keys::HELP
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.selected)
    }
}
