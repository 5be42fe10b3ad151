//! Whose a submission is, and whether the credentials in use are those it was made with.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Submission;
use crate::domain::distribution::AccountId;

/// Whose credentials and which server a submission was made with. It is only ever carried on against the same ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// The account, where the credentials' rights let us know it.
    pub account: Option<AccountId>,
    /// The address asked, in plain words; `CloudFront` when it is the real one.
    pub endpoint: String,
    /// The profile's name; `default` when none was chosen, `environment` when keys came from variables.
    pub profile: String,
}

impl Scope {
    /// Whether both may see the same distributions: the same server, and accounts that are not known to differ. The profile
    /// does not matter.
    #[must_use]
    pub fn is_same_place(&self, other: &Self) -> bool {
        let accounts = self.account.as_ref().zip(other.account.as_ref());
        self.endpoint == other.endpoint && accounts.is_none_or(|(one, two)| one == two)
    }

    /// Whether both are billed together: the same account, or the same profile where an account is not known.
    #[must_use]
    pub fn is_same_payer(&self, other: &Self) -> bool {
        let accounts = self.account.as_ref().zip(other.account.as_ref());
        let same = accounts.map_or(self.profile == other.profile, |(one, two)| one == two);
        self.endpoint == other.endpoint && same
    }
}

/// How long a submission that is younger goes on by itself after a restart; an older one is asked about first.
pub const FORGOTTEN_AFTER: TimeDelta = TimeDelta::minutes(10);

/// Whether the credentials in use are those that a submission was made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// They are, as far as anybody can tell.
    Ours,
    /// The account is not known yet, and the submission's is.
    NotYetKnown,
    /// They are not.
    Foreign(Difference),
}

/// What a submission was made with, and what is in use instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Another server.
    Endpoint {
        /// Its address; `CloudFront` for the real one.
        made: String,
        /// The one in use.
        now: String,
    },
    /// Another profile.
    Profile {
        /// Its name.
        made: String,
        /// The one in use.
        now: String,
    },
    /// Another account.
    Account {
        /// Its id.
        made: AccountId,
        /// The one in use; `None`: the credentials may not tell.
        now: Option<AccountId>,
    },
}

impl Difference {
    /// Whose it is, to be put behind a noun: `of profile dev`.
    #[must_use]
    pub fn owner(&self) -> String {
        match self {
            Self::Endpoint { made, .. } => format!("for {made}"),
            Self::Profile { made, .. } => format!("of profile {made}"),
            Self::Account { made, .. } => format!("of account {made}"),
        }
    }

    /// The same in as few columns as possible.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Endpoint { .. } => "other endpoint",
            Self::Profile { .. } => "other profile",
            Self::Account { .. } => "other account",
        }
    }
}

/// A sentence that names both sides.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint { made, now } => write!(f, "made for {made}; now {now} is used"),
            Self::Profile { made, now } => write!(f, "made with profile {made}; now {now} is used"),
            Self::Account { made, now: Some(now) } => {
                write!(f, "made for account {made}; the credentials now belong to {now}")
            }
            Self::Account { made, now: None } => {
                write!(
                    f,
                    "made for account {made}; the credentials may not tell whose they are"
                )
            }
        }
    }
}

impl Submission {
    /// Whether a restarted program may carry it on without asking: same scope, young enough, and no longer one that could
    /// be stopped when the program ended: perhaps it was ended for that.
    #[must_use]
    pub fn may_resume(&self, scope: &Scope, now: DateTime<Utc>) -> bool {
        // A clock that was set back makes an age negative; that is not "young".
        let is_young = (TimeDelta::zero()..FORGOTTEN_AFTER).contains(&(now - self.created));
        is_young && !self.state.is_counting() && self.ownership(scope) == Ownership::Ours
    }

    /// Whether it was made with this account, endpoint and profile. A submission made without knowing the account goes by
    /// the other two.
    #[must_use]
    pub fn ownership(&self, scope: &Scope) -> Ownership {
        let made = &self.scope;
        if made.endpoint != scope.endpoint {
            return Ownership::Foreign(Difference::Endpoint {
                made: made.endpoint.clone(),
                now: scope.endpoint.clone(),
            });
        }
        if made.profile != scope.profile {
            return Ownership::Foreign(Difference::Profile {
                made: made.profile.clone(),
                now: scope.profile.clone(),
            });
        }
        match (&made.account, &scope.account) {
            (Some(made), Some(now)) if made != now => Ownership::Foreign(Difference::Account {
                made: made.clone(),
                now: Some(now.clone()),
            }),
            (Some(_), None) => Ownership::NotYetKnown,
            (Some(_), Some(_)) | (None, _) => Ownership::Ours,
        }
    }
}
