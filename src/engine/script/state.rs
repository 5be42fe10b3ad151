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

/// A command's request to the core, made when the ledger is open and the session connected.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Send these items to these targets.
    Job(Job),
    /// Resume what an earlier run left for these credentials.
    Resume,
    /// Watch these invalidations, which were not made here.
    Follow(Vec<(Target, InvalidationId)>),
    /// Check at the edge what viewers get of an invalidation.
    Look(Subject),
    /// Take over what is known of the targets.
    Known(Known),
    /// Announce the end of what was waited for, as for a job: a sentence, and the environment of the user's command.
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

/// Items for one target, as they are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The target.
    pub target: Target,
    /// The target's label.
    pub label: String,
    /// The items in wire form, in order.
    pub items: Vec<String>,
    /// The key that makes it idempotent, wherever and however often it is requested.
    pub key: Option<ReferenceKey>,
    /// Whether the first request waits until the target is deployed.
    pub when_deployed: bool,
}

impl Part {
    /// Returns the batches, each with the CallerReference derived from the key. With a key they must be the same on
    /// every machine, whatever that machine has learned or configured.
    #[must_use]
    pub fn requests(&self, sizes: Sizes) -> Vec<(Batch, Option<CallerReference>)> {
        let sizes = if self.key.is_some() { Sizes::default() } else { sizes };
        let batches = (1..).zip(Batch::pack(&self.items, sizes));
        let reference = |number| Some(CallerReference::for_key(self.key.as_ref()?, &self.target, number));
        batches.map(|(number, batch)| (batch, reference(number))).collect()
    }
}

/// What was read before the core started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The distributions.
    pub distributions: Vec<Distribution>,
    /// The tenants.
    pub tenants: Vec<Tenant>,
    /// The invalidations with their items.
    pub invalidations: Vec<(Target, Invalidation)>,
}

/// The progress of a command's work.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Its submissions: planned, resumed, or found to exist already.
    pub submissions: Vec<SubmissionId>,
    /// The ids of those that CloudFront had accepted before this run.
    pub accepted_before: BTreeSet<SubmissionId>,
    /// Why the job was not planned: nothing was sent.
    pub refused: Option<Refused>,
    /// The watched invalidations that were not made here.
    pub(in crate::engine) followed: BTreeSet<(Target, InvalidationId)>,
    /// The edge checks, each with its URLs or why there are none.
    pub looks: Vec<(Subject, Result<EdgePlan, String>)>,
    /// The cells and note to plan once the ledger has reported what it holds under the references.
    pub(in crate::engine) waiting: Option<(Vec<Cell>, Option<String>)>,
    /// Whether work left by an earlier run was looked for.
    pub looked_for_rest: bool,
    /// Whether work left by an earlier run is resumed.
    pub(in crate::engine) resumes: bool,
}

/// Why a job was not planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The reference was used for other items.
    OtherItems(Box<Submission>, Vec<String>),
    /// The reference belongs to work that cannot be resumed here: a sentence.
    Taken(String),
    /// Nothing may be sent, either at all or in the current account.
    ReadOnly,
    /// The ledger failed.
    Ledger(LedgerFailure),
}
