//! The search for a target using every profile, and what each profile returned.

use chrono::{DateTime, Utc};

use crate::domain::distribution::{AccountId, Distribution, Target};
use crate::domain::kept_list::KeptList;
use crate::domain::target::{TargetName, TypedTarget};
use crate::engine::effect::RequestId;

/// A search for a target using every profile.
#[derive(Clone, Debug)]
pub struct ProfileSearch {
    /// The target as the user typed it.
    pub wanted: TypedTarget,
    /// The results, in the order of the profiles; empty until the profiles have been listed.
    pub profiles: Vec<Searched>,
    /// Whether fresh lists from earlier searches are reused.
    pub(in crate::engine) takes_kept: bool,
    /// Whether the list of profiles is still being read.
    pub(in crate::engine) begins: bool,
    /// The profile being queried.
    pub(in crate::engine) current: Option<Current>,
}

/// The query in progress.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Current {
    /// The index of the profile.
    pub(in crate::engine) place: usize,
    pub(in crate::engine) request: RequestId,
    pub(in crate::engine) pages: Pages,
    /// Whether the query is for a tenant, after the distributions have been searched.
    pub(in crate::engine) seeks_tenant: bool,
}

/// The pages of a list received so far.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Pages {
    pub(in crate::engine) list: Vec<Distribution>,
    /// The markers requested so far. Following a marker twice would loop forever.
    pub(in crate::engine) markers: Vec<String>,
}

/// The result for one profile.
#[derive(Clone, Debug)]
pub struct Searched {
    /// The profile.
    pub profile: String,
    /// The profile's account, if known.
    pub account: Option<AccountId>,
    /// The progress of the search with this profile.
    pub status: Status,
    /// What the profile's newest list shows about the target. The list may be from an earlier run.
    pub list: Option<ListResult>,
    /// Whether the list is fresh enough not to be reloaded.
    pub(in crate::engine) is_fresh: bool,
}

/// The progress of the search with one profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// The profile is queued.
    Waits,
    /// The profile is being queried. The number counts the distributions received so far.
    Asked(usize),
    /// The profile's distributions were searched.
    Done,
    /// The profile is skipped. The text is the reason, in a few words.
    LeftOut(String),
    /// The query failed. The text is the reason.
    Failed(String),
}

/// What a list of distributions shows about the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListResult {
    /// When the list was read.
    pub as_of: DateTime<Utc>,
    /// The number of distributions.
    pub distributions: usize,
    /// The target, with its display name.
    pub found: Option<(Target, String)>,
    /// Whether the target may still be a tenant, which a list of distributions does not contain.
    pub may_be_tenant: bool,
}

impl ListResult {
    pub(in crate::engine) fn of(list: &[Distribution], as_of: DateTime<Utc>, name: &TargetName) -> Self {
        let found = name.among(list);
        let has_tenants = list.iter().any(Distribution::is_multi_tenant);
        Self {
            as_of,
            distributions: list.len(),
            may_be_tenant: found.is_none() && has_tenants && matches!(name, TargetName::Host(_)),
            found: found.map(|one| (Target::Distribution(one.id.clone()), one.label().to_owned())),
        }
    }
}

impl Searched {
    /// Returns the target, with its display name, if the profile has it.
    #[must_use]
    pub fn found(&self) -> Option<&(Target, String)> {
        self.list.as_ref()?.found.as_ref()
    }

    /// Takes over a list from an earlier run, unless it belongs to another account. A fresh list is not reloaded.
    pub(in crate::engine) fn take_kept(&mut self, list: &KeptList, name: &TargetName, is_fresh: bool) {
        let (ours, theirs) = (self.account.as_ref(), list.scope.account.as_ref());
        let is_other = ours.zip(theirs).is_some_and(|(ours, theirs)| ours != theirs);
        if is_other || self.list.is_some() {
            return;
        }
        let told = ListResult::of(&list.distributions, list.as_of, name);
        if is_fresh && !told.may_be_tenant && self.status == Status::Waits {
            self.status = Status::Done;
        }
        self.is_fresh = is_fresh;
        self.account = theirs.or(ours).cloned();
        self.list = Some(told);
    }
}

impl ProfileSearch {
    /// Returns the profiles in display order: those that have the target, those still to be searched, those that failed
    /// or were skipped, and those that do not have the target.
    #[must_use]
    pub fn shown(&self) -> Vec<&Searched> {
        let mut shown: Vec<&Searched> = self.profiles.iter().collect();
        shown.sort_by_key(|one| match (one.found(), &one.status) {
            (Some(_), _) => 0,
            (None, Status::Asked(_)) => 1,
            (None, Status::Waits) => 2,
            (None, Status::Failed(_)) => 3,
            (None, Status::LeftOut(_)) => 4,
            (None, Status::Done) => 5,
        });
        shown
    }

    /// Returns whether the search is still running.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        let waits = |one: &Searched| matches!(one.status, Status::Waits | Status::Asked(_));
        self.begins || self.profiles.iter().any(waits)
    }
}
