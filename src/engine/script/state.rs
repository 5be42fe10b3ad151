//! The work of a headless command, and its progress.

use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::submission::Submission;
use std::collections::BTreeSet;

use crate::domain::batch::{Batch, CallerReference, ReferenceKey, Sizes};
use crate::domain::distribution::{Distribution, Target, Tenant};
use crate::domain::edge::Plan as EdgePlan;
use crate::domain::invalidation::{Invalidation, InvalidationId};
use crate::domain::submission::SubmissionId;
use crate::engine::edge::state::Subject;
use crate::engine::queue::state::Cell;

/// A command's request to the core, made once the ledger is open and the session is connected.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Send these items to these targets.
    Job(Job),
    /// Resume the unfinished submissions of earlier runs for these credentials.
    Resume,
    /// Watch these invalidations, which were created elsewhere.
    Follow(Vec<(Target, InvalidationId)>),
    /// Check at the edge which copies viewers get after an invalidation.
    Look(Subject),
    /// Store this data about the targets.
    Known(Known),
    /// Announce, as for a finished job, that the command has finished waiting. Contains a sentence and the
    /// environment variables for the user's command.
    Announce(String, Vec<(&'static str, String)>),
}

/// A job: items for one or more targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The parts, target by target.
    pub parts: Vec<Part>,
    /// The user's note.
    pub note: Option<String>,
}

/// Items for one target, in the form in which they are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The target.
    pub target: Target,
    /// The target's label.
    pub label: String,
    /// The items in wire form, in order.
    pub items: Vec<String>,
    /// The key that makes the part idempotent, no matter where and how often it is requested.
    pub key: Option<ReferenceKey>,
    /// Whether the first request waits until the target is deployed.
    pub when_deployed: bool,
}

impl Part {
    /// Returns the batches, each with the CallerReference derived from the key. With a key, the batches must be the
    /// same on every machine, regardless of its configuration and of earlier refusals.
    #[must_use]
    pub fn requests(&self, sizes: Sizes) -> Vec<(Batch, Option<CallerReference>)> {
        let sizes = if self.key.is_some() { Sizes::default() } else { sizes };
        let batches = (1..).zip(Batch::pack(&self.items, sizes));
        let reference = |number| Some(CallerReference::for_key(self.key.as_ref()?, &self.target, number));
        batches.map(|(number, batch)| (batch, reference(number))).collect()
    }
}

/// Data that was loaded before the core started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The distributions.
    pub distributions: Vec<Distribution>,
    /// The tenants.
    pub tenants: Vec<Tenant>,
    /// The invalidations with their items.
    pub invalidations: Vec<(Target, Invalidation)>,
}

/// The progress of a command.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The command's submissions: planned, resumed, or already in the ledger.
    pub submissions: Vec<SubmissionId>,
    /// The ids of the submissions that CloudFront had accepted before this run.
    pub accepted_before: BTreeSet<SubmissionId>,
    /// Why the job was not planned and nothing was sent.
    pub refused: Option<Refused>,
    /// The watched invalidations that were created elsewhere.
    pub(in crate::engine) followed: BTreeSet<(Target, InvalidationId)>,
    /// The edge checks, each with its URLs or the reason why there are none.
    pub looks: Vec<(Subject, Result<EdgePlan, String>)>,
    /// The cells and the note to plan once the ledger has reported what it contains under their references.
    pub(in crate::engine) waiting: Option<(Vec<Cell>, Option<String>)>,
    /// Whether the ledger has been checked for unfinished work of earlier runs.
    pub looked_for_rest: bool,
    /// Whether unfinished work of earlier runs is resumed.
    pub(in crate::engine) resumes: bool,
}

/// Why a job was not planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The reference was already used for different items.
    OtherItems(Box<Submission>, Vec<String>),
    /// The reference belongs to work that cannot be resumed here. The text is a sentence explaining why.
    Taken(String),
    /// Sending is disabled, either entirely or in the current account.
    ReadOnly,
    /// The ledger failed.
    Ledger(LedgerFailure),
}
