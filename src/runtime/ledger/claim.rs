//! Claims on submissions: each submission is claimed by at most one running process at a time.
//!
//! A process holds a lock on its own file as long as it lives; the system releases the lock however the process ends.
//! A claim is therefore stale if its process's file is gone or can be locked.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use rustix::fs::{FlockOperation, flock};
use ulid::Ulid;

use super::trouble::{Trouble, kind_of_io};
use super::{directory, read};
use crate::domain::ledger_failure::LedgerFailure;
use crate::engine::effect::Claim;

/// This process, as it is registered in the ledger.
pub(super) struct Process {
    id: String,
    /// The folder with the files of all processes, and this process's own file; `None` means no other process can
    /// access the ledger.
    files: Option<Files>,
}

struct Files {
    folder: PathBuf,
    own: PathBuf,
    /// Kept open until the process ends, because closing the file releases the lock.
    _lock: File,
}

impl Process {
    /// Creates a process that shares its ledger with no other process.
    pub(super) fn alone() -> Self {
        Self {
            id: Ulid::generate().to_string(),
            files: None,
        }
    }

    /// Registers this process in a ledger's folder.
    pub(super) fn begin(directory: &Path) -> Result<Self, LedgerFailure> {
        let id = Ulid::generate().to_string();
        let folder = directory::prepare(&directory.join("processes"))?;
        let own = folder.join(&id);
        let lock = lock_new(&folder.join(format!(".{id}")), &own).map_err(|error| cannot_lock(&own, &error))?;
        let process = Self {
            id,
            files: Some(Files {
                folder,
                own,
                _lock: lock,
            }),
        };
        process.sweep();
        Ok(process)
    }

    /// Removes the files of processes that died.
    fn sweep(&self) {
        // `is_alive` removes the files of dead processes. The files of running ones are locked.
        for other in self.others() {
            self.is_alive(&other);
        }
    }

    /// Returns the file names of the other processes.
    fn others(&self) -> impl Iterator<Item = String> {
        let files = self.files.as_ref();
        let folder = files.and_then(|files| std::fs::read_dir(&files.folder).ok());
        let names = folder.into_iter().flatten().flatten();
        let names = names.filter_map(|entry| entry.file_name().into_string().ok());
        names.filter(|name| *name != self.id)
    }

    /// Returns the id stored in this process's claims.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Claims every unfinished submission with this endpoint and profile that no running process has claimed. In
    /// other scopes, only releases the claims of dead processes, so that a window with the matching profile finds the
    /// submissions. Must be called within a transaction that excludes other writers; otherwise two processes could
    /// claim the same submission.
    pub(super) fn take_over(&self, connection: &Connection, claim: &Claim) -> Result<(), Trouble> {
        for holder in self.holders(connection)?.iter().filter(|holder| !self.is_alive(holder)) {
            connection.execute(
                "UPDATE submission SET claimed_by = NULL WHERE claimed_by = ?1",
                [holder],
            )?;
        }
        connection.execute(
            "UPDATE submission SET claimed_by = ?1
             WHERE final = 0 AND claimed_by IS NULL AND endpoint = ?2 AND profile = ?3",
            params![self.id, claim.endpoint, claim.profile],
        )?;
        Ok(())
    }

    /// Returns whether another running process shares the ledger, and removes the files of dead processes.
    pub(super) fn has_company(&self) -> bool {
        self.others().any(|other| self.is_alive(&other))
    }

    /// Returns the other processes that hold unfinished submissions, running or not.
    pub(super) fn holders(&self, connection: &Connection) -> Result<Vec<String>, Trouble> {
        let holders = "SELECT DISTINCT claimed_by FROM submission WHERE final = 0 AND claimed_by <> ?1";
        read::rows(connection, holders, &[&self.id], |row| row.get(0))
    }

    /// Returns whether a process is running, and removes the process's file if it is dead.
    pub(super) fn is_alive(&self, other: &str) -> bool {
        let Some(files) = &self.files else { return false };
        // The name comes from the database, so it is used as a file name only if it is a valid ULID.
        if Ulid::from_string(other).is_err() {
            return false;
        }
        let path = files.folder.join(other);
        match directory::existing_file(&path) {
            Ok(file) if flock(&file, FlockOperation::NonBlockingLockShared).is_ok() => {
                let _ = std::fs::remove_file(&path);
                false
            }
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            // A process that cannot be checked may be running. Two senders would be worse than a submission that waits.
            Ok(_) | Err(_) => true,
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(files) = &self.files {
            let _ = std::fs::remove_file(&files.own);
        }
    }
}

fn cannot_lock(own: &Path, error: &std::io::Error) -> LedgerFailure {
    let sentence = format!(
        "{} cannot be locked: {error}. Set XDG_STATE_HOME to a folder on a local disk",
        own.display()
    );
    LedgerFailure::new(kind_of_io(error), sentence)
}

/// Locks a new file before it gets the name that other processes check, so that they never find it unlocked.
fn lock_new(hidden: &Path, name: &Path) -> std::io::Result<File> {
    let file = directory::create_file(hidden)?;
    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    std::fs::rename(hidden, name)?;
    Ok(file)
}
