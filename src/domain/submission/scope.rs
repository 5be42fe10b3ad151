//! Whose a submission is, and whether the credentials in use are those it was made with.

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

/// How long a submission that is younger goes on by itself after a restart; an older one is asked about first.
pub const FORGOTTEN_AFTER: TimeDelta = TimeDelta::minutes(10);

/// Whether the credentials in use are those that a submission was made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// They are, as far as anybody can tell.
    Ours,
    /// The account is not known yet, and the submission's is.
    NotYetKnown,
    /// They are not; the sentence names both sides.
    Foreign(String),
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
            return Ownership::Foreign(format!("made for {}; now {} is used", made.endpoint, scope.endpoint));
        }
        if made.profile != scope.profile {
            return Ownership::Foreign(format!(
                "made with profile {}; now {} is used",
                made.profile, scope.profile
            ));
        }
        match (&made.account, &scope.account) {
            (Some(made), Some(now)) if made != now => {
                Ownership::Foreign(format!("made for account {made}; the credentials now belong to {now}"))
            }
            (Some(_), None) => Ownership::NotYetKnown,
            (Some(_), Some(_)) | (None, _) => Ownership::Ours,
        }
    }

    /// Whether it was made for another account, endpoint or profile.
    #[must_use]
    pub fn is_foreign(&self, scope: &Scope) -> bool {
        matches!(self.ownership(scope), Ownership::Foreign(_))
    }
}
