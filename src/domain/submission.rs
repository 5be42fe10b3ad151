//! The submission: one batch for one target under one caller reference, and the state machine that carries it from a
//! person's word to CloudFront's answer, over lost answers, crashes and restarts.
//!
//! Two rules hold in every state. A reference never changes. And once an attempt ended without a definite answer
//! (`maybe_sent`), neither `Rejected` nor `Cancelled` can be reached until the invalidation is found, or was looked for and
//! cannot appear any more.

mod delay;
mod scope;
mod state;
mod steps;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use scope::{Difference, FORGOTTEN_AFTER, Ownership, Scope};
pub use state::{Meaning, Stage, State};
pub use steps::{ASKED_AGAIN_FOR, Event};

use super::batch::{Batch, CallerReference};
use super::distribution::{Target, id};

id! {
    /// The ULID of a submission.
    SubmissionId
}
id! {
    /// The ULID of a job: what a person confirmed.
    JobId
}

/// One batch for one target under one reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Its own id.
    pub id: SubmissionId,
    /// The job it is a cell of.
    pub job: JobId,
    /// Whose it is.
    pub scope: Scope,
    /// What it is aimed at.
    pub target: Target,
    /// What the target was called when the person confirmed.
    pub label: String,
    /// The number of the batch within its job and target, from 1.
    pub number: u32,
    /// What is sent, byte for byte.
    pub batch: Batch,
    /// What makes it happen once.
    pub reference: CallerReference,
    /// When the person confirmed.
    pub created: DateTime<Utc>,
    /// The version of the program that made it.
    pub version: String,
    /// Where it stands.
    pub state: State,
    /// Whether CloudFront may have acted on an attempt whose answer nobody saw.
    pub maybe_sent: bool,
    /// How many times it was sent.
    pub attempts: u32,
    /// When it was first sent.
    pub first_sent: Option<DateTime<Utc>>,
    /// The last request id that CloudFront gave for it.
    pub request_id: Option<String>,
    /// Why it was made, in the person's own words.
    pub note: Option<String>,
}

impl Submission {
    /// Whether CloudFront answered with an invalidation that it had made before this was first sent. Clocks differ: one that
    /// is younger than that is taken for new.
    #[must_use]
    pub fn is_replay(&self) -> bool {
        const CLOCKS: TimeDelta = TimeDelta::seconds(2);
        let made = self.state.accepted().map(|(_, created)| created);
        made.zip(self.first_sent)
            .is_some_and(|(made, sent)| made + CLOCKS < sent)
    }

    /// When it wants to be sent: at once, at a time, or not at all.
    #[must_use]
    pub fn due(&self) -> Option<DateTime<Utc>> {
        self.state.due()
    }
}

#[cfg(test)]
mod tests;
