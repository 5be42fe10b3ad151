//! The MFA code: requested if a role needs one, used once, and never displayed.

use std::fmt;
use std::sync::{Arc, Mutex};

use crate::domain::mfa::MfaCode;
use crate::runtime::held::lock;

/// The code that the user entered for a connection, kept until it is used. Clones share the code.
#[derive(Clone, Debug, Default)]
pub(super) struct Codes(Arc<Mutex<Option<MfaCode>>>);

impl Codes {
    pub(super) fn of(code: Option<MfaCode>) -> Self {
        Self(Arc::new(Mutex::new(code)))
    }

    /// Returns whether there is an unused code.
    pub(super) fn has_one(&self) -> bool {
        lock(&self.0).is_some()
    }

    /// Takes the code, because it is only valid for one request.
    pub(super) fn take(&self) -> Option<MfaCode> {
        lock(&self.0).take()
    }
}

/// The error for a role that cannot be assumed without a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CodeWanted {
    /// The name of the device in the profile.
    pub(super) device: String,
    /// Whether a code was entered, but STS did not accept it.
    pub(super) refused: bool,
}

impl fmt::Display for CodeWanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.refused {
            write!(f, "the code from MFA device {} was not accepted", self.device)
        } else {
            write!(f, "a code from MFA device {} is needed", self.device)
        }
    }
}

impl std::error::Error for CodeWanted {}
