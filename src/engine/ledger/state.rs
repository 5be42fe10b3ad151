//! The state of the ledger.

use crate::domain::ledger_failure::{LedgerFailure, LedgerFailureKind};

/// Whether the ledger can be used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LedgerState {
    /// The ledger is being opened for the first time.
    #[default]
    Opening,
    /// The ledger is open, and its contents have been read.
    Open,
    /// The ledger cannot be opened at the moment.
    Closed {
        /// Why the ledger cannot be opened.
        failure: LedgerFailure,
        /// The number of attempts.
        tries: u32,
    },
}

impl LedgerState {
    /// Returns whether the ledger is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::Open
    }

    /// Returns why the ledger cannot be opened at the moment.
    #[must_use]
    pub fn failure(&self) -> Option<&LedgerFailure> {
        match self {
            Self::Closed { failure, .. } => Some(failure),
            Self::Opening | Self::Open => None,
        }
    }

    /// Returns an error if nothing can be sent. A ledger that is still being opened is not an error, because confirmed
    /// submissions are written as soon as it is open.
    ///
    /// # Errors
    /// A sentence with the cause and the next step.
    pub fn must_not_be_closed(&self) -> Result<(), String> {
        match self {
            Self::Opening | Self::Open => Ok(()),
            Self::Closed { failure, .. } => Err(format!("nothing can be sent without the ledger: {failure}")),
        }
    }
}

/// Returns a short phrase explaining why the ledger cannot be opened.
#[must_use]
pub fn word(kind: LedgerFailureKind) -> &'static str {
    match kind {
        LedgerFailureKind::Full => "disk full",
        LedgerFailureKind::Busy => "ledger locked",
        LedgerFailureKind::Disk => "disk failed",
        LedgerFailureKind::Unwritable => "ledger not writable",
        LedgerFailureKind::Untrusted => "state not trusted",
        LedgerFailureKind::Damaged => "ledger damaged",
        LedgerFailureKind::Foreign => "not a ledger",
        LedgerFailureKind::Newer => "ledger too new",
        LedgerFailureKind::Conflict | LedgerFailureKind::Ended => "no ledger",
    }
}
