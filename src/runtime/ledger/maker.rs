//! Permanently stores who created each invalidation, because CloudTrail's records never change.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::row;
use super::trouble::Trouble;
use crate::domain::trail::{Event, TrailKey};

/// Reads the stored event that created an invalidation. An event that cannot be parsed is looked up again.
pub(super) fn read(connection: &Connection, key: &TrailKey) -> Result<Option<Event>, Trouble> {
    let event: Option<String> = connection
        .query_row(
            "SELECT event FROM maker
             WHERE endpoint = ?1 AND target_kind = ?2 AND target = ?3 AND invalidation = ?4 AND reference = ?5",
            params![
                key.endpoint,
                key.target.kind(),
                key.target.id(),
                key.invalidation,
                key.reference
            ],
            |row| row.get(0),
        )
        .optional()?;
    Ok(event.and_then(|event| serde_json::from_str(&event).ok()))
}

/// Writes the event that created an invalidation.
pub(super) fn keep(transaction: &Transaction<'_>, key: &TrailKey, event: &Event) -> Result<(), Trouble> {
    transaction.execute(
        "INSERT INTO maker (endpoint, target_kind, target, invalidation, reference, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (endpoint, target_kind, target, invalidation, reference) DO UPDATE SET event = excluded.event",
        params![
            key.endpoint,
            key.target.kind(),
            key.target.id(),
            key.invalidation,
            key.reference,
            row::json(event)?
        ],
    )?;
    Ok(())
}
