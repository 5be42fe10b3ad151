//! The help: what acts in the place below it, to be read and to be run.

use super::keys::{self, Keys};
use super::parts::Parts;

/// The state of the help.
#[derive(Clone, Copy, Debug, Default)]
pub struct Help {
    /// The selected line.
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
