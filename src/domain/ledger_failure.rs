//! Why a ledger operation failed.

use std::fmt;

/// The kind of a ledger failure; it alone decides what can be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerFailureKind {
    /// The disk is full.
    Full,
    /// Another program keeps the file locked.
    Busy,
    /// The disk failed, or returned data that looks damaged.
    Disk,
    /// The file or folder cannot be opened or written.
    Unwritable,
    /// Another user owns the file or folder or may write there, so its content may not be what this user intended.
    Untrusted,
    /// The file is damaged while another window uses it.
    Damaged,
    /// The file belongs to another program.
    Foreign,
    /// The file was written by a later release.
    Newer,
    /// The operation contradicts the content of the ledger.
    Conflict,
    /// The ledger's thread has ended.
    Ended,
}

/// A failure of a ledger operation. As far as anybody can tell, nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerFailure {
    /// The kind of failure.
    pub kind: LedgerFailureKind,
    /// Cause and next step, as a sentence for the user.
    pub sentence: String,
}

impl LedgerFailure {
    /// Creates a failure of this kind with its sentence.
    #[must_use]
    pub fn new(kind: LedgerFailureKind, sentence: impl Into<String>) -> Self {
        Self {
            kind,
            sentence: sentence.into(),
        }
    }

    /// Returns whether the operation may have taken effect anyway: a failing disk may have stored it.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        matches!(self.kind, LedgerFailureKind::Disk | LedgerFailureKind::Ended)
    }

    /// Returns whether the same operation may succeed later without any action here: the user frees space, or releases
    /// a lock or a disk.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self.kind {
            LedgerFailureKind::Full
            | LedgerFailureKind::Busy
            | LedgerFailureKind::Disk
            | LedgerFailureKind::Unwritable
            | LedgerFailureKind::Untrusted
            | LedgerFailureKind::Damaged => true,
            LedgerFailureKind::Foreign
            | LedgerFailureKind::Newer
            | LedgerFailureKind::Conflict
            | LedgerFailureKind::Ended => false,
        }
    }
}

impl fmt::Display for LedgerFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for LedgerFailure {}

impl From<LedgerFailure> for String {
    fn from(failure: LedgerFailure) -> Self {
        failure.sentence
    }
}
