//! The states of a submission, and the questions about them that several places ask.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::failure::{Failure, Refusal};
use crate::domain::invalidation::{InvalidationId, Status};
use crate::domain::observation::{Took, took};

/// The state of a submission. Its words are a promise: people and scripts read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "word")]
pub enum State {
    /// Being written to the ledger; nothing may be sent.
    Planned,
    /// In the ledger, and can still be stopped: waits for its turn from `until` on.
    Counting {
        /// When the time to stop it is over.
        until: DateTime<Utc>,
    },
    /// In the ledger, waiting for its turn.
    Queued,
    /// A request is under way.
    Sending,
    /// CloudFront said "later", or nothing left this machine: asked again at `until`, with the same reference.
    Retrying {
        /// CloudFront's code, or what failed here, in a sentence.
        reason: String,
        /// When it is asked again.
        until: DateTime<Utc>,
    },
    /// Sent, and no definite answer came: asked again with the same bytes.
    Unknown {
        /// What happened, in a sentence.
        reason: String,
        /// When it is asked again; `None`: only when a person says so.
        until: Option<DateTime<Utc>>,
        /// CloudFront refused it since its reference was used before, and what was made with it was not found.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reference_used: bool,
    },
    /// Looking for it among the target's invalidations: its reference was used before, or CloudFront refused it after an
    /// attempt whose answer was lost.
    Reconciling {
        /// The refusal, which stands unless the invalidation is found; `None`: the reference was used before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refused: Option<Box<Refusal>>,
    },
    /// Waiting for credentials.
    NeedsLogin {
        /// What to do, in a sentence.
        reason: String,
    },
    /// CloudFront accepted it.
    InProgress {
        /// CloudFront's id for it.
        id: InvalidationId,
        /// The status word as it last came.
        status: Status,
        /// When CloudFront accepted it.
        create_time: DateTime<Utc>,
        /// When CloudFront was last asked and said so.
        last_in_progress: Option<DateTime<Utc>>,
    },
    /// It has reached every edge.
    Completed {
        /// CloudFront's id for it.
        id: InvalidationId,
        /// When CloudFront accepted it.
        create_time: DateTime<Utc>,
        /// When CloudFront was last asked and said that it was not: the end lies between this and `seen`.
        last_in_progress: Option<DateTime<Utc>>,
        /// When it was first seen completed; `None` when nobody watched.
        seen: Option<DateTime<Utc>>,
    },
    /// CloudFront refused it, or it could never be sent; it did nothing.
    Rejected {
        /// Why.
        failure: Failure,
    },
    /// CloudFront refused it for its size or a quota; its items went into smaller submissions of the same job.
    Split {
        /// Into how many.
        into: usize,
    },
    /// Taken back before it was ever sent.
    Cancelled,
    /// Sent, and what became of it was never known: a person leaves it at that.
    Dismissed {
        /// Why it is not known, in a sentence.
        reason: String,
    },
}

/// What a status means to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// It went wrong, or needs a person.
    Wrong,
    /// It is under way.
    UnderWay,
    /// It is done.
    Done,
    /// It was taken back.
    Quiet,
}

/// How far a submission has come, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Being written to the ledger.
    Kept,
    /// To be sent, and no request of it is under way.
    Waiting,
    /// A request is under way.
    Sending,
    /// Being looked for in the history.
    Searching,
    /// CloudFront has it and is at work.
    Accepted,
    /// Nothing more will happen to it.
    Ended,
}

impl State {
    /// The word on the screen.
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

    /// What the state means to a person.
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

    /// How far it has come.
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

    /// Whether nothing more will happen to it.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.stage() == Stage::Ended
    }

    /// Whether it is to be sent and no request of it is under way.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.stage() == Stage::Waiting
    }

    /// Whether CloudFront has not yet accepted it and still may.
    #[must_use]
    pub fn waits_to_be_sent(&self) -> bool {
        self.stage() < Stage::Accepted
    }

    /// Whether a person can cancel it. One that may have been sent only stops being retried.
    #[must_use]
    pub fn is_cancellable(&self) -> bool {
        matches!(self.stage(), Stage::Kept | Stage::Waiting)
    }

    /// Whether something keeps it back that is worth a glance: its reason says what.
    #[must_use]
    pub fn is_delayed(&self) -> bool {
        self.is_waiting() && !self.is_fresh()
    }

    /// Whether it has not been sent yet for no other reason than that its turn has not come.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        matches!(self, Self::Planned | Self::Counting { .. } | Self::Queued)
    }

    /// Whether CloudFront, or the way to it, brought it here; the steps on the way there follow each other at once.
    #[must_use]
    pub fn is_news(&self) -> bool {
        !self.is_fresh() && !matches!(self, Self::Sending | Self::Cancelled | Self::Dismissed { .. })
    }

    /// Whether it is over and CloudFront did nothing for it: its items may be sent under another reference.
    #[must_use]
    pub fn did_nothing(&self) -> bool {
        matches!(self, Self::Rejected { .. } | Self::Cancelled)
    }

    /// Whether it is over and a person may send its items once more: it did nothing, or nobody will ever know.
    #[must_use]
    pub fn may_be_replaced(&self) -> bool {
        self.did_nothing() || matches!(self, Self::Dismissed { .. })
    }

    /// Whether it can still be stopped as if it had never been confirmed.
    #[must_use]
    pub fn is_counting(&self) -> bool {
        matches!(self, Self::Counting { .. })
    }

    /// Whether nothing happens to it until a person says so.
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        matches!(self, Self::Unknown { until: None, .. })
    }

    /// Whether it continues only after a person logs in or decides.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        self.waits_to_be_sent() && self.meaning() == Meaning::Wrong
    }

    /// When it wants to be sent: at once, at a time, or not at all.
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

    /// CloudFront's id, and when it accepted it, for one that was accepted.
    #[must_use]
    pub fn accepted(&self) -> Option<(&InvalidationId, DateTime<Utc>)> {
        match self {
            Self::InProgress { id, create_time, .. } | Self::Completed { id, create_time, .. } => {
                Some((id, *create_time))
            }
            Self::Planned
            | Self::Counting { .. }
            | Self::Queued
            | Self::Sending
            | Self::Retrying { .. }
            | Self::Unknown { .. }
            | Self::Reconciling { .. }
            | Self::NeedsLogin { .. }
            | Self::Rejected { .. }
            | Self::Split { .. }
            | Self::Cancelled
            | Self::Dismissed { .. } => None,
        }
    }

    /// CloudFront's id for one that it accepted and is still at work on, and when it accepted it.
    #[must_use]
    pub fn in_progress(&self) -> Option<(&InvalidationId, DateTime<Utc>)> {
        self.accepted().filter(|_| self.stage() == Stage::Accepted)
    }

    /// When it was first seen completed.
    #[must_use]
    pub fn seen_completed(&self) -> Option<DateTime<Utc>> {
        if let Self::Completed { seen, .. } = self {
            *seen
        } else {
            None
        }
    }

    /// How long it took, as well as that is known.
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

    /// When CloudFront was last asked and said that it was in progress.
    #[must_use]
    pub fn last_in_progress(&self) -> Option<DateTime<Utc>> {
        let (Self::InProgress { last_in_progress, .. } | Self::Completed { last_in_progress, .. }) = self else {
            return None;
        };
        *last_in_progress
    }

    /// CloudFront's refusal, where that was its end.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        let Self::Rejected { failure } = self else { return None };
        failure.refusal()
    }

    /// Why it stands where it stands, where that is told: CloudFront's code, message and request id for a refusal.
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
