//! From a folder to a sound connection, whatever lies there.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags};
use rustix::fs::{FlockOperation, flock};

use super::trouble::Trouble;
use super::{directory, schema};

/// How long another program may keep the file locked before that is an error.
const PATIENCE: Duration = Duration::from_secs(5);

/// An open ledger.
pub(super) struct Opened {
    pub(super) connection: Connection,
    pub(super) place: Place,
    /// What was put right on the way.
    pub(super) warning: Option<String>,
}

/// Where a ledger is, held so that no other process of ours takes it for abandoned.
pub(super) struct Place {
    pub(super) file: PathBuf,
    /// Locked by all who use the file; locked by one alone while a damaged file is put aside.
    gate: File,
}

impl Drop for Place {
    /// Lets go at once: a child that was just forked off would keep the lock until it becomes another program.
    fn drop(&mut self) {
        let _ = flock(&self.gate, FlockOperation::Unlock);
    }
}

/// Opens the ledger of a prepared folder.
pub(super) fn open(folder: &Path) -> Result<Opened, String> {
    let file = folder.join("ledger.db");
    let place = Place {
        gate: gate(&folder.join("ledger.lock"))?,
        file,
    };
    match connect(&place.file) {
        Ok(connection) => Ok(Opened {
            connection,
            place,
            warning: None,
        }),
        Err(trouble) if trouble.is_damage() => begin_anew(place),
        Err(trouble) => Err(trouble.sentence(&place.file)),
    }
}

/// Connects, checks and migrates.
pub(super) fn connect(file: &Path) -> Result<Connection, Trouble> {
    directory::ensure_database(file).map_err(|error| {
        Trouble::Conflict(format!(
            "the ledger {} cannot be opened: {error}. Make it and its folder writable, or set XDG_STATE_HOME to a \
                folder that is",
            file.display()
        ))
    })?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let mut connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    prepare(&mut connection)?;
    Ok(connection)
}

/// What every connection goes through before it is used.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), Trouble> {
    schema::check(connection)?;
    schema::configure(connection)?;
    check_pages(connection)?;
    schema::migrate(connection)
}

fn check_pages(connection: &Connection) -> Result<(), Trouble> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(Trouble::Damaged(verdict))
    }
}

/// Puts the damaged file aside and begins a new one, unless another process uses it.
fn begin_anew(place: Place) -> Result<Opened, String> {
    if flock(&place.gate, FlockOperation::NonBlockingLockExclusive).is_err() {
        return Err(format!(
            "the ledger {} is damaged, and another invalidash uses it. End that one, then start again: the damaged \
                file is kept aside and a new one begun",
            place.file.display()
        ));
    }
    // Between the two locks another process may have begun a new one already.
    let (connection, warning) = match connect(&place.file) {
        Ok(connection) => (connection, None),
        Err(trouble) if trouble.is_damage() => {
            let aside = put_aside(&place.file, Utc::now())?;
            let connection = connect(&place.file).map_err(|trouble| trouble.sentence(&place.file))?;
            (connection, Some(aside_sentence(&trouble, &aside)))
        }
        Err(trouble) => return Err(trouble.sentence(&place.file)),
    };
    flock(&place.gate, FlockOperation::LockShared).map_err(|error| {
        format!(
            "{} cannot be locked: {error}. Start invalidash again",
            place.file.display()
        )
    })?;
    Ok(Opened {
        connection,
        place,
        warning,
    })
}

fn aside_sentence(trouble: &Trouble, aside: &Path) -> String {
    format!(
        "the ledger was damaged ({trouble}); it is kept as {} and a new one was begun. Submissions that were under \
            way are not known here any more: look at the invalidations of their distributions",
        aside.display()
    )
}

/// Renames the file and what belongs to it.
fn put_aside(file: &Path, now: DateTime<Utc>) -> Result<PathBuf, String> {
    let stamp = now.format("%Y%m%dT%H%M%S%3fZ");
    let renamed = |suffix: &str| {
        let (mut from, mut to) = (file.as_os_str().to_owned(), file.as_os_str().to_owned());
        from.push(suffix);
        to.push(format!(".damaged-{stamp}{suffix}"));
        (PathBuf::from(from), PathBuf::from(to))
    };
    let (from, to) = renamed("");
    std::fs::rename(&from, &to).map_err(|error| {
        format!(
            "the ledger {} is damaged and cannot be kept aside: {error}. Move it away",
            from.display()
        )
    })?;
    for suffix in ["-wal", "-shm"] {
        let (from, to) = renamed(suffix);
        // Most of the time there is none.
        let _ = std::fs::rename(from, to);
    }
    Ok(to)
}

/// Joins those who use the ledger. One who puts a damaged file aside holds the gate for a moment only.
fn gate(path: &Path) -> Result<File, String> {
    let cannot = |error: &dyn std::fmt::Display| {
        format!(
            "{} cannot be locked: {error}. Make its folder writable, or set XDG_STATE_HOME to a folder that is",
            path.display()
        )
    };
    let file = directory::open_file(path).map_err(|error| cannot(&error))?;
    let until = Instant::now() + PATIENCE;
    loop {
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => return Ok(file),
            Err(error) if error == rustix::io::Errno::WOULDBLOCK && Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(error) => return Err(cannot(&error)),
        }
    }
}
