//! Why the ledger did not do what it was asked.

use std::fmt;

/// The kind of a failure: what may be done about it depends on it alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerFailureKind {
    /// The disk is full.
    Full,
    /// Another program keeps the file locked.
    Busy,
    /// The disk failed, or what it gave cannot be told from damage.
    Disk,
    /// File or folder cannot be opened or written.
    Unwritable,
    /// Somebody else owns file or folder, or may write there: what it holds may not be a person's own will.
    Untrusted,
    /// The file is damaged while another window uses it.
    Damaged,
    /// The file belongs to another program.
    Foreign,
    /// The file is of a later release.
    Newer,
    /// The operation contradicts what the ledger holds.
    Conflict,
    /// The ledger's thread has ended.
    Ended,
}

/// A failure of the ledger. Nothing of what was asked is written then, as far as anybody can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerFailure {
    /// What kind of failure it is.
    pub kind: LedgerFailureKind,
    /// Cause and next step, for a person.
    pub sentence: String,
}

impl LedgerFailure {
    /// A failure of this kind, with its sentence.
    #[must_use]
    pub fn new(kind: LedgerFailureKind, sentence: impl Into<String>) -> Self {
        Self {
            kind,
            sentence: sentence.into(),
        }
    }

    /// Whether the ledger may hold what was asked all the same: a disk that failed may have kept it.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        matches!(self.kind, LedgerFailureKind::Disk | LedgerFailureKind::Ended)
    }

    /// Whether the same may work later without anything being done here: somebody frees space, a lock or a disk.
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
