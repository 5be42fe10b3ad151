//! The operations, each one transaction.

use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, TransactionBehavior, named_params, params};

use super::claim::Process;
use super::open::{self, Opened, Place};
use super::row::{self, Standing};
use super::trouble::Trouble;
use super::{Outcome, directory, read};
use crate::app::effect::{LedgerContents, LedgerOperation};
use crate::domain::distribution::{AccountId, Target};
use crate::domain::invalidation::Invalidation;
use crate::domain::submission::{State, Submission, SubmissionId};

/// The open file and what belongs to it. It lives on the ledger's own thread.
pub(super) struct Store {
    connection: Connection,
    /// `None`: in memory.
    place: Option<Place>,
    process: Process,
    warning: Option<String>,
    /// Submissions whose writing was reported as failed, though the disk may have kept them: nobody may ever send them.
    disowned: Vec<SubmissionId>,
}

impl Store {
    /// Opens the ledger of a folder, made where it is missing.
    pub(super) fn open(folder: &Path) -> Result<Self, String> {
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
        })
    }

    /// A ledger without a file.
    pub(super) fn in_memory() -> Result<Self, String> {
        let mut connection = Connection::open_in_memory().map_err(|error| format!("no ledger in memory: {error}"))?;
        open::prepare(&mut connection).map_err(|trouble| trouble.sentence(Path::new(":memory:")))?;
        Ok(Self {
            connection,
            place: None,
            process: Process::alone(),
            warning: None,
            disowned: Vec::new(),
        })
    }

    /// Does what is asked. When the disk fails in a way that leaves open what was written, the file is opened anew and
    /// asked again: every operation gives the same when it is done twice.
    pub(super) fn carry_out(&mut self, operation: &LedgerOperation, now: DateTime<Utc>) -> Outcome {
        let mut result = self.attempt(operation, now);
        if result.as_ref().is_err_and(Trouble::is_uncertain) {
            result = self.reconnect().and_then(|()| self.attempt(operation, now));
        }
        match result {
            Ok(contents) => Ok(contents.map(|contents| Box::new(self.with_warning(contents)))),
            Err(trouble) => Err(self.refuse(operation, &trouble)),
        }
    }

    fn attempt(&mut self, operation: &LedgerOperation, now: DateTime<Utc>) -> Result<Option<LedgerContents>, Trouble> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        forget(&transaction, &self.disowned)?;
        let contents = perform(&transaction, &self.process, operation, now)?;
        transaction.commit()?;
        self.disowned.clear();
        Ok(contents)
    }

    fn reconnect(&mut self) -> Result<(), Trouble> {
        if let Some(place) = &self.place {
            self.connection = open::connect(&place.file)?;
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

    fn refuse(&mut self, operation: &LedgerOperation, trouble: &Trouble) -> String {
        let planned = match operation {
            LedgerOperation::Plan(submissions) | LedgerOperation::Divide { into: submissions, .. } => submissions.as_slice(),
            _ => &[],
        };
        if trouble.is_uncertain() {
            self.disowned
                .extend(planned.iter().map(|submission| submission.id.clone()));
        }
        trouble.sentence(self.place.as_ref().map_or(Path::new(":memory:"), |place| &place.file))
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
            process.take_over(transaction)?;
            return read::contents(transaction, process.id(), now).map(Some);
        }
        LedgerOperation::Plan(submissions) => {
            submissions
                .iter()
                .try_for_each(|submission| plan(transaction, process, submission, now))?;
        }
        LedgerOperation::Divide { whole, into } => {
            progress(transaction, process, whole, now)?;
            into.iter()
                .try_for_each(|submission| plan(transaction, process, submission, now))?;
        }
        LedgerOperation::Progress(submission) => progress(transaction, process, submission, now)?,
        LedgerOperation::Draft { targets, text } => draft(transaction, targets, text, now)?,
        LedgerOperation::Favourite { target, on } => favourite(transaction, target, *on)?,
        LedgerOperation::Remember { target, invalidation } => remember(transaction, target, invalidation)?,
    }
    Ok(None)
}

fn forget(transaction: &Transaction<'_>, disowned: &[SubmissionId]) -> Result<(), Trouble> {
    for id in disowned {
        transaction.execute("DELETE FROM submission WHERE id = ?1 AND attempts = 0", [id.as_str()])?;
    }
    Ok(())
}

fn plan(
    transaction: &Transaction<'_>,
    process: &Process,
    submission: &Submission,
    now: DateTime<Utc>,
) -> Result<(), Trouble> {
    let created = row::time(submission.created);
    transaction.execute(
        "INSERT INTO job (id, created) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        params![submission.job.as_str(), created],
    )?;
    let standing = Standing::of(&submission.state)?;
    let written = transaction.execute(
        "INSERT INTO submission (id, job, account, endpoint, profile, target_kind, target, label, batch_number, items, items_sha256,
            item_count, reference, created, version, word, state, final, maybe_sent, attempts, first_sent, request_id,
            accepted, changed, claimed_by)
         VALUES (:id, :job, :account, :endpoint, :profile, :kind, :target, :label, :number, :items, :sha256,
            :count, :reference, :created, :version, :word, :state, :final, :maybe_sent, :attempts, :first_sent, :request_id,
            :accepted, :changed, :claimed_by)
         ON CONFLICT (id) DO UPDATE SET claimed_by = excluded.claimed_by
            WHERE reference = excluded.reference AND items_sha256 = excluded.items_sha256 AND target = excluded.target",
        named_params! {
            ":id": submission.id.as_str(),
            ":job": submission.job.as_str(),
            ":account": submission.scope.account.as_ref().map(AccountId::as_str),
            ":endpoint": submission.scope.endpoint,
            ":profile": submission.scope.profile,
            ":kind": row::kind(&submission.target),
            ":target": submission.target.id(),
            ":label": submission.label,
            ":number": submission.number,
            ":items": row::json(&submission.batch)?,
            ":sha256": submission.batch.sha256(),
            ":count": i64::try_from(submission.batch.items().len()).unwrap_or(i64::MAX),
            ":reference": submission.reference.as_str(),
            ":created": created,
            ":version": submission.version,
            ":word": standing.word,
            ":state": standing.state,
            ":final": standing.is_final,
            ":maybe_sent": submission.maybe_sent,
            ":attempts": submission.attempts,
            ":first_sent": submission.first_sent.map(row::time),
            ":request_id": submission.request_id,
            ":accepted": standing.accepted,
            ":changed": row::time(now),
            ":claimed_by": process.id(),
        },
    );
    match written {
        Ok(1) => Ok(()),
        Ok(_) => Err(taken(submission)),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => {
            Err(taken(submission))
        }
        Err(error) => Err(error.into()),
    }
}

fn taken(submission: &Submission) -> Trouble {
    Trouble::Conflict(format!(
        "the ledger already holds {} or its CallerReference {} for other items; nothing was written. Compose it again: a new one gets its own reference",
        submission.id, submission.reference
    ))
}

fn progress(
    transaction: &Transaction<'_>,
    process: &Process,
    submission: &Submission,
    now: DateTime<Utc>,
) -> Result<(), Trouble> {
    let standing = Standing::of(&submission.state)?;
    let changed = transaction.execute(
        "UPDATE submission SET word = :word, state = :state, final = :final, maybe_sent = :maybe_sent,
            attempts = :attempts, first_sent = :first_sent, request_id = :request_id, accepted = :accepted,
            changed = :changed, claimed_by = CASE WHEN :final THEN NULL ELSE :process END
         WHERE id = :id AND reference = :reference AND items_sha256 = :sha256 AND target = :target
            AND (claimed_by IS NULL OR claimed_by = :process)",
        named_params! {
            ":word": standing.word,
            ":state": standing.state,
            ":final": standing.is_final,
            ":maybe_sent": submission.maybe_sent,
            ":attempts": submission.attempts,
            ":first_sent": submission.first_sent.map(row::time),
            ":request_id": submission.request_id,
            ":accepted": standing.accepted,
            ":changed": row::time(now),
            ":process": process.id(),
            ":id": submission.id.as_str(),
            ":reference": submission.reference.as_str(),
            ":sha256": submission.batch.sha256(),
            ":target": submission.target.id(),
        },
    )?;
    if changed == 0 {
        return Err(not_ours(submission));
    }
    attempted(transaction, submission, now)
}

fn not_ours(submission: &Submission) -> Trouble {
    Trouble::Conflict(format!(
        "the submission {} is not this program's to carry on: another invalidash has it, or the ledger holds other items under its name. Start invalidash again to see where it stands",
        submission.id
    ))
}

/// Writes when the latest attempt left and how it ended.
fn attempted(transaction: &Transaction<'_>, submission: &Submission, now: DateTime<Utc>) -> Result<(), Trouble> {
    if submission.attempts == 0 {
        return Ok(());
    }
    let (sent, ended) = match &submission.state {
        State::Sending => (Some(row::time(now)), None),
        ended => (None, Some((row::time(now), row::answer(ended)))),
    };
    let (answered, answer) = ended.unzip();
    transaction.execute(
        "INSERT INTO attempt (submission, number, sent, answered, answer) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (submission, number) DO UPDATE SET
            answer = CASE WHEN answered IS NULL THEN excluded.answer ELSE answer END,
            answered = coalesce(answered, excluded.answered)",
        params![submission.id.as_str(), submission.attempts, sent, answered, answer],
    )?;
    Ok(())
}

fn draft(transaction: &Transaction<'_>, targets: &str, text: &str, now: DateTime<Utc>) -> Result<(), Trouble> {
    if text.is_empty() {
        transaction.execute("DELETE FROM draft WHERE targets = ?1", [targets])?;
    } else {
        transaction.execute(
            "INSERT INTO draft (targets, text, changed) VALUES (?1, ?2, ?3)
             ON CONFLICT (targets) DO UPDATE SET text = excluded.text, changed = excluded.changed",
            params![targets, text, row::time(now)],
        )?;
    }
    Ok(())
}

fn favourite(transaction: &Transaction<'_>, target: &Target, on: bool) -> Result<(), Trouble> {
    let sql = if on {
        "INSERT INTO favourite (target_kind, target) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
    } else {
        "DELETE FROM favourite WHERE target_kind = ?1 AND target = ?2"
    };
    transaction.execute(sql, params![row::kind(target), target.id()])?;
    Ok(())
}

fn remember(transaction: &Transaction<'_>, target: &Target, invalidation: &Invalidation) -> Result<(), Trouble> {
    transaction.execute(
        "INSERT INTO invalidation (target_kind, target, id, status, create_time, items, caller_reference)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (target_kind, target, id) DO UPDATE SET status = excluded.status",
        params![
            row::kind(target),
            target.id(),
            invalidation.id.as_str(),
            invalidation.status.as_str(),
            row::time(invalidation.create_time),
            row::json(&invalidation.items)?,
            invalidation.caller_reference,
        ],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests;
