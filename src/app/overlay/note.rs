//! The note overlay: one line, stored in the ledger, that records why an invalidation was made.

use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::submission::SubmissionId;

/// The maximum length of a note in characters.
pub const LONGEST: usize = 500;

/// The state of the note overlay.
#[derive(Clone, Debug)]
pub struct Noting {
    /// The submission that the note belongs to.
    pub(in crate::app) subject: SubmissionId,
    /// The text of the note.
    pub input: Input,
    /// The error to show, if any.
    pub mistake: Option<String>,
}

impl Parts for Noting {
    fn keys(&self) -> Keys {
        keys::NOTE
    }

    fn field_mut(&mut self) -> Option<&mut Input> {
        Some(&mut self.input)
    }

    fn edited(&mut self) {
        self.mistake = None;
    }
}
