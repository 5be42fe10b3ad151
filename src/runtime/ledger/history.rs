//! Pages of the history. Each is read through an index, starting at its cursor, so that all pages cost the same.

use chrono::{DateTime, Utc};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params_from_iter};

use super::row;
use super::trouble::Trouble;
use super::{filter, read};
use crate::domain::price::start_of_month;
use crate::domain::record::{Counts, Cursor, Order, PageFrom, Query, Record, RecordPage, Whole};
use crate::domain::submission::SubmissionId;
use crate::engine::effect::{LedgerContents, PRUNED_AT_ONCE};

/// The number of characters to read from a row's items. A single item may be this long.
const HEAD: usize = 4_200;

/// The columns of a row. Only the start of its items is copied.
const COLUMNS: &str = "number, id, account, endpoint, profile, target_kind, target, label, word, item_count, created, \
                       state, maybe_sent, note";

/// Reads a page of records.
pub(super) fn page(connection: &Connection, query: &Query, now: DateTime<Utc>) -> Result<RecordPage, Trouble> {
    let columns = format!("{COLUMNS}, substr(items, 1, {HEAD}) AS head");
    let (mut records, more) = select(connection, &columns, query, record)?;
    if backwards(&query.from) {
        records.reverse();
    }
    Ok(RecordPage {
        records,
        more,
        counts: counts(connection, &query.filter)?,
        used_this_month: read::used_since(connection, start_of_month(now))?,
    })
}

/// Reads a whole submission with its cursor.
pub(super) fn submission(connection: &Connection, id: &SubmissionId) -> Result<Option<Whole>, Trouble> {
    let mut statement = connection.prepare_cached("SELECT * FROM submission WHERE id = ?1")?;
    let found = statement.query_row([id.as_str()], |row| Ok((cursor(row)?, row::submission(row)?)));
    Ok(found.optional()?)
}

/// Reads a page of whole submissions. Submissions that cannot be parsed are skipped, but the next page still starts
/// after them.
pub(super) fn whole(connection: &Connection, query: &Query) -> Result<LedgerContents, Trouble> {
    let (rows, more) = select(connection, "*", query, |row| Ok((cursor(row)?, row::submission(row))))?;
    let next = rows.last().map(|(cursor, _)| cursor.clone()).filter(|_| more);
    let asked = rows.len();
    let whole: Vec<Whole> = rows
        .into_iter()
        .filter_map(|(cursor, submission)| Some((cursor, submission.ok()?)))
        .collect();
    Ok(LedgerContents {
        warning: read::unreadable(asked - whole.len()),
        whole,
        next,
        ..LedgerContents::default()
    })
}

/// Returns the rows that match a query, and whether there are more.
fn select<T>(
    connection: &Connection,
    columns: &str,
    query: &Query,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<(Vec<T>, bool), Trouble> {
    let (sql, parameters) = statement(columns, query);
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(parameters), read)?;
    let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
    let more = rows.len() > query.limit;
    rows.truncate(query.limit);
    Ok((rows, more))
}

fn backwards(from: &PageFrom) -> bool {
    matches!(from, PageFrom::End | PageFrom::Before(_))
}

/// Returns the SQL statement for a page, with the values to bind. It selects one extra row, which shows whether there
/// are more.
pub(super) fn statement(columns: &str, query: &Query) -> (String, Vec<Value>) {
    let (mut conditions, mut parameters) = filter::conditions(&query.filter);
    let back = backwards(&query.from) != query.reversed;
    if let PageFrom::After(cursor) | PageFrom::Before(cursor) = &query.from {
        conditions.push(beyond(query.order, back).to_owned());
        parameters.extend(place(query.order, cursor));
    }
    let conditions = if conditions.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", conditions.join(" AND "))
    };
    let order = sorted(query.order, back);
    let limit = query.limit + 1;
    let sql = format!("SELECT {columns} FROM submission{conditions} ORDER BY {order} LIMIT {limit}");
    (sql, parameters)
}

/// Returns the condition for rows beyond a cursor. If ties are sorted newest first, the first half of the condition
/// finds the position in the index, and the second half skips the rows before it.
fn beyond(order: Order, back: bool) -> &'static str {
    match (order, back) {
        (Order::Newest, false) => "number < ?",
        (Order::Newest, true) => "number > ?",
        (Order::Target, false) => "label >= ? AND (label > ? OR number < ?)",
        (Order::Target, true) => "label <= ? AND (label < ? OR number > ?)",
        (Order::Result, false) => "word >= ? AND (word > ? OR number < ?)",
        (Order::Result, true) => "word <= ? AND (word < ? OR number > ?)",
        (Order::Price, false) => "(item_count, number) < (?, ?)",
        (Order::Price, true) => "(item_count, number) > (?, ?)",
    }
}

fn place(order: Order, cursor: &Cursor) -> Vec<Value> {
    let twice = |text: &str| vec![text.to_owned().into(), text.to_owned().into(), cursor.number.into()];
    match order {
        Order::Newest => vec![cursor.number.into()],
        Order::Target => twice(&cursor.label),
        Order::Result => twice(&cursor.word),
        Order::Price => vec![
            i64::try_from(cursor.items).unwrap_or(i64::MAX).into(),
            cursor.number.into(),
        ],
    }
}

fn sorted(order: Order, back: bool) -> &'static str {
    match (order, back) {
        (Order::Newest, false) => "number DESC",
        (Order::Newest, true) => "number ASC",
        (Order::Target, false) => "label ASC, number DESC",
        (Order::Target, true) => "label DESC, number ASC",
        (Order::Result, false) => "word ASC, number DESC",
        (Order::Result, true) => "word DESC, number ASC",
        (Order::Price, false) => "item_count DESC, number DESC",
        (Order::Price, true) => "item_count ASC, number ASC",
    }
}

fn counts(connection: &Connection, words: &str) -> Result<Counts, Trouble> {
    let count = |conditions: &str, parameters: Vec<Value>| -> Result<usize, Trouble> {
        let sql = format!("SELECT count(*) FROM submission{conditions}");
        let mut statement = connection.prepare_cached(&sql)?;
        let rows: i64 = statement.query_row(params_from_iter(parameters), |row| row.get(0))?;
        Ok(usize::try_from(rows).unwrap_or(0))
    };
    let total = count("", Vec::new())?;
    let (conditions, parameters) = filter::conditions(words);
    let found = if conditions.is_empty() {
        total
    } else {
        count(&format!(" WHERE {}", conditions.join(" AND ")), parameters)?
    };
    Ok(Counts { total, found })
}

fn cursor(row: &Row<'_>) -> rusqlite::Result<Cursor> {
    Ok(Cursor {
        number: row.get("number")?,
        label: row.get("label")?,
        word: row.get("word")?,
        items: usize::try_from(row.get::<_, i64>("item_count")?).unwrap_or(0),
    })
}

/// Reads a record, leaving out the parts that cannot be parsed. The record itself is never skipped; otherwise a page
/// could be empty without being the last one.
fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        cursor: cursor(row)?,
        id: SubmissionId::new(row.get::<_, String>("id")?),
        scope: row::scope(row)?,
        target: row::target(row)?,
        head: row::first_items(row.get_ref("head")?.as_str()?),
        created: row::parsed_time(row, "created").unwrap_or_default(),
        state: row::parsed(row, "state").ok(),
        maybe_sent: row.get("maybe_sent")?,
        note: row.get("note")?,
    })
}

/// Deletes some submissions that ended before this time, oldest first, with their attempts. A whole job is kept while
/// any of its submissions is unfinished, and invalidations accepted in the current month are kept until the month is
/// over, because the month's total is computed from these rows.
pub(super) fn prune(
    transaction: &Transaction<'_>,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<usize, Trouble> {
    let pruned = "DELETE FROM submission WHERE number IN (
            SELECT number FROM submission AS old
            WHERE final = 1 AND changed < ?1 AND (accepted IS NULL OR accepted < ?2)
                AND NOT EXISTS (SELECT 1 FROM submission AS other WHERE other.job = old.job AND other.final = 0)
            ORDER BY changed LIMIT ?3)
         RETURNING job";
    let month = row::time(start_of_month(now));
    let most = i64::try_from(PRUNED_AT_ONCE).unwrap_or(i64::MAX);
    let before = row::time(before);
    let jobs: Vec<String> = read::rows(transaction, pruned, &[&before, &month, &most], |row| row.get(0))?;
    for job in &jobs {
        transaction.execute(
            "DELETE FROM job WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM submission WHERE job = ?1)",
            [job],
        )?;
    }
    Ok(jobs.len())
}

#[cfg(test)]
mod tests;
