//! Finds the submissions with the references of a job, whichever process created them. Ended submissions are returned,
//! and those that no running process has claimed are claimed for this process.

use rusqlite::{Transaction, params};

use super::claim::Process;
use super::trouble::Trouble;
use super::{read, row};
use crate::domain::batch::CallerReference;
use crate::domain::distribution::Target;
use crate::domain::submission::Submission;
use crate::engine::effect::LedgerContents;

/// Returns the submissions with these references. If one was split, its parts, whose references start with the same
/// text, are returned as well. Must be called within a transaction that excludes other writers; otherwise two processes
/// could claim the same submission.
pub(super) fn take_up(
    transaction: &Transaction<'_>,
    process: &Process,
    references: &[(Target, CallerReference)],
) -> Result<LedgerContents, Trouble> {
    let mut contents = LedgerContents::default();
    for (target, reference) in references {
        for (submission, holder) in found(transaction, target, reference)? {
            let is_held = holder.is_some_and(|holder| holder != process.id() && process.is_alive(&holder));
            let place = if submission.state.is_final() {
                &mut contents.finished
            } else if is_held {
                &mut contents.elsewhere
            } else {
                claim(transaction, process, &submission)?;
                &mut contents.unfinished
            };
            place.push(submission);
        }
    }
    Ok(contents)
}

fn found(
    transaction: &Transaction<'_>,
    target: &Target,
    reference: &CallerReference,
) -> Result<Vec<(Submission, Option<String>)>, Trouble> {
    // In ASCII, the dot follows the hyphen, so the references between the two are exactly those that start with this
    // one and a hyphen.
    let query = "SELECT * FROM submission WHERE target_kind = ?1 AND target = ?2
        AND (reference = ?3 OR (reference > ?3 || '-' AND reference < ?3 || '.')) ORDER BY number";
    let (kind, target, reference) = (target.kind(), target.id(), reference.as_str());
    read::rows(transaction, query, &[&kind, &target, &reference], |row| {
        Ok((row::submission(row)?, row.get("claimed_by")?))
    })
}

fn claim(transaction: &Transaction<'_>, process: &Process, submission: &Submission) -> Result<(), Trouble> {
    transaction.execute(
        "UPDATE submission SET claimed_by = ?1 WHERE id = ?2",
        params![process.id(), submission.id.as_str()],
    )?;
    Ok(())
}
