//! The session: the identity at AWS.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::domain::danger::Guard;
use crate::domain::distribution::AccountId;
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

/// What is known of the keys in use without asking anybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyFacts {
    /// Where they come from, in words.
    pub source: String,
    /// The profile in use, then those that lend it keys, each with the role that is assumed.
    pub chain: Vec<String>,
    /// The region that requests are signed for.
    pub region: String,
    /// When they are no longer valid; `None`: they do not tell, or never.
    pub expire: Option<DateTime<Utc>>,
    /// When a person has to log in again, since no new keys come by themselves; `None`: nobody knows, or never.
    pub login_ends: Option<DateTime<Utc>>,
    /// The command that helps then, where one is known.
    pub command: Option<String>,
}

/// Who we are, as far as somebody told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// The keys.
    pub keys: KeyFacts,
    /// The account, where it was asked for and told.
    pub account: Option<AccountId>,
    /// The identity's ARN, where it was asked for and told.
    pub arn: Option<String>,
}

/// What is known of the identity in use.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// The keys.
    pub keys: Option<KeyFacts>,
    /// Its ARN, from STS or from a refusal.
    pub arn: Option<String>,
    /// Whether it was said that the login has ended.
    pub(crate) end_is_said: bool,
}
