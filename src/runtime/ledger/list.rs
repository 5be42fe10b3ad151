//! The list of distributions that a profile last loaded.

use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::read::rows;
use super::row;
use super::trouble::Trouble;
use crate::domain::distribution::AccountId;
use crate::domain::kept_list::KeptList;
use crate::domain::submission::Scope;

/// How long an unused list is kept. Profiles may fall out of use.
const KEPT_FOR: TimeDelta = TimeDelta::days(90);

/// Reads the lists of all profiles at an endpoint.
pub(super) fn at(connection: &Connection, endpoint: &str) -> Result<Vec<KeptList>, Trouble> {
    let scopes = rows(
        connection,
        "SELECT account, endpoint, profile FROM list WHERE endpoint = ?1 ORDER BY profile",
        &[&endpoint],
        row::scope,
    )?;
    let lists = scopes.iter().map(|scope| read(connection, scope));
    lists.filter_map(Result::transpose).collect()
}

/// Reads a profile's stored list, if there is one. A distribution that cannot be parsed is skipped, because CloudFront
/// will return it again.
pub(super) fn read(connection: &Connection, scope: &Scope) -> Result<Option<KeptList>, Trouble> {
    let kept = connection
        .query_row(
            "SELECT account, endpoint, profile, as_of FROM list WHERE endpoint = ?1 AND profile = ?2",
            params![scope.endpoint, scope.profile],
            |kept| Ok((row::scope(kept)?, row::parsed_time(kept, "as_of")?)),
        )
        .optional()?;
    let Some((scope, as_of)) = kept else { return Ok(None) };
    let bodies = known(connection, &scope)?;
    let distributions = bodies
        .iter()
        .filter_map(|body| serde_json::from_str(body).ok())
        .collect();
    Ok(Some(KeptList {
        scope,
        as_of,
        distributions,
    }))
}

/// Stores a list, replacing the earlier one. If the list is unchanged, only its time is written.
pub(super) fn keep(transaction: &Transaction<'_>, kept: &KeptList) -> Result<(), Trouble> {
    let (endpoint, profile) = (&kept.scope.endpoint, &kept.scope.profile);
    transaction.execute("DELETE FROM list WHERE as_of < ?1", [row::time(kept.as_of - KEPT_FOR)])?;
    transaction.execute(
        "INSERT INTO list (endpoint, profile, account, as_of) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (endpoint, profile) DO UPDATE SET account = excluded.account, as_of = excluded.as_of",
        params![
            endpoint,
            profile,
            kept.scope.account.as_ref().map(AccountId::as_str),
            row::time(kept.as_of)
        ],
    )?;
    let bodies: Vec<String> = kept.distributions.iter().map(row::json).collect::<Result<_, _>>()?;
    if bodies == known(transaction, &kept.scope)? {
        return Ok(());
    }
    transaction.execute(
        "DELETE FROM listed WHERE endpoint = ?1 AND profile = ?2",
        params![endpoint, profile],
    )?;
    let mut put = transaction.prepare("INSERT INTO listed (endpoint, profile, place, body) VALUES (?1, ?2, ?3, ?4)")?;
    for (place, body) in (0_i64..).zip(&bodies) {
        put.execute(params![endpoint, profile, place, body])?;
    }
    Ok(())
}

fn known(connection: &Connection, scope: &Scope) -> Result<Vec<String>, Trouble> {
    rows(
        connection,
        "SELECT body FROM listed WHERE endpoint = ?1 AND profile = ?2 ORDER BY place",
        &[&scope.endpoint, &scope.profile],
        |row| row.get(0),
    )
}
