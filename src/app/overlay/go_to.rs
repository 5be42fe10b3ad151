//! The overlay that opens a target by its id, name or URL. The text stays in the field until the target is found.

use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::target::TypedTarget;

/// The state of the go-to overlay.
#[derive(Clone, Debug, Default)]
pub struct GoTo {
    /// The typed text.
    pub input: Input,
    /// The index of the selected match.
    pub selected: usize,
    /// The name that is being looked up in CloudFront.
    pub looking: Option<TypedTarget>,
    /// Why no target was opened.
    pub mistake: Option<String>,
}

impl Parts for GoTo {
    fn keys(&self) -> Keys {
        keys::GO_TO
    }

    fn field_mut(&mut self) -> Option<&mut Input> {
        Some(&mut self.input)
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.selected)
    }

    fn edited(&mut self) {
        self.mistake = None;
        self.looking = None;
        self.selected = 0;
    }
}
