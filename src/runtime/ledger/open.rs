//! Opens a valid connection to the ledger in a folder, whatever the folder contains.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags};
use rustix::fs::{FlockOperation, flock};

use super::trouble::{Trouble, io_sentence, kind_of_io};
use super::{directory, filter, image, schema};
use crate::domain::ledger_failure::{LedgerFailure, LedgerFailureKind};
use crate::runtime::clock;

/// How long another program may keep the file locked before that counts as an error.
const PATIENCE: Duration = Duration::from_secs(5);

/// The lock timeout while the file is being opened, and the time limit for retries if the file is busy.
const PATIENCE_AT_FIRST: Duration = Duration::from_secs(1);

/// The pauses before retries after a disk failure.
const PAUSES: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(100)];

/// The suffixes of the file and its companions, in the order in which they are moved aside.
const BESIDES: [&str; 4] = ["", "-wal", "-journal", "-shm"];

/// An opened ledger.
pub(super) struct Opened {
    pub(super) connection: Connection,
    pub(super) place: Place,
    /// A problem that was repaired while opening.
    pub(super) warning: Option<String>,
}

/// The location of a ledger, locked so that no other invalidash process treats it as abandoned.
pub(super) struct Place {
    pub(super) file: PathBuf,
    /// A lock shared by all processes that use the file; exclusive while a damaged file is moved aside.
    gate: File,
}

impl Drop for Place {
    /// Releases the lock explicitly; a freshly forked child would keep it until the child executes another program.
    fn drop(&mut self) {
        let _ = flock(&self.gate, FlockOperation::Unlock);
    }
}

/// Opens the ledger in a prepared folder.
pub(super) fn open(folder: &Path) -> Result<Opened, LedgerFailure> {
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
        Err(trouble) if trouble.looks_damaged() => begin_anew(place),
        Err(trouble) => Err(trouble.failure(&place.file)),
    }
}

/// Connects to the database, checks it and migrates it. Retries after a temporary disk failure.
pub(super) fn connect(file: &Path) -> Result<Connection, Trouble> {
    let mut result = connect_when_free(file);
    for pause in PAUSES {
        if !result.as_ref().is_err_and(Trouble::is_uncertain) {
            break;
        }
        std::thread::sleep(pause);
        result = connect_when_free(file);
    }
    result
}

/// Connects to the database. While another process is creating the file, `SQLite` may return "busy" immediately
/// instead of waiting, so this retries for as long as `SQLite` would have waited.
fn connect_when_free(file: &Path) -> Result<Connection, Trouble> {
    const PAUSE: Duration = Duration::from_millis(10);
    let begun = Instant::now();
    loop {
        match connect_once(file) {
            Err(trouble) if trouble.is_busy() && begun.elapsed() < PATIENCE_AT_FIRST => std::thread::sleep(PAUSE),
            result => return result,
        }
    }
}

fn connect_once(file: &Path) -> Result<Connection, Trouble> {
    for suffix in BESIDES {
        directory::must_be_ours(&beside(file, suffix))?;
    }
    must_not_be_emptied(file)?;
    directory::ensure_database(file)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let mut connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE_AT_FIRST)?;
    prepare(&mut connection)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

/// Rejects an empty database with a log, because `SQLite` would discard the log, which may contain all data.
fn must_not_be_emptied(file: &Path) -> Result<(), Trouble> {
    /// The size of a log without contents: only its header.
    const HEAD: u64 = 32;
    if size(file)? == 0 && size(&beside(file, "-wal"))? > HEAD {
        return Err(Trouble::Emptied);
    }
    Ok(())
}

/// Moves the log's contents into the file and starts a new log. After a failed fsync, the next fsync may report success
/// without having written the data, and later pages in the same log would be lost along with it.
pub(super) fn begin_new_log(connection: &Connection) -> Result<(), Trouble> {
    // The result only shows whether another window was reading; that window detects disk failures through its own
    // connection.
    Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}

/// Returns the size of a file; zero if it does not exist.
fn size(path: &Path) -> io::Result<u64> {
    match path.symlink_metadata() {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

/// Prepares a connection before it is used.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), Trouble> {
    schema::check(connection)?;
    schema::configure(connection)?;
    filter::teach(connection)?;
    check_pages(connection)?;
    schema::migrate(connection)
}

/// Makes `SQLite` check every page.
pub(super) fn check_pages(connection: &Connection) -> Result<(), Trouble> {
    let verdict: String = connection.query_row("PRAGMA quick_check(20)", [], |row| row.get(0))?;
    if verdict == "ok" {
        return Ok(());
    }
    if let Some(unread) = verdict.lines().find(|line| is_unread(line)) {
        return Err(Trouble::Disk(unread.to_owned()));
    }
    // The first line may be a heading rather than a finding.
    let finding = verdict.lines().find(|line| !line.starts_with("***"));
    Err(Trouble::Damaged(finding.unwrap_or(&verdict).to_owned()))
}

/// Returns whether a finding means that the check could not read a page. Only the text of `SQLite`'s message shows
/// this. Further findings may be consequences of the failed read.
fn is_unread(finding: &str) -> bool {
    const CORRUPT: &str = "error code=11";
    finding.contains("failed to get page")
        || (finding.contains("unable to get the page") && !finding.ends_with(CORRUPT))
}

/// Moves a damaged file aside and starts a new one, unless another process is using it. The file counts as damaged only
/// if `SQLite` reports damage again while no other process is writing, and if a check of the bytes, read without an
/// error, confirms it.
fn begin_anew(place: Place) -> Result<Opened, LedgerFailure> {
    if flock(&place.gate, FlockOperation::NonBlockingLockExclusive).is_err() {
        return Err(LedgerFailure::new(
            LedgerFailureKind::Damaged,
            format!(
                "the ledger {} is damaged or its disk is failing, and another invalidash is using it. Check the disk, \
                    or quit \
                    the other invalidash so that a damaged ledger can be set aside and replaced",
                place.file.display()
            ),
        ));
    }
    // Between the two locks, another process may already have created a new file.
    let (connection, warning) = match connect(&place.file) {
        Ok(connection) => (connection, None),
        Err(trouble) if trouble.looks_damaged() => {
            let trouble = settle(trouble, &place.file).map_err(|trouble| trouble.failure(&place.file))?;
            let aside = put_aside(&place.file, clock::now())?;
            let connection = connect(&place.file).map_err(|trouble| trouble.failure(&place.file))?;
            (connection, Some(aside_sentence(&trouble, &aside)))
        }
        Err(trouble) => return Err(trouble.failure(&place.file)),
    };
    flock(&place.gate, FlockOperation::LockShared).map_err(|error| cannot_lock(&place.file, &error.into()))?;
    Ok(Opened {
        connection,
        place,
        warning,
    })
}

/// Distinguishes damage from a failing disk: returns the damage, or the disk failure as an error.
fn settle(trouble: Trouble, file: &Path) -> Result<Trouble, Trouble> {
    if matches!(trouble, Trouble::Emptied) {
        return Ok(trouble);
    }
    match image::check(file, &beside(file, "-wal")) {
        Err(found) if found.looks_damaged() => Ok(found),
        Err(Trouble::Unusable(error)) => Err(Trouble::Disk(error.to_string())),
        Err(other) => Err(other),
        Ok(()) => Err(Trouble::Disk(format!(
            "{trouble}, although the file's contents are intact"
        ))),
    }
}

fn aside_sentence(trouble: &Trouble, aside: &Path) -> String {
    format!(
        "the ledger was damaged ({trouble}); it was moved to {} and a new one was created. The new ledger does \
            not include submissions in progress, so check their distributions' invalidations",
        aside.display()
    )
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Renames the file and its companions; returns the new name of the first one that existed. The database file is
/// renamed first, so that an interruption leaves a log without a database, which the next start recognizes.
fn put_aside(file: &Path, now: DateTime<Utc>) -> Result<PathBuf, LedgerFailure> {
    let to = beside(file, &format!(".damaged-{}", now.format("%Y%m%dT%H%M%S%3fZ")));
    let mut first = None;
    for suffix in BESIDES {
        let (from, to) = (beside(file, suffix), beside(&to, suffix));
        match std::fs::rename(&from, &to) {
            Ok(()) => drop(first.get_or_insert(to)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let sentence = format!(
                    "the damaged ledger {} cannot be set aside: {error}. Move it out of the way",
                    from.display()
                );
                return Err(LedgerFailure::new(kind_of_io(&error), sentence));
            }
        }
    }
    Ok(first.unwrap_or(to))
}

/// Takes the lock that all processes using the ledger share. A process that moves a damaged file aside holds it
/// exclusively, but only for a moment.
fn gate(path: &Path) -> Result<File, LedgerFailure> {
    directory::must_be_ours(path).map_err(|trouble| trouble.failure(path))?;
    let file = directory::open_file(path).map_err(|error| cannot_lock(path, &error))?;
    let until = Instant::now() + PATIENCE_AT_FIRST;
    loop {
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => return Ok(file),
            Err(error) if error == rustix::io::Errno::WOULDBLOCK && Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(error) => return Err(cannot_lock(path, &error.into())),
        }
    }
}

fn cannot_lock(path: &Path, error: &io::Error) -> LedgerFailure {
    if error.kind() == io::ErrorKind::WouldBlock {
        return LedgerFailure::new(
            LedgerFailureKind::Busy,
            format!(
                "{} is locked by another invalidash. Wait for it to finish, or quit it, then try again",
                path.display()
            ),
        );
    }
    LedgerFailure::new(kind_of_io(error), io_sentence(&path.display().to_string(), error))
}
