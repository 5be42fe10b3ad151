//! The overlay for unfinished work, from an earlier run or from before a long sleep, that does not resume
//! automatically. The user's decision applies only to the listed submissions.

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::submission::SubmissionId;

/// The state of the overlay for unfinished work.
#[derive(Clone, Debug)]
pub struct LeftOver {
    /// The submissions to decide about, which belong to the current account, endpoint and profile.
    pub ids: Vec<SubmissionId>,
    /// The submissions that are left unchanged, because they belong to another account, endpoint or profile.
    pub staying: Vec<SubmissionId>,
}

impl Parts for LeftOver {
    fn keys(&self) -> Keys {
        keys::LEFT_OVER
    }
}
