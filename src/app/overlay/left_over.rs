//! What an earlier run left, or a long sleep, and that does not go on by itself: a person decides about exactly what is
//! listed.

use chrono::{DateTime, TimeDelta, Utc};

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::submission::SubmissionId;

/// For so long after it opened nothing is sent or cancelled: a key that was meant for the page may still be on its way.
pub(in crate::app) const SETTLING: TimeDelta = TimeDelta::milliseconds(500);

/// The state of the overlay.
#[derive(Clone, Debug)]
pub struct LeftOver {
    /// What is decided about: made with the account, endpoint and profile in use.
    pub ids: Vec<SubmissionId>,
    /// What stays as it is, since it belongs to another account, endpoint or profile.
    pub staying: Vec<SubmissionId>,
    /// When it opened.
    pub(in crate::app) opened: DateTime<Utc>,
}

impl Parts for LeftOver {
    fn title(&self) -> &'static str {
        "Left by an earlier run"
    }

    fn keys(&self) -> Keys {
        keys::LEFT_OVER
    }
}
