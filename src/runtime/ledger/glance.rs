//! Reads the ledger quickly for shell completion: read-only, without checking its pages and without claiming anything.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::directory;
use crate::domain::distribution::Distribution;

/// The lock timeout, which is short because completion must not make the user wait.
const PATIENCE: Duration = Duration::from_millis(50);

/// Names in the ledger, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glance {
    /// The ids and labels of targets that have submissions or are pinned.
    pub targets: Vec<(String, String)>,
    /// The distributions in all stored lists.
    pub listed: Vec<Distribution>,
    /// The id, target and status of each invalidation.
    pub invalidations: Vec<(String, String, String)>,
    /// The id of each job, and when it was confirmed.
    pub jobs: Vec<(String, String)>,
}

const TARGETS: &str = "
    SELECT target, label FROM (SELECT target, label, max(number) AS newest FROM submission GROUP BY target ORDER BY newest DESC LIMIT 500)
    UNION ALL SELECT target, '' FROM favourite";

const INVALIDATIONS: &str = "
    SELECT invalidation, target, word FROM
        (SELECT * FROM submission WHERE invalidation IS NOT NULL ORDER BY number DESC LIMIT 300)
    UNION ALL SELECT id, target, status FROM (SELECT * FROM invalidation ORDER BY create_time DESC LIMIT 300)";

const LISTED: &str = "SELECT body FROM listed ORDER BY endpoint, profile, place";

const JOBS: &str = "SELECT id, created FROM job ORDER BY created DESC LIMIT 100";

/// Reads the ledger in this folder. The result is empty if it cannot be read, or if others could have written to it.
#[must_use]
pub fn glance(folder: &Path) -> Glance {
    let file = folder.join("ledger.db");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    if !file.is_file() || directory::must_be_ours(&file).is_err() {
        return Glance::default();
    }
    // Symbolic links are resolved first, because `SQLITE_OPEN_NOFOLLOW` rejects them.
    let file = file.canonicalize().unwrap_or(file);
    let connection = Connection::open_with_flags(file, flags);
    connection.and_then(|connection| read(&connection)).unwrap_or_default()
}

fn read(connection: &Connection) -> rusqlite::Result<Glance> {
    connection.busy_timeout(PATIENCE)?;
    let pairs = |sql: &str| -> rusqlite::Result<Vec<(String, String)>> {
        let mut statement = connection.prepare(sql)?;
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    };
    let mut statement = connection.prepare(INVALIDATIONS)?;
    let invalidations = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let mut listed = connection.prepare(LISTED)?;
    let bodies = listed.query_map([], |row| row.get::<_, String>(0))?;
    Ok(Glance {
        targets: pairs(TARGETS)?,
        listed: bodies
            .filter_map(|body| serde_json::from_str(&body.ok()?).ok())
            .collect(),
        invalidations: invalidations.collect::<rusqlite::Result<_>>()?,
        jobs: pairs(JOBS)?,
    })
}
