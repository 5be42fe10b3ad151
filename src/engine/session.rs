//! Who we are.

use std::collections::BTreeSet;

use crate::domain::danger::Guard;
use crate::domain::failure::Failure;
use crate::domain::submission::Scope;

/// Who we are for AWS.
#[derive(Clone, Debug, PartialEq)]
pub enum Session {
    /// Profile and credentials are being loaded.
    Connecting,
    /// They are loaded.
    Connected(Scope),
    /// They cannot be used; the failure says what helps.
    Failed(Failure),
}

/// Which profiles have a source of keys that is known to ask in the terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interactive {
    /// Their names.
    pub profiles: BTreeSet<String>,
    /// The profile that settings and environment name.
    pub first: String,
}

impl Interactive {
    /// Whether this profile has one; `None`: the one that settings and environment name.
    #[must_use]
    pub fn asks(&self, profile: Option<&str>) -> bool {
        self.profiles.contains(profile.unwrap_or(&self.first))
    }
}

/// How a person calls an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountLabel {
    /// A word or two, such as `PRODUCTION`.
    pub label: String,
    /// Whether it wears the colour of danger all the time.
    pub production: bool,
    /// Whether nothing may be sent in it.
    pub read_only: bool,
    /// Who is asked about what is dangerous.
    pub guard: Guard,
}
