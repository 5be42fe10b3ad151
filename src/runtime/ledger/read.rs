//! Reads the data needed at startup.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, Row};

use super::row;
use super::trouble::Trouble;
use crate::domain::distribution::Target;
use crate::domain::draft::KeptDraft;
use crate::domain::observation::{Took, took};
use crate::domain::price::start_of_month;
use crate::domain::submission::{Scope, Submission, SubmissionId};
use crate::domain::text::agree;
use crate::engine::effect::{Attempt, LedgerContents};

/// The number of ended submissions shown at startup.
pub(super) const NEWEST: u32 = 500;

/// How long to wait before trying a refused batch size again. Other tools may have used up the quota at the time, or
/// the quota may have been raised since.
const LEARNED_FOR: TimeDelta = TimeDelta::days(30);

/// Reads everything that can be parsed; `claimed_by` is this process.
pub(super) fn contents(
    connection: &Connection,
    claimed_by: &str,
    now: DateTime<Utc>,
) -> Result<LedgerContents, Trouble> {
    let mut unfit = 0;
    let unfinished = "SELECT * FROM submission WHERE final = 0 AND claimed_by = ?1 ORDER BY number";
    let unfinished = submissions(connection, unfinished, &claimed_by, &mut unfit)?;
    let finished = "SELECT * FROM submission WHERE final = 1 ORDER BY number DESC LIMIT ?1";
    let finished = submissions(connection, finished, &NEWEST, &mut unfit)?;
    let remembered = "SELECT * FROM invalidation ORDER BY create_time DESC, id LIMIT ?1";
    let remembered = readable(connection, remembered, &[&NEWEST], &mut unfit, row::invalidation)?;
    Ok(LedgerContents {
        unfinished,
        finished,
        taken: taken(connection)?,
        elsewhere: Vec::new(),
        shared: false,
        drafts: drafts(connection, &mut unfit)?,
        favorites: favorites(connection, &mut unfit)?,
        remembered,
        batch_sizes: rows(
            connection,
            "SELECT * FROM batch_size WHERE learned >= ?1 ORDER BY account, endpoint",
            &[&row::time(now - LEARNED_FOR)],
            row::learned,
        )?,
        settings: rows(connection, "SELECT name, value FROM setting", &[], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?,
        used_this_month: used_since(connection, start_of_month(now))?,
        warning: unreadable(unfit),
        ..LedgerContents::default()
    })
}

/// Reads the drafts, oldest first.
pub(super) fn drafts(connection: &Connection, unfit: &mut usize) -> Result<Vec<KeptDraft>, Trouble> {
    readable(
        connection,
        "SELECT * FROM draft ORDER BY changed, id",
        &[],
        unfit,
        row::draft,
    )
}

/// Reads the favorite targets.
pub(super) fn favorites(connection: &Connection, unfit: &mut usize) -> Result<Vec<Target>, Trouble> {
    readable(
        connection,
        "SELECT * FROM favourite ORDER BY target",
        &[],
        unfit,
        row::target,
    )
}

/// Reads the durations of submissions that were watched until they completed and are too old to be loaded in full.
fn taken(connection: &Connection) -> Result<Vec<(String, Target, Vec<TimeDelta>)>, Trouble> {
    let query = "
        SELECT endpoint, target_kind, target, json_extract(state, '$.create_time') AS created, json_extract(state, '$.seen') AS seen,
            json_extract(state, '$.last_in_progress') AS last
        FROM (SELECT * FROM submission WHERE final = 1 ORDER BY number DESC LIMIT -1 OFFSET ?1)
        WHERE word = 'Completed' AND CASE WHEN json_valid(state) THEN json_extract(state, '$.last_in_progress') END IS NOT NULL
        ORDER BY endpoint, target_kind, target";
    let each = rows(connection, query, &[&NEWEST], |row| {
        let time = |column| row::parsed_time(row, column).ok();
        let took = time("created").and_then(|created| took(created, time("last"), time("seen")));
        Ok((row.get("endpoint")?, row::target(row)?, took.and_then(Took::measured)))
    })?;
    let mut taken: Vec<(String, Target, Vec<TimeDelta>)> = Vec::new();
    for (endpoint, target, span) in each {
        let Some(span) = span else { continue };
        match taken.last_mut() {
            Some((server, last, spans)) if (&*server, &*last) == (&endpoint, &target) => spans.push(span),
            Some(_) | None => taken.push((endpoint, target, vec![span])),
        }
    }
    Ok(taken)
}

pub(super) fn submissions(
    connection: &Connection,
    query: &str,
    parameter: &dyn rusqlite::ToSql,
    unfit: &mut usize,
) -> Result<Vec<Submission>, Trouble> {
    readable(connection, query, &[parameter], unfit, row::submission)
}

/// Returns the rows that can be parsed. A row that cannot be parsed is counted and does not affect the others.
fn readable<T>(
    connection: &Connection,
    query: &str,
    parameters: &[&dyn rusqlite::ToSql],
    unfit: &mut usize,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Trouble> {
    let read = rows(connection, query, parameters, |row| Ok(read(row)))?;
    Ok(read
        .into_iter()
        .filter_map(|row| row.inspect_err(|_| *unfit += 1).ok())
        .collect())
}

pub(super) fn rows<T>(
    connection: &Connection,
    query: &str,
    parameters: &[&dyn rusqlite::ToSql],
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Trouble> {
    let mut statement = connection.prepare(query)?;
    let rows = statement.query_map(parameters, read)?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?)
}

/// Reads the attempts of a submission, in order.
pub(super) fn attempts(connection: &Connection, id: &SubmissionId) -> Result<Vec<Attempt>, Trouble> {
    rows(
        connection,
        "SELECT * FROM attempt WHERE submission = ?1 ORDER BY number",
        &[&id.as_str()],
        row::attempt,
    )
}

/// Reads the number of items accepted since a given time, by scope.
pub(super) fn used_since(connection: &Connection, since: DateTime<Utc>) -> Result<Vec<(Scope, u64)>, Trouble> {
    let query = "SELECT account, endpoint, profile, sum(item_count) FROM submission WHERE accepted >= ?1
         GROUP BY account, endpoint, profile ORDER BY account, endpoint, profile";
    rows(connection, query, &[&row::time(since)], |row| {
        Ok((row::scope(row)?, u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0)))
    })
}

/// Returns a sentence about records that cannot be parsed, if there are any.
pub(super) fn unreadable(count: usize) -> Option<String> {
    let (what, they) = (agree(count, "record", "records"), agree(count, "it is", "they are"));
    (count > 0).then(|| format!("{count} {what} in the ledger cannot be read; {they} kept, but not shown or sent"))
}
