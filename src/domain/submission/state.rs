//! The states of a submission, and queries about them that several modules use.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::failure::{Failure, Refusal};
use crate::domain::invalidation::{InvalidationId, Status};
use crate::domain::observation::{Took, took};

/// The state of a submission. The state words are a stable interface that users and scripts rely on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "word")]
pub enum State {
    /// Being written to the ledger; nothing may be sent.
    Planned,
    /// Stored in the ledger and still cancellable. After `until`, the submission waits to be sent.
    Counting {
        /// When the submission can no longer be cancelled.
        until: DateTime<Utc>,
    },
    /// Stored in the ledger, waiting to be sent.
    Queued,
    /// A request is in flight.
    Sending,
    /// Waiting to be retried at `until` with the same reference, because CloudFront asked to retry later or the
    /// request never left this machine.
    Retrying {
        /// CloudFront's code, or a sentence about the failure on this machine.
        reason: String,
        /// When the request is retried.
        until: DateTime<Utc>,
    },
    /// Sent without a definite response, to be retried with the same bytes.
    Unknown {
        /// A sentence describing what happened.
        reason: String,
        /// When the request is retried; `None` if it is retried only at the user's request.
        until: Option<DateTime<Utc>>,
        /// Whether CloudFront refused the request because its reference had been used before, and the invalidation with
        /// that reference was not found.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reference_used: bool,
    },
    /// Being searched for among the target's invalidations, because its reference had been used before, or because
    /// CloudFront refused it after an attempt whose response was lost.
    Reconciling {
        /// The refusal, which becomes final unless the invalidation is found; `None` means the reference had been used
        /// before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refused: Option<Box<Refusal>>,
    },
    /// Waiting for credentials.
    NeedsLogin {
        /// A sentence about what the user has to do.
        reason: String,
    },
    /// Accepted by CloudFront and in progress.
    InProgress {
        /// CloudFront's invalidation id.
        id: InvalidationId,
        /// The last status word received.
        status: Status,
        /// When CloudFront accepted the invalidation.
        create_time: DateTime<Utc>,
        /// When CloudFront last reported the invalidation as in progress.
        last_in_progress: Option<DateTime<Utc>>,
    },
    /// Complete at every edge location.
    Completed {
        /// CloudFront's invalidation id.
        id: InvalidationId,
        /// When CloudFront accepted the invalidation.
        create_time: DateTime<Utc>,
        /// When CloudFront last reported the invalidation as in progress. It completed between this time and `seen`.
        last_in_progress: Option<DateTime<Utc>>,
        /// When the invalidation was first found completed; `None` if it was not watched.
        seen: Option<DateTime<Utc>>,
    },
    /// Refused by CloudFront or impossible to send, and therefore without effect.
    Rejected {
        /// The failure.
        failure: Failure,
    },
    /// Refused by CloudFront because of its size or a quota, and split into smaller submissions of the same job.
    Split {
        /// The number of smaller submissions.
        into: usize,
    },
    /// Cancelled before it was ever sent.
    Cancelled,
    /// Sent with an unknown outcome, which the user has accepted.
    Dismissed {
        /// A sentence explaining why the outcome is unknown.
        reason: String,
    },
}

/// What a state means to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// The submission failed, or requires the user's attention.
    Wrong,
    /// The submission is in progress.
    UnderWay,
    /// The submission is complete.
    Done,
    /// The submission was cancelled.
    Quiet,
}

/// The progress of a submission, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Being written to the ledger.
    Kept,
    /// Waiting to be sent; no request is in flight.
    Waiting,
    /// A request is in flight.
    Sending,
    /// Being searched for among the target's invalidations.
    Searching,
    /// Accepted by CloudFront and in progress.
    Accepted,
    /// Final: the state will not change again.
    Ended,
}

impl State {
    /// Returns the state of a request whose response was lost. It is retried at `until`, or only when the user asks for
    /// it.
    pub(super) fn unknown(reason: impl Into<String>, until: Option<DateTime<Utc>>) -> Self {
        Self::Unknown {
            reason: reason.into(),
            until,
            reference_used: false,
        }
    }

    /// Returns the state of a request that CloudFront refused.
    pub(super) fn refused(refusal: Refusal) -> Self {
        Self::Rejected {
            failure: Failure::Refused(refusal),
        }
    }

    /// Returns the state's word for display.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Planned => "Planned",
            Self::Counting { .. } | Self::Queued => "Queued",
            Self::Sending => "Sending",
            Self::Retrying { .. } => "Retrying",
            Self::Unknown { .. } | Self::Dismissed { .. } => "Unknown",
            Self::Reconciling { .. } => "Reconciling",
            Self::NeedsLogin { .. } => "NeedsLogin",
            Self::InProgress { status, .. } => status.as_str(),
            Self::Completed { .. } => "Completed",
            Self::Rejected { .. } => "Rejected",
            Self::Split { .. } => "Split",
            Self::Cancelled => "Cancelled",
        }
    }

    /// Returns what the state means to the user.
    #[must_use]
    pub fn meaning(&self) -> Meaning {
        match self {
            Self::Rejected { .. } | Self::NeedsLogin { .. } | Self::Unknown { until: None, .. } => Meaning::Wrong,
            Self::Planned
            | Self::Counting { .. }
            | Self::Queued
            | Self::Sending
            | Self::Retrying { .. }
            | Self::Unknown { .. }
            | Self::Reconciling { .. }
            | Self::InProgress { .. } => Meaning::UnderWay,
            Self::Completed { .. } => Meaning::Done,
            Self::Split { .. } | Self::Cancelled | Self::Dismissed { .. } => Meaning::Quiet,
        }
    }

    /// Returns the progress of the submission.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self {
            Self::Planned => Stage::Kept,
            Self::Counting { .. }
            | Self::Queued
            | Self::Retrying { .. }
            | Self::Unknown { .. }
            | Self::NeedsLogin { .. } => Stage::Waiting,
            Self::Sending => Stage::Sending,
            Self::Reconciling { .. } => Stage::Searching,
            Self::InProgress { .. } => Stage::Accepted,
            Self::Completed { .. }
            | Self::Rejected { .. }
            | Self::Split { .. }
            | Self::Cancelled
            | Self::Dismissed { .. } => Stage::Ended,
        }
    }

    /// Returns whether the state is final.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.stage() == Stage::Ended
    }

    /// Returns whether the submission is waiting to be sent and no request is in flight.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.stage() == Stage::Waiting
    }

    /// Returns whether CloudFront has not accepted the submission yet but may still do so.
    #[must_use]
    pub fn waits_to_be_sent(&self) -> bool {
        self.stage() < Stage::Accepted
    }

    /// Returns whether the user can cancel the submission. If the submission may have been sent, cancelling only stops
    /// the retries.
    #[must_use]
    pub fn is_cancellable(&self) -> bool {
        matches!(self.stage(), Stage::Kept | Stage::Waiting)
    }

    /// Returns whether the submission is delayed for a reason worth showing.
    #[must_use]
    pub fn is_delayed(&self) -> bool {
        self.is_waiting() && !self.is_fresh()
    }

    /// Returns whether the submission has not been sent only because it is waiting for its turn.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        matches!(self, Self::Planned | Self::Counting { .. } | Self::Queued)
    }

    /// Returns whether CloudFront or the connection caused this state. Earlier steps follow one another immediately, so
    /// they are not news.
    #[must_use]
    pub fn is_news(&self) -> bool {
        !self.is_fresh() && !matches!(self, Self::Sending | Self::Cancelled | Self::Dismissed { .. })
    }

    /// Returns whether the submission has ended without any effect at CloudFront, so that its items may be sent under
    /// another reference.
    #[must_use]
    pub fn did_nothing(&self) -> bool {
        matches!(self, Self::Rejected { .. } | Self::Cancelled)
    }

    /// Returns whether the submission has ended and the user may send its items again, because it had no effect or its
    /// outcome will never be known.
    #[must_use]
    pub fn may_be_replaced(&self) -> bool {
        self.did_nothing() || matches!(self, Self::Dismissed { .. })
    }

    /// Returns whether the submission can still be cancelled as if it had never been confirmed.
    #[must_use]
    pub fn is_counting(&self) -> bool {
        matches!(self, Self::Counting { .. })
    }

    /// Returns whether the submission is waiting for the user's decision.
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        matches!(self, Self::Unknown { until: None, .. })
    }

    /// Returns whether the submission continues only after the user logs in or decides.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        self.waits_to_be_sent() && self.meaning() == Meaning::Wrong
    }

    /// Returns when to send the submission: immediately, at a certain time, or not at all.
    #[must_use]
    pub fn due(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Queued => Some(DateTime::<Utc>::UNIX_EPOCH),
            Self::Counting { until } | Self::Retrying { until, .. } => Some(*until),
            Self::Unknown { until, .. } => *until,
            Self::Planned
            | Self::Sending
            | Self::Reconciling { .. }
            | Self::NeedsLogin { .. }
            | Self::InProgress { .. }
            | Self::Completed { .. }
            | Self::Rejected { .. }
            | Self::Split { .. }
            | Self::Cancelled
            | Self::Dismissed { .. } => None,
        }
    }

    /// Returns the invalidation id and the time of acceptance, if the submission was accepted.
    #[must_use]
    pub fn accepted(&self) -> Option<(&InvalidationId, DateTime<Utc>)> {
        let (Self::InProgress { id, create_time, .. } | Self::Completed { id, create_time, .. }) = self else {
            return None;
        };
        Some((id, *create_time))
    }

    /// Returns the invalidation id and the time of acceptance, if the submission was accepted and is still in progress.
    #[must_use]
    pub fn in_progress(&self) -> Option<(&InvalidationId, DateTime<Utc>)> {
        self.accepted().filter(|_| self.stage() == Stage::Accepted)
    }

    /// Returns when the invalidation was first found completed.
    #[must_use]
    pub fn seen_completed(&self) -> Option<DateTime<Utc>> {
        if let Self::Completed { seen, .. } = self {
            *seen
        } else {
            None
        }
    }

    /// Returns how long the invalidation took, as precisely as possible.
    #[must_use]
    pub fn took(&self) -> Option<Took> {
        let Self::Completed {
            create_time,
            last_in_progress,
            seen,
            ..
        } = self
        else {
            return None;
        };
        took(*create_time, *last_in_progress, *seen)
    }

    /// Returns when CloudFront last reported the invalidation as in progress.
    #[must_use]
    pub fn last_in_progress(&self) -> Option<DateTime<Utc>> {
        let (Self::InProgress { last_in_progress, .. } | Self::Completed { last_in_progress, .. }) = self else {
            return None;
        };
        *last_in_progress
    }

    /// Returns CloudFront's refusal, if the submission was refused.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        let Self::Rejected { failure } = self else { return None };
        failure.refusal()
    }

    /// Returns the reason for the state, if known. For a refusal, this is CloudFront's code, message and request ID.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Retrying { reason, .. }
            | Self::Unknown { reason, .. }
            | Self::NeedsLogin { reason }
            | Self::Dismissed { reason } => Some(reason.clone()),
            Self::Rejected { failure } => Some(failure.to_string()),
            Self::Reconciling { refused: Some(refusal) } => {
                Some(format!("{refusal}; checking whether an earlier request was accepted"))
            }
            Self::Planned
            | Self::Counting { .. }
            | Self::Queued
            | Self::Sending
            | Self::Reconciling { refused: None }
            | Self::InProgress { .. }
            | Self::Completed { .. }
            | Self::Split { .. }
            | Self::Cancelled => None,
        }
    }
}
