//! Writes the changes of the ledger's operations.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, Transaction, named_params, params};

use super::read::NEWEST;
use super::row::{self, Standing};
use super::trouble::Trouble;
use crate::domain::batch::{Learned, Sizes};
use crate::domain::distribution::{AccountId, Target};
use crate::domain::draft::{DraftConflict, DraftId, DraftWrite, KeptDraft};
use crate::domain::invalidation::Invalidation;
use crate::domain::submission::{State, Submission, SubmissionId};

/// Deletes submissions whose write was reported as failed, unless they have been sent.
pub(super) fn forget(transaction: &Transaction<'_>, disowned: &[SubmissionId]) -> Result<(), Trouble> {
    for id in disowned {
        transaction.execute("DELETE FROM submission WHERE id = ?1 AND attempts = 0", [id.as_str()])?;
    }
    Ok(())
}

/// Writes a submission for the first time, claimed by this process. If an identical one already exists, it is kept,
/// because the disk may have stored what it reported as lost.
pub(super) fn plan(
    transaction: &Transaction<'_>,
    process: &str,
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
            accepted, changed, claimed_by, note, invalidation, refusal, when_deployed)
         VALUES (:id, :job, :account, :endpoint, :profile, :kind, :target, :label, :number, :items, :sha256,
            :count, :reference, :created, :version, :word, :state, :final, :maybe_sent, :attempts, :first_sent,
            :request_id, :accepted, :changed, :claimed_by, :note, :invalidation, :refusal, :when_deployed)
         ON CONFLICT (id) DO UPDATE SET claimed_by = excluded.claimed_by
            WHERE reference = excluded.reference AND items_sha256 = excluded.items_sha256 AND target = excluded.target",
        named_params! {
            ":id": submission.id.as_str(),
            ":job": submission.job.as_str(),
            ":account": submission.scope.account.as_ref().map(AccountId::as_str),
            ":endpoint": submission.scope.endpoint,
            ":profile": submission.scope.profile,
            ":kind": submission.target.kind(),
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
            ":claimed_by": process,
            ":note": submission.note,
            ":invalidation": standing.invalidation,
            ":refusal": standing.refusal,
            ":when_deployed": submission.when_deployed,
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
        "the ledger already contains {} or its CallerReference {} with different items; nothing was written. \
            Compose the invalidation again to get a new CallerReference",
        submission.id, submission.reference
    ))
}

/// Writes a submission's current state. Its items, reference, target and scope do not change, except that a previously
/// unknown account is filled in.
pub(super) fn progress(
    transaction: &Transaction<'_>,
    process: &str,
    submission: &Submission,
    now: DateTime<Utc>,
) -> Result<(), Trouble> {
    let standing = Standing::of(&submission.state)?;
    let changed = transaction.execute(
        "UPDATE submission SET word = :word, state = :state, final = :final, maybe_sent = :maybe_sent,
            attempts = :attempts, first_sent = :first_sent, request_id = :request_id, accepted = :accepted,
            invalidation = :invalidation, refusal = :refusal, when_deployed = :when_deployed, changed = :changed, account = coalesce(account, :account), claimed_by = CASE WHEN :final THEN NULL ELSE :process END
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
            ":invalidation": standing.invalidation,
            ":refusal": standing.refusal,
            ":when_deployed": submission.when_deployed,
            ":changed": row::time(now),
            ":account": submission.scope.account.as_ref().map(AccountId::as_str),
            ":process": process,
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
        "cannot continue submission {}: another invalidash is handling it, or the ledger has \
            different \
            items for it. Restart invalidash to see its status",
        submission.id
    ))
}

/// Writes when the latest attempt was sent, and its outcome.
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

/// Stores the note on a submission, whichever process has claimed it, because a note does not cause anything to be
/// sent.
pub(super) fn note(transaction: &Transaction<'_>, id: &SubmissionId, note: Option<&str>) -> Result<(), Trouble> {
    let changed = transaction.execute(
        "UPDATE submission SET note = ?2 WHERE id = ?1",
        params![id.as_str(), note],
    )?;
    if changed == 0 {
        return Err(Trouble::Conflict(format!(
            "the submission {id} is no longer in the ledger; the note was not saved"
        )));
    }
    Ok(())
}

/// Stores a draft, or deletes it if it is empty. If another window has changed the draft, that window's version is
/// kept, and this one is stored next to it. Storing a draft twice has the same effect as storing it once.
pub(super) fn draft(
    transaction: &Transaction<'_>,
    write: &DraftWrite,
    now: DateTime<Utc>,
) -> Result<Option<DraftConflict>, Trouble> {
    let is_theirs = |draft: &KeptDraft| !is_replaced(write, draft);
    let theirs = kept_draft(transaction, &write.id)?.filter(is_theirs);
    let beside = kept_draft(transaction, &write.beside)?;
    if beside.as_ref().is_some_and(is_theirs) {
        return Err(Trouble::Conflict(
            "another window has changed this draft twice; press Esc and reopen it to see both versions".to_owned(),
        ));
    }
    // If `beside` exists, an earlier attempt stored it even though the disk reported a failure.
    if beside.is_none() && theirs.is_none() {
        put_draft(transaction, &write.id, write, now)?;
        return Ok(None);
    }
    put_draft(transaction, &write.beside, write, now)?;
    Ok(Some(DraftConflict {
        beside: write.beside.clone(),
        theirs,
    }))
}

/// Returns whether this window knows the stored version: it has read or written that version, or is writing exactly the
/// same text.
fn is_replaced(write: &DraftWrite, kept: &KeptDraft) -> bool {
    kept.text == write.text || kept.version == write.version || write.replaces.contains(&kept.version)
}

fn kept_draft(transaction: &Transaction<'_>, id: &DraftId) -> Result<Option<KeptDraft>, Trouble> {
    let mut row = transaction.prepare_cached("SELECT * FROM draft WHERE id = ?1")?;
    Ok(row.query_row([id.as_str()], row::draft).optional()?)
}

fn put_draft(
    transaction: &Transaction<'_>,
    id: &DraftId,
    write: &DraftWrite,
    now: DateTime<Utc>,
) -> Result<(), Trouble> {
    if write.text.is_empty() {
        transaction.execute("DELETE FROM draft WHERE id = ?1", [id.as_str()])?;
    } else {
        transaction.execute(
            "INSERT OR REPLACE INTO draft (id, targets, text, changed, version) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                id.as_str(),
                write.targets,
                write.text,
                row::time(now),
                write.version.as_str()
            ],
        )?;
    }
    Ok(())
}

/// Marks a target as favorite, or removes the mark.
pub(super) fn favorite(transaction: &Transaction<'_>, target: &Target, on: bool) -> Result<(), Trouble> {
    let sql = if on {
        "INSERT INTO favourite (target_kind, target) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
    } else {
        "DELETE FROM favourite WHERE target_kind = ?1 AND target = ?2"
    };
    transaction.execute(sql, params![target.kind(), target.id()])?;
    Ok(())
}

/// Stores a value that a page needs at the next start.
pub(super) fn setting(transaction: &Transaction<'_>, name: &str, value: &str) -> Result<(), Trouble> {
    transaction.execute(
        "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)",
        params![name, value],
    )?;
    Ok(())
}

/// Stores the largest batch sizes to try for an account.
pub(super) fn batch_sizes(transaction: &Transaction<'_>, learned: &Learned, now: DateTime<Utc>) -> Result<(), Trouble> {
    let Sizes { exact, wildcards } = learned.sizes;
    transaction.execute(
        "INSERT OR REPLACE INTO batch_size (account, endpoint, exact, wildcards, learned) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            learned.account.as_str(),
            learned.endpoint,
            i64::try_from(exact).unwrap_or(i64::MAX),
            i64::try_from(wildcards).unwrap_or(i64::MAX),
            row::time(now),
        ],
    )?;
    Ok(())
}

/// Stores an invalidation. If it is already stored, only its status is updated.
pub(super) fn remember(
    transaction: &Transaction<'_>,
    target: &Target,
    invalidation: &Invalidation,
) -> Result<(), Trouble> {
    transaction.execute(
        "INSERT INTO invalidation (target_kind, target, id, status, create_time, items, caller_reference)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (target_kind, target, id) DO UPDATE SET status = excluded.status",
        params![
            target.kind(),
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

/// Deletes stored invalidations that are no longer read at startup.
pub(super) fn forget_old(transaction: &Transaction<'_>) -> Result<(), Trouble> {
    transaction.execute(
        "DELETE FROM invalidation WHERE rowid NOT IN
            (SELECT rowid FROM invalidation ORDER BY create_time DESC, id LIMIT ?1)",
        [NEWEST],
    )?;
    Ok(())
}
