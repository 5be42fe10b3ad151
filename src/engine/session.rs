//! The session: the identity at AWS.

use std::collections::BTreeSet;

use crate::domain::danger::Guard;
use crate::domain::failure::Failure;
use crate::domain::submission::Scope;

/// The state of the AWS identity.
#[derive(Clone, Debug, PartialEq)]
pub enum Session {
    /// Profile and credentials are being loaded.
    Connecting,
    /// Profile and credentials are loaded.
    Connected(Scope),
    /// Profile or credentials cannot be used; the failure names what helps.
    Failed(Failure),
}

/// The profiles whose source of keys is known to prompt in the terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interactive {
    /// The names of these profiles.
    pub profiles: BTreeSet<String>,
    /// The profile named by settings and environment.
    pub first: String,
}

impl Interactive {
    /// Returns whether this profile prompts; `None` stands for the one named by settings and environment.
    #[must_use]
    pub fn asks(&self, profile: Option<&str>) -> bool {
        self.profiles.contains(profile.unwrap_or(&self.first))
    }
}

/// The user's settings for an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountLabel {
    /// The label, a word or two, e.g. `PRODUCTION`.
    pub label: String,
    /// Whether the account is always shown in the color of danger.
    pub production: bool,
    /// Whether sending is disabled in it.
    pub read_only: bool,
    /// Who must confirm dangers.
    pub guard: Guard,
}
