//! The question that appears when the user quits while submissions are waiting: send them at the next start, or
//! discard them.

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::submission::SubmissionId;

/// The state of the quit overlay.
#[derive(Clone, Debug)]
pub struct Quit {
    /// The submissions that can still be discarded, because they have not reached CloudFront.
    pub ids: Vec<SubmissionId>,
    /// The submissions that may have reached CloudFront and therefore cannot be discarded.
    pub unknown: Vec<SubmissionId>,
}

impl Parts for Quit {
    fn keys(&self) -> Keys {
        keys::QUIT
    }
}
