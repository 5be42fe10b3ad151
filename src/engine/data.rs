//! Data that CloudFront returned, with its age.

mod newest;
mod rows;
mod target;
pub mod tenants;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use newest::Newest;
use rows::Rows;
pub use target::TargetInvalidations;

use crate::domain::distribution::{AccountId, Distribution, DistributionConfig, DistributionId, Target};
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId, Page};
use crate::domain::kept_list::KeptList;
use crate::engine::effect::RequestId;
use crate::engine::policies::state::Policies;

/// The age of fetched data, and whether it is being fetched again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Freshness {
    /// When the newest response arrived.
    pub as_of: Option<DateTime<Utc>>,
    /// The request in flight.
    pub loading: Option<RequestId>,
    /// Why the last request failed; the older data remains available.
    pub failure: Option<Failure>,
}

impl Freshness {
    /// Records that a request was sent.
    pub fn asked(&mut self, request: RequestId) {
        self.loading = Some(request);
    }

    /// Records that a response arrived.
    pub fn answered(&mut self, now: DateTime<Utc>) {
        *self = Self {
            as_of: Some(now),
            loading: None,
            failure: None,
        };
    }

    /// Records that the request failed. Returns whether the failure is new.
    pub fn failed(&mut self, failure: Failure) -> bool {
        let news = self.loading.is_some() || self.failure.as_ref() != Some(&failure);
        self.loading = None;
        self.failure = Some(failure);
        news
    }
}

/// The account's distributions.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    rows: Rows<Distribution>,
    /// Whether all pages have been loaded at least once.
    pub complete: bool,
    /// The age of the data.
    pub freshness: Freshness,
    /// The responses of `GetDistribution`, for the distributions whose details have been loaded.
    pub configs: HashMap<DistributionId, DistributionConfig>,
    /// The loaded policies of distributions.
    pub policies: Policies,
    kept: Option<Kept>,
}

/// The rows from an earlier run that this run has not confirmed yet.
#[derive(Clone, Debug)]
struct Kept {
    as_of: DateTime<Utc>,
    account: Option<AccountId>,
    unconfirmed: HashSet<DistributionId>,
}

impl Fleet {
    /// Returns all distributions, in CloudFront's order.
    #[must_use]
    pub fn all(&self) -> &[Distribution] {
        self.rows.all()
    }

    /// Returns the distribution with this id, from the list or else from the response to `GetDistribution`.
    #[must_use]
    pub fn get(&self, id: &DistributionId) -> Option<&Distribution> {
        let listed = self.rows.get(id);
        listed.or_else(|| self.configs.get(id).map(|config| &config.distribution))
    }

    /// Returns the distribution that serves this host, preferring an exact name over a wildcard alias. While the list
    /// is being reloaded, rows from an earlier run are ignored, because host names can move between distributions.
    #[must_use]
    pub fn by_host(&self, host: &str) -> Option<&Distribution> {
        let reading = self.freshness.loading.is_some();
        let exact = |d: &&Distribution| d.has_name(host);
        let all = || self.all().iter().filter(|d| !(reading && self.is_unconfirmed(&d.id)));
        all().find(exact).or_else(|| all().find(|d| d.answers_to(host)))
    }

    /// Starts reloading the list from its first page.
    pub fn begin(&mut self) {
        self.rows.begin();
    }

    /// Adds a page: known rows keep their place, and new ones are appended. Returns the marker of the next page.
    pub fn take_page(&mut self, page: Page<Distribution>, now: DateTime<Utc>) -> Option<String> {
        if let Some(kept) = &mut self.kept {
            for row in &page.items {
                kept.unconfirmed.remove(&row.id);
            }
        }
        self.rows.take_page(page.items, page.next.is_none());
        self.freshness.answered(now);
        self.complete |= page.next.is_none();
        if self.complete {
            self.kept = None;
        }
        // The list is only as recent as its oldest row.
        self.freshness.as_of = self.kept_as_of().or(self.freshness.as_of);
        page.next
    }

    /// Adds the rows of an earlier run, unless newer ones have already arrived.
    pub fn take_kept(&mut self, list: KeptList) {
        if self.freshness.as_of.is_some() || list.distributions.is_empty() {
            return;
        }
        self.kept = Some(Kept {
            as_of: list.as_of,
            account: list.scope.account,
            unconfirmed: list.distributions.iter().map(|d| d.id.clone()).collect(),
        });
        self.freshness.as_of = Some(list.as_of);
        self.rows.take_kept(list.distributions);
    }

    /// Drops the rows of an earlier run that belong to another account, once the account is known.
    pub fn keep_only(&mut self, account: &AccountId) {
        if self
            .kept
            .as_ref()
            .is_some_and(|kept| kept.account.as_ref().is_some_and(|of| of != account))
        {
            self.kept = None;
            self.rows = Rows::default();
            self.freshness.as_of = None;
        }
    }

    /// Records that the details of a distribution have been loaded, which confirms its row.
    pub fn confirm(&mut self, config: DistributionConfig) {
        let id = config.distribution.id.clone();
        if self.kept.as_mut().is_some_and(|kept| kept.unconfirmed.remove(&id)) {
            self.rows.replace(config.distribution.clone());
        }
        self.configs.insert(id, config);
    }

    /// Returns when the rows that are still shown from an earlier run were loaded.
    #[must_use]
    pub fn kept_as_of(&self) -> Option<DateTime<Utc>> {
        self.kept.as_ref().map(|kept| kept.as_of)
    }

    /// Returns whether a row is known only from an earlier run.
    #[must_use]
    pub fn is_unconfirmed(&self, id: &DistributionId) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.unconfirmed.contains(id))
    }
}

/// The known invalidations of all targets.
#[derive(Clone, Debug, Default)]
pub struct Histories {
    by_target: BTreeMap<Target, TargetInvalidations>,
    items: BTreeMap<(Target, InvalidationId), Invalidation>,
    kept: Newest<(DateTime<Utc>, Target, InvalidationId)>,
    /// The invalidations whose items are being fetched.
    pub fetching: BTreeSet<(Target, InvalidationId)>,
    /// The invalidations whose items cannot be read.
    pub unreadable: BTreeMap<(Target, InvalidationId), Unreadable>,
}

/// Why the items of an invalidation cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The cause, for display.
    pub sentence: String,
    /// The kind of CloudFront's refusal, if there was one.
    pub kind: Option<RefusalKind>,
    /// The number of attempts.
    pub failures: u32,
    /// When to retry; `None` means only when the user asks for it.
    pub again: Option<DateTime<Utc>>,
}

impl Unreadable {
    /// Creates a permanent failure. Retrying is useless, because permission is missing or the invalidation does not
    /// exist.
    #[must_use]
    pub fn for_good(sentence: String, kind: RefusalKind) -> Self {
        Self {
            sentence,
            kind: Some(kind),
            failures: 1,
            again: None,
        }
    }

    /// Creates a temporary failure, retried after 5 s and then after increasing delays of up to 160 s.
    #[must_use]
    pub fn for_now(failure: &Failure, earlier: u32, now: DateTime<Utc>) -> Self {
        Self {
            sentence: failure.to_string(),
            kind: failure.refusal().map(Refusal::kind),
            failures: earlier + 1,
            again: Some(now + TimeDelta::seconds(5 << earlier.min(5))),
        }
    }
}

impl Unreadable {
    /// Returns the exit code of a command that fails for this reason. It is the code for CloudFront's refusal, no
    /// matter which call was refused, or 1 if there was no refusal.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.kind.map_or(1, RefusalKind::exit_code)
    }
}

impl Histories {
    /// Clears the failures of a target, because the user asked to reload it.
    pub fn try_again(&mut self, target: &Target) {
        self.unreadable.retain(|(of, _), _| of != target);
        self.entry(target).older_failed = None;
    }

    /// Returns a target's invalidations, if any have been loaded.
    #[must_use]
    pub fn get(&self, target: &Target) -> Option<&TargetInvalidations> {
        self.by_target.get(target)
    }

    /// Returns a target's invalidations, creating an empty entry if needed.
    pub fn entry(&mut self, target: &Target) -> &mut TargetInvalidations {
        self.by_target.entry(target.clone()).or_default()
    }

    /// Returns all targets with their invalidations.
    pub fn iter(&self) -> impl Iterator<Item = (&Target, &TargetInvalidations)> {
        self.by_target.iter()
    }

    /// Returns, in no particular order, up to `most` of the newest invalidations of each target and the newest
    /// completed ones that an earlier run loaded. Each comes with its creation time, its target and id, and whether it
    /// is completed.
    pub fn newest(&self, most: usize) -> impl Iterator<Item = (DateTime<Utc>, &Target, &InvalidationId, bool)> {
        let listed = self.by_target.iter().flat_map(move |(target, history)| {
            let newest = history.newest().take(most);
            newest.map(move |one| (one.create_time, target, &one.id, one.status.is_completed()))
        });
        let is_listed = |target, id| self.get(target).is_some_and(|history| history.get(id).is_some());
        let kept = self.kept.iter().map(|(time, target, id)| (*time, target, id, true));
        listed.chain(kept.filter(move |(_, target, id, _)| !is_listed(target, id)))
    }

    /// Returns every invalidation whose items have been loaded.
    pub fn known(&self) -> impl Iterator<Item = (&Target, &Invalidation)> {
        self.items
            .iter()
            .map(|((target, _), invalidation)| (target, invalidation))
    }

    /// Returns a target's invalidations whose items have been loaded.
    pub fn known_of<'a>(&'a self, target: &'a Target) -> impl Iterator<Item = &'a Invalidation> {
        let from = (target.clone(), InvalidationId::new(""));
        let of_target = self
            .items
            .range(from..)
            .take_while(move |((owner, _), _)| owner == target);
        of_target.map(|(_, invalidation)| invalidation)
    }

    /// Returns the items of every invalidation that has been loaded.
    pub fn known_items(&self) -> impl Iterator<Item = (&Target, &Vec<String>)> {
        self.items
            .iter()
            .map(|((target, _), invalidation)| (target, &invalidation.items))
    }

    /// Returns a sentence that explains why an invalidation cannot be read.
    #[must_use]
    pub fn unreadable(&self, target: &Target, id: &InvalidationId) -> Option<&str> {
        self.why_unreadable(target, id).map(|row| row.sentence.as_str())
    }

    /// Returns why an invalidation cannot be read, and when to retry.
    #[must_use]
    pub fn why_unreadable(&self, target: &Target, id: &InvalidationId) -> Option<&Unreadable> {
        if self.unreadable.is_empty() {
            return None;
        }
        self.unreadable.get(&(target.clone(), id.clone()))
    }

    /// Returns the details of an invalidation, if they have been loaded.
    #[must_use]
    pub fn invalidation(&self, target: &Target, id: &InvalidationId) -> Option<&Invalidation> {
        self.items.get(&(target.clone(), id.clone()))
    }

    /// Stores the details of an invalidation that CloudFront has just returned, and updates its status in the target's
    /// list. Returns whether anything changed.
    pub fn remember(&mut self, target: &Target, invalidation: Invalidation, now: DateTime<Utc>) -> bool {
        let key = (target.clone(), invalidation.id.clone());
        self.fetching.remove(&key);
        self.unreadable.remove(&key);
        let (history, summary) = (self.entry(target), invalidation.summary());
        history.observe(&summary, now);
        let changed = history.put(summary);
        self.items.insert(key, invalidation).is_none() || changed
    }

    /// Stores an invalidation's items without adding it to the target's list, which shows only what still exists.
    pub fn remember_items(&mut self, target: Target, invalidation: Invalidation) {
        if invalidation.status.is_completed() {
            let (time, id) = (invalidation.create_time, invalidation.id.clone());
            self.kept.add((time, target.clone(), id));
        }
        self.items.insert((target, invalidation.id.clone()), invalidation);
    }
}
