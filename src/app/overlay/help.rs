//! The help overlay: the actions available below it, as a list that can be searched and run.

use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;

/// The state of the help overlay.
#[derive(Clone, Debug, Default)]
pub struct Help {
    /// The index of the selected line.
    pub selected: usize,
    /// The text to search for; `None` means everything is listed, and letters are keys.
    pub sought: Option<Input>,
}

impl Parts for Help {
    fn keys(&self) -> Keys {
        match self.sought {
            Some(_) => keys::HELP_SEARCH,
            None => keys::HELP,
        }
    }

    fn field_mut(&mut self) -> Option<&mut Input> {
        self.sought.as_mut()
    }

    fn edited(&mut self) {
        self.selected = 0;
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.selected)
    }
}
