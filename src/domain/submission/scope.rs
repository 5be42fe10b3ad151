//! The scope of a submission, and whether the current credentials match it.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Submission;
use crate::domain::distribution::AccountId;

/// The account, endpoint and profile that a submission was created with. The submission is resumed only with the same
/// three.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// The account, if the credentials' permissions are sufficient to determine it.
    pub account: Option<AccountId>,
    /// The endpoint for display; `CloudFront` for the real one.
    pub endpoint: String,
    /// The profile name; `default` if none was chosen, `environment` if the credentials came from environment
    /// variables.
    pub profile: String,
}

impl Scope {
    /// Returns whether both scopes may see the same distributions: their endpoints are the same, and their accounts are
    /// not known to differ. The profile does not matter.
    #[must_use]
    pub fn is_same_place(&self, other: &Self) -> bool {
        let accounts = self.account.as_ref().zip(other.account.as_ref());
        self.endpoint == other.endpoint && accounts.is_none_or(|(one, two)| one == two)
    }

    /// Returns whether both scopes are billed together: they have the same account, or the same profile if either
    /// account is unknown.
    #[must_use]
    pub fn is_same_payer(&self, other: &Self) -> bool {
        let accounts = self.account.as_ref().zip(other.account.as_ref());
        let same = accounts.map_or(self.profile == other.profile, |(one, two)| one == two);
        self.endpoint == other.endpoint && same
    }
}

/// The age below which a submission resumes automatically after a restart. Before an older submission resumes, the user
/// is asked.
pub const FORGOTTEN_AFTER: TimeDelta = TimeDelta::minutes(10);

/// Whether a submission was created with the current credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// The credentials match, as far as can be determined.
    Ours,
    /// The account of the session is still unknown, but the submission's account is known.
    NotYetKnown,
    /// The credentials do not match.
    Foreign(Difference),
}

/// The difference between the scope of a submission and the current one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The endpoint differs.
    Endpoint {
        /// The submission's endpoint; `CloudFront` for the real one.
        made: String,
        /// The current endpoint.
        now: String,
    },
    /// The profile differs.
    Profile {
        /// The submission's profile.
        made: String,
        /// The current profile.
        now: String,
    },
    /// The account differs.
    Account {
        /// The submission's account.
        made: AccountId,
        /// The current account; `None` if it cannot be determined with the credentials.
        now: Option<AccountId>,
    },
}

impl Difference {
    /// Returns the submission's owner as a phrase that follows a noun: `for profile dev`.
    #[must_use]
    pub fn owner(&self) -> String {
        match self {
            Self::Endpoint { made, .. } => format!("for {made}"),
            Self::Profile { made, .. } => format!("for profile {made}"),
            Self::Account { made, .. } => format!("for account {made}"),
        }
    }

    /// Returns a short label for the difference.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Endpoint { .. } => "other endpoint",
            Self::Profile { .. } => "other profile",
            Self::Account { .. } => "other account",
        }
    }
}

/// Formats the difference as a phrase that names both sides.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint { made, now } => write!(f, "created for {made}, but the current endpoint is {now}"),
            Self::Profile { made, now } => write!(f, "created with profile {made}, but the current profile is {now}"),
            Self::Account { made, now: Some(now) } => {
                write!(
                    f,
                    "created for account {made}, but the current credentials belong to {now}"
                )
            }
            Self::Account { made, now: None } => {
                write!(
                    f,
                    "created for account {made}; the account of the current credentials cannot be determined"
                )
            }
        }
    }
}

impl Submission {
    /// Returns whether a restarted program may resume the submission without asking: it has the same scope, is recent,
    /// and could no longer be cancelled when the program exited. If it could still be cancelled, the user may have quit
    /// in order to stop it.
    #[must_use]
    pub fn may_resume(&self, scope: &Scope, now: DateTime<Utc>) -> bool {
        // If the clock was set back, the age is negative, which does not count as recent.
        let is_young = (TimeDelta::zero()..FORGOTTEN_AFTER).contains(&(now - self.created));
        is_young && !self.state.is_counting() && self.ownership(scope) == Ownership::Ours
    }

    /// Compares the submission's account, endpoint and profile with the current ones. If the account was unknown when
    /// the submission was created, only the endpoint and profile count.
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
