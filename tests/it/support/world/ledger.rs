//! The ledger of the simulated world: it is in memory, and can fail in every way.

use invalidash::domain::draft::KeptDraft;
use invalidash::domain::ledger_failure::{LedgerFailure, LedgerFailureKind};
use invalidash::domain::submission::{State, Submission};
use invalidash::engine::effect::{LedgerContents, LedgerOperation};
use invalidash::runtime::ledger::LedgerResult;

use super::World;

impl World {
    /// Carries out the oldest ledger operation, or lets it fail without any effect. Reading works even on a full disk.
    pub(crate) fn write(&mut self, works: bool) {
        let Some((request, operation)) = self.ledger.pop_front() else {
            return;
        };
        let result = match self.trouble {
            None if works => self.transact(operation),
            Some(kind) if operation != LedgerOperation::Open => Err(LedgerFailure::new(kind, "it cannot be written")),
            _ if operation == LedgerOperation::Open => self.transact(operation),
            _ => Err(LedgerFailure::new(
                LedgerFailureKind::Full,
                "the disk is full; make room",
            )),
        };
        self.scene.record(request, result);
        self.take_effects();
    }

    /// Makes every write fail for this reason from now on; `None` ends this.
    pub(crate) fn trouble_the_ledger(&mut self, kind: Option<LedgerFailureKind>) {
        self.trouble = kind;
    }

    /// Carries out the oldest operation but reports a failure, as a lying disk does.
    pub(crate) fn write_and_deny(&mut self) {
        if matches!(self.ledger.front(), Some((_, LedgerOperation::Open))) {
            return self.write(false);
        }
        if let Some((request, operation)) = self.ledger.pop_front() {
            drop(self.transact(operation));
            let result = Err(LedgerFailure::new(
                LedgerFailureKind::Disk,
                "the disk failed; look at it",
            ));
            self.scene.record(request, result);
            self.take_effects();
        }
    }

    /// Carries out all of an operation or nothing.
    pub(super) fn transact(&mut self, operation: LedgerOperation) -> LedgerResult {
        let (disk, drafts, sizes) = (self.disk.clone(), self.drafts.clone(), self.sizes.clone());
        let result = self.on_disk(operation);
        if result.is_err() {
            (self.disk, self.drafts, self.sizes) = (disk, drafts, sizes);
        }
        result
    }

    fn on_disk(&mut self, operation: LedgerOperation) -> LedgerResult {
        match operation {
            LedgerOperation::Open => {
                let (finished, unfinished) = self.disk.values().cloned().partition(|s| s.state.is_final());
                return Ok(Some(Box::new(LedgerContents {
                    unfinished,
                    finished,
                    drafts: self.drafts.values().cloned().collect(),
                    batch_sizes: self.sizes.clone(),
                    ..LedgerContents::default()
                })));
            }
            LedgerOperation::Together(operations) => {
                for operation in operations {
                    self.on_disk(operation)?;
                }
            }
            LedgerOperation::Plan(submissions) => self.insert(submissions),
            LedgerOperation::Divide { whole, into } => {
                self.put(*whole)?;
                self.insert(into);
            }
            LedgerOperation::Progress(submission) => self.put(*submission)?,
            LedgerOperation::BatchSizes(learned) => self.sizes = vec![learned],
            LedgerOperation::Forget(ids) => self.disk.retain(|id, s| !ids.contains(id) || s.attempts > 0),
            LedgerOperation::Draft(write) if write.text.is_empty() => drop(self.drafts.remove(&write.id)),
            LedgerOperation::Draft(write) => {
                let kept = KeptDraft {
                    id: write.id,
                    targets: write.targets,
                    text: write.text,
                    changed: self.scene.now,
                    version: write.version,
                };
                self.drafts.insert(kept.id.clone(), kept);
            }
            LedgerOperation::Favorite { .. }
            | LedgerOperation::Remember { .. }
            | LedgerOperation::Changes(_)
            | LedgerOperation::TakeUp(_)
            | LedgerOperation::Attempts(_)
            | LedgerOperation::History(_)
            | LedgerOperation::Submission(_)
            | LedgerOperation::Whole(_)
            | LedgerOperation::Note { .. }
            | LedgerOperation::List(_)
            | LedgerOperation::KeptLists(_)
            | LedgerOperation::KeepList(_)
            | LedgerOperation::Month(_)
            | LedgerOperation::KeepMonth(..)
            | LedgerOperation::Maker(_)
            | LedgerOperation::KeepMaker(..)
            | LedgerOperation::Setting { .. }
            | LedgerOperation::Prune(_) => {}
        }
        Ok(None)
    }

    fn insert(&mut self, submissions: Vec<Submission>) {
        for submission in submissions {
            assert!(
                self.disk.values().all(|s| s.reference != submission.reference),
                "a reference was made twice"
            );
            self.disk.insert(submission.id.clone(), submission);
        }
    }

    fn put(&mut self, submission: Submission) -> Result<(), LedgerFailure> {
        let Some(old) = self.disk.get(&submission.id) else {
            return Err(LedgerFailure::new(
                LedgerFailureKind::Conflict,
                "the ledger does not hold it",
            ));
        };
        assert_eq!((&old.reference, &old.batch), (&submission.reference, &submission.batch));
        assert!(
            !old.state.is_final() || old.state == submission.state || completes(old, &submission),
            "{old:?}"
        );
        self.disk.insert(submission.id.clone(), submission);
        Ok(())
    }
}

/// Returns whether an operation matters in this world. There is no other window, and operations that only save the next
/// run some work are ignored.
pub(super) fn is_counted(operation: &LedgerOperation) -> bool {
    !matches!(
        operation,
        LedgerOperation::Changes(_)
            | LedgerOperation::List(_)
            | LedgerOperation::KeptLists(_)
            | LedgerOperation::KeepList(_)
            | LedgerOperation::Month(_)
            | LedgerOperation::KeepMonth(..)
            | LedgerOperation::Maker(_)
            | LedgerOperation::KeepMaker(..)
            | LedgerOperation::Setting { .. }
    )
}

/// Returns whether a final submission may still change in the ledger: the whole of a divided one may become active again
/// if the division failed.
fn completes(old: &Submission, new: &Submission) -> bool {
    matches!(
        (&old.state, &new.state),
        (State::Completed { .. }, State::Completed { .. }) | (State::Split { .. }, _)
    )
}
