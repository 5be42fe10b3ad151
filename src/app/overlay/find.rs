//! The overlay that finds text in the composed list.

use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;

/// The state of the find overlay.
#[derive(Clone, Debug, Default)]
pub struct Find {
    /// The text to search for.
    pub input: Input,
}

impl Parts for Find {
    fn keys(&self) -> Keys {
        keys::FIND
    }

    fn field_mut(&mut self) -> Option<&mut Input> {
        Some(&mut self.input)
    }

    fn is_of_composer(&self) -> bool {
        true
    }
}
