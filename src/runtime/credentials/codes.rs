//! The code of an MFA device: asked for where a role needs one, used once, and shown nowhere.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::mfa::MfaCode;

/// The code that a person gave for a connection, until it is used. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Codes(Arc<Mutex<Option<MfaCode>>>);

impl Codes {
    pub(super) fn of(code: Option<MfaCode>) -> Self {
        Self(Arc::new(Mutex::new(code)))
    }

    /// Whether there is one that was not used.
    pub(super) fn has_one(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Takes it: a device's code is good for one request.
    pub(super) fn take(&self) -> Option<MfaCode> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A role cannot be assumed without a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CodeWanted {
    /// The device, as the profile names it.
    pub(super) device: String,
    /// Whether a code was given, and STS did not accept it.
    pub(super) refused: bool,
}

impl fmt::Display for CodeWanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.refused {
            write!(f, "the code of the MFA device {} was not accepted", self.device)
        } else {
            write!(f, "a code of the MFA device {} is needed", self.device)
        }
    }
}

impl std::error::Error for CodeWanted {}
