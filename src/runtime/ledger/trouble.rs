//! What can go wrong with the file, and the sentence for it.

use std::path::Path;

use rusqlite::ErrorCode;

/// Why the ledger could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// `SQLite`'s own words.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The file is not a sound database.
    #[error("{0}")]
    Damaged(String),
    /// A sound database of some other program.
    #[error("the file belongs to another program")]
    Foreign,
    /// A ledger of a later release.
    #[error("format {theirs} is newer than {ours}")]
    Newer {
        /// The file's version.
        theirs: i32,
        /// The newest that is known here.
        ours: usize,
    },
    /// What was asked contradicts what is written; a finished sentence.
    #[error("{0}")]
    Conflict(String),
}

impl Trouble {
    /// Whether the file itself is broken, so that a new one may be begun.
    pub(super) fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged(_))
            || matches!(self.code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
    }

    /// Whether the disk failed in a way that leaves open what was written.
    pub(super) fn is_uncertain(&self) -> bool {
        self.code() == Some(ErrorCode::SystemIoFailure)
    }

    fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Sqlite(error) => error.sqlite_error_code(),
            Self::Damaged(_) | Self::Foreign | Self::Newer { .. } | Self::Conflict(_) => None,
        }
    }

    /// Cause and next step, for a person.
    pub(super) fn sentence(&self, ledger: &Path) -> String {
        let file = ledger.display();
        match self {
            Self::Conflict(sentence) => sentence.clone(),
            Self::Foreign => format!(
                "{file} is the database of another program; nothing in it was touched. Move it away, or set \
                    XDG_STATE_HOME to another folder"
            ),
            Self::Newer { theirs, ours } => format!(
                "{file} was written by a newer invalidash (format {theirs}, this one knows up to {ours}); nothing \
                    was read or written. Update invalidash, or set XDG_STATE_HOME to another folder"
            ),
            Self::Damaged(detail) => damaged(ledger, detail),
            Self::Sqlite(error) => sqlite_sentence(error, ledger),
        }
    }
}

fn damaged(ledger: &Path, detail: &str) -> String {
    format!(
        "the ledger {} is damaged ({detail}). Start invalidash again when no other one runs: the damaged file is \
            kept aside and a new one begun",
        ledger.display()
    )
}

fn sqlite_sentence(error: &rusqlite::Error, ledger: &Path) -> String {
    let file = ledger.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => {
            format!("the ledger {file} cannot grow: the disk is full. Free some space and try again")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => format!(
            "the ledger {file} cannot be written ({error}). Make the file and its folder writable, or set \
                XDG_STATE_HOME to a folder that is"
        ),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            format!("another program keeps the ledger {file} locked. Wait for it or end it, and try again")
        }
        Some(ErrorCode::SystemIoFailure) => format!(
            "the disk failed while the ledger {file} was written ({error}). Check the disk, or set XDG_STATE_HOME to \
                a folder on another one"
        ),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => damaged(ledger, &error.to_string()),
        Some(_) | None => format!("the ledger {file} could not be used: {error}. Start invalidash again"),
    }
}
