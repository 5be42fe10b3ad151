//! Failures of ledger operations.

/// The kind of a ledger failure, which alone determines what can be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerFailureKind {
    /// The disk is full.
    Full,
    /// Another program has locked the file.
    Busy,
    /// The disk failed, or returned data that looks damaged.
    Disk,
    /// The file or folder cannot be opened or written to.
    Unwritable,
    /// The file or folder belongs to another user, or another user may write to it, so its contents may not be what
    /// this user intended.
    Untrusted,
    /// The file is damaged, and another window is using it.
    Damaged,
    /// The file belongs to another program.
    Foreign,
    /// The file was written by a later version.
    Newer,
    /// The operation conflicts with the contents of the ledger.
    Conflict,
    /// The ledger's thread has stopped.
    Ended,
}

/// A failure of a ledger operation. Nothing was written, as far as can be determined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct LedgerFailure {
    /// The kind of failure.
    pub kind: LedgerFailureKind,
    /// A sentence for the user that gives the cause and the next step.
    pub sentence: String,
}

impl LedgerFailure {
    /// Creates a failure of the given kind with the given sentence.
    #[must_use]
    pub fn new(kind: LedgerFailureKind, sentence: impl Into<String>) -> Self {
        Self {
            kind,
            sentence: sentence.into(),
        }
    }

    /// Returns whether the operation may have taken effect anyway, e.g. because a failing disk stored the data.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        matches!(self.kind, LedgerFailureKind::Disk | LedgerFailureKind::Ended)
    }

    /// Returns whether the same operation may succeed later without any action in this program, e.g. once the user has
    /// freed space, or released a lock or a disk.
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

impl From<LedgerFailure> for String {
    fn from(failure: LedgerFailure) -> Self {
        failure.sentence
    }
}
