//! The failures of the ledger's file, with the sentences that describe them.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use rustix::process::{Resource, getrlimit};

use crate::domain::ledger_failure::{LedgerFailure, LedgerFailureKind};
use crate::runtime::trust::Distrust;

/// The reason why a ledger operation failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// `SQLite` reported an error.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The pages of the file are inconsistent.
    #[error("{0}")]
    Damaged(String),
    /// The file is empty or missing, but its log is not.
    #[error("the file is empty or missing, although its log is not")]
    Emptied,
    /// The disk failed outside of `SQLite`, or in a way that `SQLite` reports as damage.
    #[error("{0}")]
    Disk(String),
    /// The file or folder cannot be used.
    #[error(transparent)]
    Unusable(#[from] std::io::Error),
    /// The file or folder belongs to other users, or they may write to it.
    #[error("{}", .0.sentence(.1))]
    Untrusted(Distrust, PathBuf),
    /// The file is a valid database of another program.
    #[error("the file belongs to another program")]
    Foreign,
    /// The file is a ledger of a later version.
    #[error("format {theirs} is newer than {ours}")]
    Newer {
        /// The file's version.
        theirs: i32,
        /// The newest version that this program supports.
        ours: usize,
    },
    /// The operation contradicts the ledger's contents. The text is a complete sentence.
    #[error("{0}")]
    Conflict(String),
}

impl Trouble {
    /// Returns whether the file may be damaged. This alone proves nothing, because `SQLite` reports a failed read in
    /// the same way.
    pub(super) fn looks_damaged(&self) -> bool {
        matches!(self, Self::Damaged(_) | Self::Emptied)
            || matches!(self.code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
    }

    /// Returns whether the disk failed or may have failed. If so, it is uncertain what was read or written.
    pub(super) fn is_uncertain(&self) -> bool {
        self.looks_damaged() || self.kind() == LedgerFailureKind::Disk
    }

    /// Returns whether another connection has locked the file.
    pub(super) fn is_busy(&self) -> bool {
        self.kind() == LedgerFailureKind::Busy
    }

    fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Sqlite(error) => error.sqlite_error_code(),
            _ => None,
        }
    }

    fn kind(&self) -> LedgerFailureKind {
        match self {
            Self::Sqlite(error) => kind_of_sqlite(error),
            Self::Damaged(_) | Self::Emptied | Self::Disk(_) => LedgerFailureKind::Disk,
            Self::Unusable(error) => kind_of_io(error),
            Self::Untrusted(..) => LedgerFailureKind::Untrusted,
            Self::Foreign => LedgerFailureKind::Foreign,
            Self::Newer { .. } => LedgerFailureKind::Newer,
            Self::Conflict(_) => LedgerFailureKind::Conflict,
        }
    }

    /// Returns the failure to report to the user.
    pub(super) fn failure(&self, ledger: &Path) -> LedgerFailure {
        LedgerFailure::new(self.kind(), self.sentence(ledger))
    }

    /// Returns the cause and the next step.
    fn sentence(&self, ledger: &Path) -> String {
        let file = ledger.display();
        match self {
            Self::Conflict(sentence) => sentence.clone(),
            Self::Untrusted(distrust, path) => distrust.sentence(path),
            Self::Foreign => format!(
                "{file} is another program's database; it was not changed. Move it out of the way, or set \
                    XDG_STATE_HOME to another folder"
            ),
            Self::Newer { theirs, ours } => format!(
                "{file} was written by a newer version of invalidash (format {theirs}; this version supports {ours}); nothing \
                    was read or written. Update invalidash, or set XDG_STATE_HOME to another folder"
            ),
            Self::Damaged(_) | Self::Emptied | Self::Disk(_) => disk_sentence(ledger, &self.to_string()),
            Self::Unusable(error) => io_sentence(&format!("the ledger {file}"), error),
            Self::Sqlite(error) => sqlite_sentence(error, ledger),
        }
    }
}

fn kind_of_sqlite(error: &rusqlite::Error) -> LedgerFailureKind {
    if is_too_large(error) {
        return LedgerFailureKind::Full;
    }
    let Some(code) = error.sqlite_error_code() else {
        return LedgerFailureKind::Conflict;
    };
    match code {
        ErrorCode::DiskFull => LedgerFailureKind::Full,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => LedgerFailureKind::Unwritable,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
            LedgerFailureKind::Busy
        }
        ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => LedgerFailureKind::Disk,
        _ => LedgerFailureKind::Conflict,
    }
}

/// Returns the kind of a file system error.
pub(super) fn kind_of_io(error: &std::io::Error) -> LedgerFailureKind {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded | std::io::ErrorKind::FileTooLarge => {
            LedgerFailureKind::Full
        }
        _ if error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()) => LedgerFailureKind::Disk,
        _ => LedgerFailureKind::Unwritable,
    }
}

/// Returns the sentence for a file system error; `what` names the file or folder, e.g. `the state folder /tmp/x`.
pub(super) fn io_sentence(what: &str, error: &std::io::Error) -> String {
    match kind_of_io(error) {
        LedgerFailureKind::Full if error.kind() == std::io::ErrorKind::FileTooLarge => {
            format!("{what} cannot be written: {}", limit_sentence())
        }
        LedgerFailureKind::Full => format!("{what} cannot be written: the disk is full. Free some space and try again"),
        LedgerFailureKind::Disk => {
            format!("{what} cannot be used: disk error ({error}). Check the disk and try again")
        }
        _ => format!("{what} cannot be used: {error}. Make it writable, or set XDG_STATE_HOME to a folder that is"),
    }
}

/// Returns whether a write failed because of the process's file size limit. `SQLite` hides the system's error and
/// reports a failing disk in the same way; if a limit is set, it is by far the likelier cause.
fn is_too_large(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_WRITE};
    let growing = [SQLITE_IOERR_WRITE, SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_SHMSIZE];
    error
        .sqlite_error()
        .is_some_and(|error| growing.contains(&error.extended_code))
        && getrlimit(Resource::Fsize).current.is_some()
}

fn limit_sentence() -> String {
    let bytes = getrlimit(Resource::Fsize).current.unwrap_or(u64::MAX);
    format!(
        "this process can write files of at most {bytes} bytes. Raise the limit (`ulimit -f`), then restart invalidash"
    )
}

/// Returns the sentence for a failing disk or a damaged file. A single read cannot show which it is, so this is
/// determined when the ledger is opened.
fn disk_sentence(ledger: &Path, detail: &str) -> String {
    format!(
        "the ledger {} could not be read or written: {detail}. Check the disk; if the file is damaged, \
            restart invalidash to set it aside and create a new one",
        ledger.display()
    )
}

fn sqlite_sentence(error: &rusqlite::Error, ledger: &Path) -> String {
    let file = ledger.display();
    match kind_of_sqlite(error) {
        LedgerFailureKind::Full if is_too_large(error) => {
            format!("the ledger {file} cannot grow: {}", limit_sentence())
        }
        LedgerFailureKind::Full => {
            format!("the ledger {file} cannot grow: the disk is full. Free some space and try again")
        }
        LedgerFailureKind::Unwritable => format!(
            "the ledger {file} cannot be written ({error}). Make the file and its folder writable, or set \
                XDG_STATE_HOME to a folder that is"
        ),
        LedgerFailureKind::Busy => {
            format!("another program has locked the ledger {file}. Wait for it to finish, or quit it, then try again")
        }
        LedgerFailureKind::Disk => disk_sentence(ledger, &error.to_string()),
        _ => format!("the ledger {file} could not be used: {error}. Restart invalidash"),
    }
}
