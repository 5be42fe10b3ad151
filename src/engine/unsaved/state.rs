//! The changes that the ledger has not confirmed.

use std::collections::BTreeMap;

use crate::domain::distribution::Target;
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::submission::SubmissionId;
use crate::engine::drafts::state::DraftKey;
use crate::engine::effect::RequestId;
use crate::engine::queue::state::Owner;

/// A part of the model whose current state the ledger has to store. The variants are listed in the order in which they
/// are written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum UnsavedChange {
    /// The state of a submission.
    Submission(SubmissionId),
    /// The deletion of a submission whose plan was not confirmed. It is needed because the disk may have stored the
    /// submission anyway.
    NotPlanned(SubmissionId),
    /// The note on a submission, if it could not be saved while the program was exiting.
    Note(SubmissionId),
    /// The draft with this key.
    Draft(DraftKey),
    /// Whether a target is pinned.
    Favorite(Target),
    /// The learned batch sizes of an account.
    BatchSizes(Owner),
}

/// The progress of writing one change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) struct Writing {
    /// The newest write that the ledger has not replied to.
    pub(in crate::engine) request: Option<RequestId>,
    /// Whether there has been another change since that write was requested.
    pub(in crate::engine) changed: bool,
    /// Why the change is not saved, after a failed write.
    pub(in crate::engine) failure: Option<LedgerFailure>,
}

impl Writing {
    /// Returns whether retrying the write may help.
    pub(in crate::engine) fn may_pass(&self) -> bool {
        self.failure.as_ref().is_none_or(LedgerFailure::may_pass)
    }
}

/// All changes that are not confirmed.
#[derive(Clone, Debug, Default)]
pub struct Unsaved {
    pub(in crate::engine) changes: BTreeMap<UnsavedChange, Writing>,
    /// The number of consecutive failed writes, and the last failure.
    pub(in crate::engine) failures: u32,
    pub(in crate::engine) last: Option<LedgerFailure>,
    /// Whether the user is told that the writes in flight are taking a long time.
    pub(in crate::engine) slow: bool,
    /// The notes that could not be saved.
    pub(in crate::engine) notes: BTreeMap<SubmissionId, Option<String>>,
    /// Sentences that describe what was stored outside the ledger, and where.
    pub(in crate::engine) elsewhere: Vec<String>,
}

/// The progress of saving a visible change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saving<'a> {
    /// Saving takes longer than usual.
    Slow,
    /// Saving failed.
    Failed(&'a LedgerFailure),
}

impl Unsaved {
    /// Returns the progress of saving a submission's current state, if the user must be told that it is not saved yet.
    #[must_use]
    pub fn saving(&self, id: &SubmissionId) -> Option<Saving<'_>> {
        let writing = self.changes.get(&UnsavedChange::Submission(id.clone()))?;
        let slow = self.slow.then_some(Saving::Slow);
        writing.failure.as_ref().map(Saving::Failed).or(slow)
    }

    /// Returns whether the ledger has confirmed a submission's current state.
    #[must_use]
    pub fn is_saved(&self, id: &SubmissionId) -> bool {
        let of_it = |change: &UnsavedChange| match change {
            UnsavedChange::Submission(other) | UnsavedChange::NotPlanned(other) => other == id,
            UnsavedChange::Note(_)
            | UnsavedChange::Draft(_)
            | UnsavedChange::Favorite(_)
            | UnsavedChange::BatchSizes(_) => false,
        };
        !self.changes.keys().any(of_it)
    }

    /// Returns whether saving a visible draft has failed.
    #[must_use]
    pub fn is_draft_failed(&self, key: DraftKey) -> bool {
        let writing = self.changes.get(&UnsavedChange::Draft(key));
        writing.is_some_and(|writing| writing.failure.is_some())
    }

    /// Returns an error if this process can never save a submission, e.g. because another process has claimed it.
    ///
    /// # Errors
    /// A sentence explaining why the submission cannot be saved.
    pub(crate) fn must_be_savable(&self, id: &SubmissionId) -> Result<(), String> {
        match self.saving(id) {
            Some(Saving::Failed(failure)) if !failure.may_pass() => Err(format!("not saved: {failure}")),
            _ => Ok(()),
        }
    }

    /// Returns the number of visible changes whose write failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.changes
            .values()
            .filter(|writing| writing.failure.is_some())
            .count()
    }

    /// Returns the number of changes that may still be saved.
    pub(crate) fn waiting(&self) -> usize {
        self.changes.values().filter(|writing| writing.may_pass()).count()
    }

    /// Returns whether everything is confirmed.
    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Returns all changes that are not confirmed.
    pub(crate) fn changes(&self) -> impl Iterator<Item = &UnsavedChange> {
        self.changes.keys()
    }

    /// Returns why the last write to the ledger failed.
    pub(crate) fn failure(&self) -> Option<&LedgerFailure> {
        let of_one = self.changes.values().find_map(|writing| writing.failure.as_ref());
        self.last.as_ref().or(of_one)
    }

    /// Returns what was stored elsewhere because the ledger could not store it.
    #[must_use]
    pub fn elsewhere(&self) -> &[String] {
        &self.elsewhere
    }

    /// Returns whether this change is still unconfirmed.
    pub(crate) fn holds(&self, change: &UnsavedChange) -> bool {
        self.changes.contains_key(change)
    }

    /// Returns whether this change is being written.
    pub(crate) fn is_written(&self, change: &UnsavedChange) -> bool {
        self.changes
            .get(change)
            .is_some_and(|writing| writing.request.is_some())
    }

    pub(in crate::engine) fn is_any_written(&self) -> bool {
        self.changes.values().any(|writing| writing.request.is_some())
    }

    pub(in crate::engine) fn of(&self, request: RequestId) -> Vec<UnsavedChange> {
        let of_it = self
            .changes
            .iter()
            .filter(|(_, writing)| writing.request == Some(request));
        of_it.map(|(change, _)| change.clone()).collect()
    }
}
