//! The overlay for unfinished work of an earlier run, or after a long sleep, that does not resume automatically: the
//! user decides about exactly what is listed.

use chrono::{DateTime, TimeDelta, Utc};

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::submission::SubmissionId;

/// The time after opening in which nothing is sent or cancelled: a key meant for the page may still arrive.
pub(in crate::app) const SETTLING: TimeDelta = TimeDelta::milliseconds(500);

/// The state of the overlay.
#[derive(Clone, Debug)]
pub struct LeftOver {
    /// The submissions to decide about: made with the current account, endpoint and profile.
    pub ids: Vec<SubmissionId>,
    /// The submissions that stay, because they belong to another account, endpoint or profile.
    pub staying: Vec<SubmissionId>,
    /// When the overlay opened.
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
