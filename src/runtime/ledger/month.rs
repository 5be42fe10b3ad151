//! Stores the count of a month's invalidations and their paths.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use super::read::rows;
use super::row;
use super::trouble::Trouble;
use crate::domain::distribution::Target;
use crate::domain::invalidation::InvalidationId;
use crate::domain::month::{Count, Counted, Discovery, MonthKey, MonthWrite, Reading};

/// Reads all stored data about a month, including lists and invalidations found by other profiles. If this profile has
/// never started a count, the returned count is marked as already ended.
pub(super) fn read(connection: &Connection, key: &MonthKey) -> Result<Option<Count>, Trouble> {
    let round = connection
        .query_row(
            "SELECT begun, ended, discovery FROM month WHERE endpoint = ?1 AND profile = ?2 AND start = ?3",
            params![key.endpoint, key.profile, row::time(key.start)],
            |round| {
                Ok((
                    row::parsed_time(round, "begun")?,
                    row::optional_time(round, "ended")?,
                    row::parsed::<Discovery>(round, "discovery")?,
                ))
            },
        )
        .optional()?;
    let mut count = Count::new(key.clone(), key.start);
    count.ended = Some(key.start);
    if let Some((begun, ended, discovery)) = round {
        count = Count {
            begun,
            ended,
            discovery,
            ..count
        };
    }
    let lists = rows(
        connection,
        "SELECT target_kind, target, listing FROM month_list WHERE endpoint = ?1 AND start = ?2",
        &[&key.endpoint, &row::time(key.start)],
        |list| Ok((row::target(list)?, row::parsed(list, "listing")?)),
    )?;
    count.listings = lists.into_iter().collect();
    for (target, id, counted) in invalidations(connection, key)? {
        count.invalidations.entry(target).or_default().insert(id, counted);
    }
    Ok(Some(count))
}

fn invalidations(connection: &Connection, key: &MonthKey) -> Result<Vec<(Target, InvalidationId, Counted)>, Trouble> {
    rows(
        connection,
        "SELECT *, EXISTS (SELECT 1 FROM submission
            WHERE submission.target = month_invalidation.target AND submission.reference = month_invalidation.reference) AS ours
         FROM month_invalidation WHERE endpoint = ?1 AND created >= ?2 AND created < ?3",
        &[&key.endpoint, &row::time(key.start), &row::time(key.end())],
        |one| {
            let counted = Counted {
                created: row::parsed_time(one, "created")?,
                read: reading(one)?,
            };
            Ok((row::target(one)?, InvalidationId::new(one.get::<_, String>("id")?), counted))
        },
    )
}

fn reading(one: &Row<'_>) -> rusqlite::Result<Reading> {
    if let Some(paths) = one.get::<_, Option<i64>>("paths")? {
        return Ok(Reading::Read {
            paths: u64::try_from(paths).unwrap_or(0),
            reference: one.get::<_, Option<String>>("reference")?.unwrap_or_default(),
            ours: one.get("ours")?,
        });
    }
    Ok(match one.get::<_, Option<String>>("refused")? {
        Some(_) => Reading::Refused(row::parsed_time(one, "refused")?),
        None => Reading::Unread,
    })
}

/// Writes the results of counting.
pub(super) fn keep(transaction: &Transaction<'_>, key: &MonthKey, writes: &[MonthWrite]) -> Result<(), Trouble> {
    writes.iter().try_for_each(|write| keep_one(transaction, key, write))
}

fn keep_one(transaction: &Transaction<'_>, key: &MonthKey, write: &MonthWrite) -> Result<(), Trouble> {
    let start = row::time(key.start);
    match write {
        MonthWrite::Round {
            begun,
            ended,
            discovery,
        } => transaction.execute(
            "INSERT INTO month (endpoint, profile, start, begun, ended, discovery) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (endpoint, profile, start) DO UPDATE SET
                begun = excluded.begun, ended = excluded.ended, discovery = excluded.discovery",
            params![
                key.endpoint,
                key.profile,
                start,
                row::time(*begun),
                ended.map(row::time),
                row::json(discovery)?
            ],
        )?,
        MonthWrite::Page { target, listing, rows } => {
            for found in rows {
                transaction.execute(
                    "INSERT INTO month_invalidation (endpoint, target_kind, target, id, created) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (endpoint, target_kind, target, id) DO NOTHING",
                    params![
                        key.endpoint,
                        target.kind(),
                        target.id(),
                        found.id.as_str(),
                        row::time(found.create_time)
                    ],
                )?;
            }
            transaction.execute(
                "INSERT INTO month_list (endpoint, start, target_kind, target, listing) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (endpoint, start, target_kind, target) DO UPDATE SET listing = excluded.listing",
                params![key.endpoint, start, target.kind(), target.id(), row::json(listing)?],
            )?
        }
        MonthWrite::Paths { target, id, read } => {
            let (paths, reference, refused) = match read {
                Reading::Read { paths, reference, .. } => (i64::try_from(*paths).ok(), Some(reference), None),
                Reading::Refused(at) => (None, None, Some(row::time(*at))),
                Reading::Unread => (None, None, None),
            };
            transaction.execute(
                "UPDATE month_invalidation SET paths = ?5, reference = ?6, refused = ?7
                 WHERE endpoint = ?1 AND target_kind = ?2 AND target = ?3 AND id = ?4",
                params![
                    key.endpoint,
                    target.kind(),
                    target.id(),
                    id.as_str(),
                    paths,
                    reference,
                    refused
                ],
            )?
        }
    };
    Ok(())
}
