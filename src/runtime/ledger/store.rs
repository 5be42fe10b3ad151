//! The ledger's operations, each of which is one transaction.

use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::changes::Seen;
use super::claim::Process;
use super::open::{self, Opened, Place};
use super::trouble::Trouble;
use super::{LedgerResult, changes, directory, history, list, maker, month, read, take_up, write};
use crate::domain::draft::DraftConflict;
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::submission::SubmissionId;
use crate::engine::effect::{LedgerContents, LedgerOperation};

/// The maximum number of retries after a disk failure.
const TRIED_AGAIN: usize = 2;

/// The open file with its state, used only on the ledger's thread.
pub(super) struct Store {
    connection: Connection,
    /// The ledger's location; `None` means that it is in memory.
    place: Option<Place>,
    process: Process,
    warning: Option<String>,
    /// The submissions whose write was reported as failed even though the disk may have stored them. They must never be
    /// sent.
    disowned: Vec<SubmissionId>,
    /// The changes by other processes that have already been reported.
    seen: Seen,
}

impl Store {
    /// Opens the ledger in a folder, which is created if missing.
    pub(super) fn open(folder: &Path) -> Result<Self, LedgerFailure> {
        let folder = directory::prepare(folder)?;
        let Opened {
            connection,
            place,
            warning,
        } = open::open(&folder)?;
        let process = Process::begin(&folder)?;
        Ok(Self {
            connection,
            place: Some(place),
            process,
            warning,
            disowned: Vec::new(),
            seen: Seen::default(),
        })
    }

    /// Creates a ledger without a file.
    pub(super) fn in_memory() -> Result<Self, LedgerFailure> {
        let connection = Connection::open_in_memory().map_err(Trouble::from);
        let connection = connection.and_then(|mut connection| open::prepare(&mut connection).map(|()| connection));
        let connection = connection.map_err(|trouble| trouble.failure(Path::new(":memory:")))?;
        Ok(Self {
            connection,
            place: None,
            process: Process::alone(),
            warning: None,
            disowned: Vec::new(),
            seen: Seen::default(),
        })
    }

    /// Carries out an operation. If a disk failure leaves it unclear what was written, the file is reopened and the
    /// operation repeated, because carrying out an operation twice has the same effect as once.
    pub(super) fn carry_out(&mut self, operation: &LedgerOperation, now: DateTime<Utc>) -> LedgerResult {
        let mut result = self.attempt(operation, now);
        for _ in 0..TRIED_AGAIN {
            if !result.as_ref().is_err_and(Trouble::is_uncertain) {
                break;
            }
            result = self.reconnect().and_then(|()| self.attempt(operation, now));
        }
        match result {
            Ok(contents) => Ok(contents.map(|contents| Box::new(self.with_warning(contents)))),
            Err(trouble) => Err(self.refuse(operation, &trouble)),
        }
    }

    fn attempt(&mut self, operation: &LedgerOperation, now: DateTime<Utc>) -> Result<Option<LedgerContents>, Trouble> {
        if let LedgerOperation::Changes(claim) = operation
            && !changes::are_there(&self.connection, &self.process, &self.seen, claim.as_ref())?
        {
            return Ok(None);
        }
        if let Some(contents) = self.look(operation, now)? {
            return Ok(Some(contents));
        }
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        write::forget(&transaction, &self.disowned)?;
        let mut contents = if let LedgerOperation::Changes(claim) = operation {
            if let Some(claim) = claim {
                self.process.take_over(&transaction, claim)?;
            }
            Some(changes::contents(&transaction, &self.process, &self.seen)?)
        } else {
            perform(&transaction, &self.process, operation, now)?
        };
        let mut seen = None;
        if let (LedgerOperation::Open | LedgerOperation::Changes(_), Some(contents)) = (operation, &mut contents) {
            let claim = match operation {
                LedgerOperation::Changes(claim) => claim.as_ref(),
                _ => None,
            };
            seen = Some(changes::complete(&transaction, &self.process, contents, claim)?);
        }
        transaction.commit()?;
        self.disowned.clear();
        self.seen = seen.unwrap_or(std::mem::take(&mut self.seen));
        Ok(contents)
    }

    /// Carries out an operation that only reads, without blocking writers.
    fn look(&mut self, operation: &LedgerOperation, now: DateTime<Utc>) -> Result<Option<LedgerContents>, Trouble> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Deferred)?;
        let mut read = LedgerContents::default();
        match operation {
            LedgerOperation::Attempts(id) => read.attempts = read::attempts(&transaction, id)?,
            LedgerOperation::History(query) => read.page = Some(history::page(&transaction, query, now)?),
            LedgerOperation::Submission(id) => {
                read.whole = history::submission(&transaction, id)?.into_iter().collect();
            }
            LedgerOperation::Whole(query) => read = history::whole(&transaction, query)?,
            LedgerOperation::List(scope) => read.list = list::read(&transaction, scope)?,
            LedgerOperation::KeptLists(endpoint) => read.lists = list::at(&transaction, endpoint)?,
            LedgerOperation::Month(key) => read.month = month::read(&transaction, key)?.map(Box::new),
            LedgerOperation::Maker(key) => read.maker = maker::read(&transaction, key)?.map(Box::new),
            _ => return Ok(None),
        }
        Ok(Some(read))
    }

    fn reconnect(&mut self) -> Result<(), Trouble> {
        if let Some(place) = &self.place {
            self.connection = open::connect(&place.file)?;
            open::begin_new_log(&self.connection)?;
        }
        Ok(())
    }

    fn with_warning(&mut self, contents: LedgerContents) -> LedgerContents {
        let warnings: Vec<String> = self.warning.take().into_iter().chain(contents.warning).collect();
        LedgerContents {
            warning: (!warnings.is_empty()).then(|| warnings.join("; ")),
            ..contents
        }
    }

    fn refuse(&mut self, operation: &LedgerOperation, trouble: &Trouble) -> LedgerFailure {
        if trouble.is_uncertain() {
            self.disowned.extend(planned(operation));
        }
        trouble.failure(self.place.as_ref().map_or(Path::new(":memory:"), |place| &place.file))
    }
}

/// Returns the submissions that an operation writes for the first time.
fn planned(operation: &LedgerOperation) -> Vec<SubmissionId> {
    match operation {
        LedgerOperation::Plan(submissions) | LedgerOperation::Divide { into: submissions, .. } => {
            submissions.iter().map(|submission| submission.id.clone()).collect()
        }
        LedgerOperation::Together(operations) => operations.iter().flat_map(planned).collect(),
        _ => Vec::new(),
    }
}

fn perform(
    transaction: &Transaction<'_>,
    process: &Process,
    operation: &LedgerOperation,
    now: DateTime<Utc>,
) -> Result<Option<LedgerContents>, Trouble> {
    match operation {
        LedgerOperation::Open => {
            write::forget_old(transaction)?;
            return read::contents(transaction, process.id(), now).map(Some);
        }
        LedgerOperation::Prune(before) => {
            let pruned = history::prune(transaction, *before, now)?;
            return Ok(Some(LedgerContents {
                pruned,
                ..LedgerContents::default()
            }));
        }
        LedgerOperation::TakeUp(references) => {
            return take_up::take_up(transaction, process, references).map(Some);
        }
        LedgerOperation::Plan(submissions) => {
            let mut each = submissions.iter();
            each.try_for_each(|submission| write::plan(transaction, process.id(), submission, now))?;
        }
        LedgerOperation::Forget(ids) => write::forget(transaction, ids)?,
        LedgerOperation::Together(operations) => {
            let mut conflicts = Vec::new();
            for operation in operations {
                let contents = perform(transaction, process, operation, now)?;
                conflicts.extend(contents.into_iter().flat_map(|contents| contents.conflicts));
            }
            return Ok(told(conflicts));
        }
        LedgerOperation::Divide { whole, into } => {
            write::progress(transaction, process.id(), whole, now)?;
            let mut each = into.iter();
            each.try_for_each(|submission| write::plan(transaction, process.id(), submission, now))?;
        }
        LedgerOperation::Progress(submission) => write::progress(transaction, process.id(), submission, now)?,
        LedgerOperation::Draft(draft) => {
            let conflict = write::draft(transaction, draft, now)?;
            return Ok(told(conflict.into_iter().collect()));
        }
        LedgerOperation::Favorite { target, on } => write::favorite(transaction, target, *on)?,
        LedgerOperation::BatchSizes(learned) => write::batch_sizes(transaction, learned, now)?,
        LedgerOperation::Remember { target, invalidation } => write::remember(transaction, target, invalidation)?,
        LedgerOperation::Setting { name, value } => write::setting(transaction, name, value)?,
        LedgerOperation::KeepList(kept) => list::keep(transaction, kept)?,
        LedgerOperation::KeepMonth(key, writes) => month::keep(transaction, key, writes)?,
        LedgerOperation::KeepMaker(key, event) => maker::keep(transaction, key, event)?,
        LedgerOperation::Note { submission, note } => write::note(transaction, submission, note.as_deref())?,
        // `look` has already read these without taking a lock, and `attempt` handles the changes.
        LedgerOperation::Changes(_)
        | LedgerOperation::Attempts(_)
        | LedgerOperation::History(_)
        | LedgerOperation::Submission(_)
        | LedgerOperation::List(_)
        | LedgerOperation::KeptLists(_)
        | LedgerOperation::Month(_)
        | LedgerOperation::Maker(_)
        | LedgerOperation::Whole(_) => {}
    }
    Ok(None)
}

/// Returns ledger contents with the drafts that another window had changed, if there are any.
fn told(conflicts: Vec<DraftConflict>) -> Option<LedgerContents> {
    (!conflicts.is_empty()).then(|| LedgerContents {
        conflicts,
        ..LedgerContents::default()
    })
}

#[cfg(test)]
mod tests;
