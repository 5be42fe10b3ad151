//! Detects what other processes have written. `SQLite` provides a number that shows whether others have committed.

use std::collections::BTreeSet;

use rusqlite::{Connection, params_from_iter};

use super::claim::Process;
use super::read::{self, NEWEST};
use super::row;
use super::trouble::Trouble;
use crate::domain::submission::{Submission, SubmissionId};
use crate::engine::effect::{Claim, LedgerContents};

/// The changes by other processes that have already been reported.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The file's `data_version`, which changes when another connection commits.
    version: Option<i64>,
    shared: bool,
    /// The number of the newest submission.
    number: i64,
    /// The submissions that other processes have claimed.
    elsewhere: BTreeSet<SubmissionId>,
    /// The running processes that hold unfinished submissions.
    holders: Vec<String>,
    /// The claim made when changes were last read.
    claim: Option<Claim>,
}

/// Returns, without locking, whether there is anything to report: another process wrote, started, exited or died.
pub(super) fn are_there(
    connection: &Connection,
    process: &Process,
    seen: &Seen,
    claim: Option<&Claim>,
) -> Result<bool, Trouble> {
    Ok(claim.is_some_and(|claim| seen.claim.as_ref() != Some(claim))
        || seen.version != Some(version(connection)?)
        || seen.shared != process.has_company()
        || seen.holders.iter().any(|holder| !process.is_alive(holder)))
}

/// Returns what other processes have written since the last report. Dead processes' submissions are already claimed.
pub(super) fn contents(connection: &Connection, process: &Process, seen: &Seen) -> Result<LedgerContents, Trouble> {
    let mut unfit = 0;
    let ours = "SELECT * FROM submission WHERE final = 0 AND claimed_by = ?1 ORDER BY number";
    Ok(LedgerContents {
        unfinished: read::submissions(connection, ours, &process.id(), &mut unfit)?,
        finished: finished(connection, seen)?,
        drafts: read::drafts(connection, &mut 0)?,
        favorites: read::favorites(connection, &mut 0)?,
        warning: read::unreadable(unfit),
        ..LedgerContents::default()
    })
}

/// Adds the submissions claimed by other processes to `contents`, and returns what has now been reported.
pub(super) fn complete(
    connection: &Connection,
    process: &Process,
    contents: &mut LedgerContents,
    claim: Option<&Claim>,
) -> Result<Seen, Trouble> {
    let mut unfit = 0;
    let theirs = "SELECT * FROM submission WHERE final = 0 AND coalesce(claimed_by, '') <> ?1 ORDER BY number";
    contents.elsewhere = read::submissions(connection, theirs, &process.id(), &mut unfit)?;
    contents.shared = process.has_company();
    let mut holders = process.holders(connection)?;
    holders.retain(|holder| process.is_alive(holder));
    contents.left = left(connection, process, &holders)?;
    let newest = "SELECT coalesce(max(number), 0) FROM submission";
    Ok(Seen {
        version: Some(version(connection)?),
        shared: contents.shared,
        number: connection.query_row(newest, [], |row| row.get(0))?,
        claim: claim.cloned(),
        elsewhere: contents.elsewhere.iter().map(|s| s.id.clone()).collect(),
        holders,
    })
}

/// Returns the unfinished submissions that no running process has claimed.
fn left(connection: &Connection, process: &Process, holders: &[String]) -> Result<Vec<SubmissionId>, Trouble> {
    let theirs = "SELECT id, claimed_by FROM submission WHERE final = 0 AND coalesce(claimed_by, '') <> ?1";
    let theirs = read::rows(connection, theirs, &[&process.id()], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
    })?;
    let is_left =
        |(_, holder): &(String, Option<String>)| holder.as_ref().is_none_or(|holder| !holders.contains(holder));
    let left = theirs.into_iter().filter(is_left);
    Ok(left.map(|(id, _)| SubmissionId::new(id)).collect())
}

/// Returns the submissions that ended since the last report: new ones, and those that other processes had claimed.
fn finished(connection: &Connection, seen: &Seen) -> Result<Vec<Submission>, Trouble> {
    let mut unfit = 0;
    let new = "SELECT * FROM submission WHERE final = 1 AND number > ?1 ORDER BY number DESC";
    let mut finished = read::submissions(connection, new, &seen.number, &mut unfit)?;
    let places = vec!["?"; seen.elsewhere.len()].join(", ");
    let mut followed = connection.prepare(&format!(
        "SELECT * FROM submission WHERE final = 1 AND id IN ({places}) ORDER BY number DESC"
    ))?;
    let ids = params_from_iter(seen.elsewhere.iter().map(SubmissionId::as_str));
    let ended = followed.query_map(ids, |row| Ok(row::submission(row)))?;
    for submission in ended {
        finished.extend(
            submission?
                .ok()
                .filter(|s| finished.iter().all(|other| other.id != s.id)),
        );
    }
    finished.truncate(NEWEST as usize);
    Ok(finished)
}

fn version(connection: &Connection) -> Result<i64, Trouble> {
    Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
}
