//! The session: the AWS identity in use.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::domain::distribution::AccountId;
use crate::domain::failure::Failure;
use crate::domain::submission::Scope;

/// The state of the AWS identity.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Session {
    /// The profile and credentials are being loaded.
    #[default]
    Connecting,
    /// The profile and credentials are loaded.
    Connected(Scope),
    /// The profile or credentials cannot be used; the failure includes the remedy.
    Failed(Failure),
}

/// The profiles whose credential sources prompt in the terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interactive {
    /// The names of the profiles that prompt.
    pub profiles: BTreeSet<String>,
    /// The profile selected by the settings and the environment.
    pub first: String,
}

impl Interactive {
    /// Returns whether this profile prompts; `None` means the one selected by the settings and the environment.
    #[must_use]
    pub fn asks(&self, profile: Option<&str>) -> bool {
        self.profiles.contains(profile.unwrap_or(&self.first))
    }
}

/// Facts about the current credentials that are available without a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyFacts {
    /// A description of where the credentials come from.
    pub source: String,
    /// The current profile, then its source profiles, each with the role that is assumed.
    pub chain: Vec<String>,
    /// The region that requests are signed for.
    pub region: String,
    /// When the credentials expire; `None` means unknown or never.
    pub expire: Option<DateTime<Utc>>,
    /// When the user has to log in again because the credentials can no longer be renewed automatically; `None` means
    /// unknown or never.
    pub login_ends: Option<DateTime<Utc>>,
    /// The command to log in again, if known.
    pub command: Option<String>,
}

/// The details of the identity that could be determined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// The credentials.
    pub keys: KeyFacts,
    /// The account, if it was requested and returned.
    pub account: Option<AccountId>,
    /// The identity's ARN, if it was requested and returned.
    pub arn: Option<String>,
}

/// The known details of the current identity.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// The credentials.
    pub keys: Option<KeyFacts>,
    /// The identity's ARN, from STS or from a refusal.
    pub arn: Option<String>,
    /// Whether the user has been told that the login has expired.
    pub(crate) end_is_said: bool,
}
