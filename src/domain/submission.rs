//! The submission: one batch for one target under one caller reference, with the state machine that takes it from the
//! user's confirmation to CloudFront's response, across lost responses, crashes and restarts.
//!
//! Two rules apply in every state. A reference never changes. And once an attempt has ended without a definite
//! response (`maybe_sent`), neither `Rejected` nor `Cancelled` can be reached until the invalidation is found, or a
//! search has shown that it can no longer appear.

mod answers;
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
    /// The ULID of a job, which is everything the user confirmed in one step.
    JobId
}

/// One batch for one target under one reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The submission's id.
    pub id: SubmissionId,
    /// The job that the submission belongs to.
    pub job: JobId,
    /// The account, endpoint and profile that the submission was created with.
    pub scope: Scope,
    /// The target.
    pub target: Target,
    /// The target's label when the user confirmed the submission.
    pub label: String,
    /// The number of the batch within its job and target, starting at 1.
    pub number: u32,
    /// The items to send, byte for byte.
    pub batch: Batch,
    /// The reference that makes the request idempotent.
    pub reference: CallerReference,
    /// When the user confirmed the submission.
    pub created: DateTime<Utc>,
    /// The version of the program that created the submission.
    pub version: String,
    /// The current state.
    pub state: State,
    /// Whether CloudFront may have acted on an attempt whose response was lost.
    pub maybe_sent: bool,
    /// The number of attempts to send the submission.
    pub attempts: u32,
    /// The time of the first attempt.
    pub first_sent: Option<DateTime<Utc>>,
    /// The last request ID that CloudFront returned for the submission.
    pub request_id: Option<String>,
    /// The user's note.
    pub note: Option<String>,
    /// Whether the first request waits until the target's configuration is deployed.
    #[serde(default)]
    pub when_deployed: bool,
}

impl Submission {
    /// Returns whether CloudFront responded with an invalidation that it had created before this submission was first
    /// sent. Because clocks differ, an invalidation created within the tolerance counts as new.
    #[must_use]
    pub fn is_replay(&self) -> bool {
        const CLOCKS: TimeDelta = TimeDelta::seconds(2);
        let made = self.state.accepted().map(|(_, created)| created);
        made.zip(self.first_sent)
            .is_some_and(|(made, sent)| made + CLOCKS < sent)
    }

    /// Returns whether the first request is still waiting for the deployment. A submission that may have arrived is
    /// never held back.
    #[must_use]
    pub fn waits_for_deployment(&self) -> bool {
        self.when_deployed && self.attempts == 0 && !self.maybe_sent && self.state == State::Queued
    }

    /// Returns when to send the submission: immediately, at a certain time, or not at all.
    #[must_use]
    pub fn due(&self) -> Option<DateTime<Utc>> {
        self.state.due()
    }
}

#[cfg(test)]
mod tests;
