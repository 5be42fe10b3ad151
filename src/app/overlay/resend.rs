//! The overlay that sends refused submissions again. Each submission is billed again under a new CallerReference, so
//! the user reviews them first and confirms dangers by typing, as in the review.

use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;
use super::review::{CacheTags, Confirmation};
use crate::domain::submission::SubmissionId;

/// The state of the resend overlay.
#[derive(Clone, Debug)]
pub struct Resend {
    /// The submissions to send again.
    pub ids: Vec<SubmissionId>,
    /// The confirmation that must be typed first.
    pub confirmation: Option<Confirmation>,
    /// What was known about the targets' support for cache tags when the confirmation was determined.
    pub tags: CacheTags,
}

impl Resend {
    /// Returns whether the submissions may be sent now.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.confirmation.as_ref().is_none_or(Confirmation::is_given)
    }
}

impl Parts for Resend {
    fn keys(&self) -> Keys {
        match self.confirmation {
            Some(_) => keys::RESEND_TYPING,
            None => keys::RESEND,
        }
    }

    fn field_mut(&mut self) -> Option<&mut Input> {
        self.confirmation.as_mut().map(|confirmation| &mut confirmation.typed)
    }
}
