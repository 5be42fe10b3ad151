//! What CloudFront returned, with its age.

mod rows;
pub mod tenants;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::distribution::{AccountId, Distribution, DistributionConfig, DistributionId, Target};
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page};
use crate::domain::kept_list::KeptList;
use crate::engine::effect::{RequestId, TimerId};
use rows::Rows;

/// How fresh something fetched is, and whether it is being fetched again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Freshness {
    /// When the newest answer came.
    pub as_of: Option<DateTime<Utc>>,
    /// The request under way.
    pub loading: Option<RequestId>,
    /// Why the last request gave nothing; older data stays beside it.
    pub failure: Option<Failure>,
}

impl Freshness {
    /// A request leaves.
    pub fn asked(&mut self, request: RequestId) {
        self.loading = Some(request);
    }

    /// An answer came.
    pub fn answered(&mut self, now: DateTime<Utc>) {
        *self = Self {
            as_of: Some(now),
            loading: None,
            failure: None,
        };
    }

    /// No answer will come. Returns whether that is news.
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
    /// Whether all pages were read at least once.
    pub complete: bool,
    /// How fresh it is.
    pub freshness: Freshness,
    /// What `GetDistribution` told of some of them.
    pub configs: HashMap<DistributionId, DistributionConfig>,
    kept: Option<Kept>,
}

/// Rows of an earlier run that this one has not confirmed yet.
#[derive(Clone, Debug)]
struct Kept {
    as_of: DateTime<Utc>,
    account: Option<AccountId>,
    unconfirmed: HashSet<DistributionId>,
}

impl Fleet {
    /// All of them, in CloudFront's order.
    #[must_use]
    pub fn all(&self) -> &[Distribution] {
        self.rows.all()
    }

    /// The distribution with this id, as the list or else `GetDistribution` told it.
    #[must_use]
    pub fn get(&self, id: &DistributionId) -> Option<&Distribution> {
        let listed = self.rows.get(id);
        listed.or_else(|| self.configs.get(id).map(|config| &config.distribution))
    }

    /// The distribution that viewers reach under this host: an exact name before a wildcard alias. While it is read again what
    /// an earlier run knew does not count: names move.
    #[must_use]
    pub fn by_host(&self, host: &str) -> Option<&Distribution> {
        let reading = self.freshness.loading.is_some();
        let exact = |d: &&Distribution| {
            d.domain_name.eq_ignore_ascii_case(host) || d.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(host))
        };
        let all = || self.all().iter().filter(|d| !(reading && self.is_unconfirmed(&d.id)));
        all().find(exact).or_else(|| all().find(|d| d.answers_to(host)))
    }

    /// A reading begins with its first page.
    pub fn begin(&mut self) {
        self.rows.begin();
    }

    /// Takes a page: rows keep their place, new ones come after them. Returns where the next page begins.
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
        // It is as old as its oldest row.
        self.freshness.as_of = self.kept_as_of().or(self.freshness.as_of);
        page.next
    }

    /// Takes the rows of an earlier run, unless newer ones came already.
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

    /// The account is known: rows of an earlier run that belong to another one go.
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

    /// A distribution was read by itself.
    pub fn confirm(&mut self, config: DistributionConfig) {
        let id = config.distribution.id.clone();
        if self.kept.as_mut().is_some_and(|kept| kept.unconfirmed.remove(&id)) {
            self.rows.replace(config.distribution.clone());
        }
        self.configs.insert(id, config);
    }

    /// Since when the rows of an earlier run are known that are still shown.
    #[must_use]
    pub fn kept_as_of(&self) -> Option<DateTime<Utc>> {
        self.kept.as_ref().map(|kept| kept.as_of)
    }

    /// Whether a row is known from an earlier run alone.
    #[must_use]
    pub fn is_unconfirmed(&self, id: &DistributionId) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.unconfirmed.contains(id))
    }
}

/// The invalidations of one target, as far as they were read: newest first.
#[derive(Clone, Debug, Default)]
pub struct TargetInvalidations {
    summaries: BTreeMap<InvalidationId, InvalidationSummary>,
    /// Where the next older page begins.
    pub older: Option<String>,
    /// Whether the oldest one was read.
    pub complete: bool,
    /// How fresh the first page is.
    pub freshness: Freshness,
    /// When an older page could not be read: it is not asked for again at once.
    pub older_failed: Option<DateTime<Utc>>,
    /// The request for an older page that is under way.
    pub loading_older: Option<RequestId>,
    /// The timer of the next look at what is in flight.
    pub poll: Option<TimerId>,
    /// Looks in a row that failed.
    pub failures: u32,
}

impl TargetInvalidations {
    /// All rows that were read, in no order.
    pub fn summaries(&self) -> impl Iterator<Item = &InvalidationSummary> {
        self.summaries.values()
    }

    /// The row with this id.
    #[must_use]
    pub fn get(&self, id: &InvalidationId) -> Option<&InvalidationSummary> {
        self.summaries.get(id)
    }

    /// Whether any row is not completed.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.summaries().any(|row| !row.status.is_completed())
    }

    /// Puts one row in, or its newer state. Returns whether anything changed.
    pub fn put(&mut self, summary: InvalidationSummary) -> bool {
        match self.summaries.get(&summary.id) {
            // A completed one never changes; a late answer must not wake it.
            Some(known) if *known == summary || (known.status.is_completed() && !summary.status.is_completed()) => {
                false
            }
            Some(_) | None => {
                self.summaries.insert(summary.id.clone(), summary);
                true
            }
        }
    }

    /// Takes the newest page. Returns whether anything changed.
    pub fn take_first_page(&mut self, page: Page<InvalidationSummary>, now: DateTime<Utc>) -> bool {
        let first_time = self.freshness.as_of.is_none();
        let mut changed = first_time || self.freshness.failure.is_some();
        self.freshness.answered(now);
        if first_time {
            self.complete = page.next.is_none();
            self.older = page.next;
        }
        for summary in page.items {
            changed |= self.put(summary);
        }
        changed
    }

    /// Takes an older page.
    pub fn take_older_page(&mut self, page: Page<InvalidationSummary>) {
        self.loading_older = None;
        self.older_failed = None;
        self.complete = page.next.is_none();
        self.older = page.next;
        for summary in page.items {
            self.put(summary);
        }
    }
}

/// What is known of invalidations, over all targets.
#[derive(Clone, Debug, Default)]
pub struct Histories {
    by_target: BTreeMap<Target, TargetInvalidations>,
    items: BTreeMap<(Target, InvalidationId), Invalidation>,
    /// Items being fetched.
    pub fetching: BTreeSet<(Target, InvalidationId)>,
    /// Rows whose items cannot be read.
    pub unreadable: BTreeMap<(Target, InvalidationId), Unreadable>,
}

/// Why the items of a row cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The cause, as it is shown.
    pub sentence: String,
    /// What CloudFront's refusal means, where it refused.
    pub kind: Option<RefusalKind>,
    /// How often it was tried.
    pub failures: u32,
    /// When it may be tried again; `None`: only when a person asks for it.
    pub again: Option<DateTime<Utc>>,
}

impl Unreadable {
    /// It is of no use to ask again: no permission, or nothing there.
    #[must_use]
    pub fn for_good(sentence: String, kind: RefusalKind) -> Self {
        Self {
            sentence,
            kind: Some(kind),
            failures: 1,
            again: None,
        }
    }

    /// Trouble that passes: asked again after 5 s, and more calmly each time, up to 160 s.
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
    /// The exit code of a command that ends with it: CloudFront's refusal decides, whatever it is that was refused.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.kind.map_or(1, RefusalKind::exit_code)
    }
}

impl Histories {
    /// A person asks for it again: whatever could not be read of this target may be tried.
    pub fn try_again(&mut self, target: &Target) {
        self.unreadable.retain(|(of, _), _| of != target);
        self.entry(target).older_failed = None;
    }

    /// A target's history, if any of it was read.
    #[must_use]
    pub fn get(&self, target: &Target) -> Option<&TargetInvalidations> {
        self.by_target.get(target)
    }

    /// A target's history, begun if need be.
    pub fn entry(&mut self, target: &Target) -> &mut TargetInvalidations {
        self.by_target.entry(target.clone()).or_default()
    }

    /// All targets with their histories.
    pub fn iter(&self) -> impl Iterator<Item = (&Target, &TargetInvalidations)> {
        self.by_target.iter()
    }

    /// Every invalidation that was ever looked at.
    pub fn known(&self) -> impl Iterator<Item = (&Target, &Invalidation)> {
        self.items
            .iter()
            .map(|((target, _), invalidation)| (target, invalidation))
    }

    /// Every invalidation of a target that was ever looked at.
    pub fn known_of<'a>(&'a self, target: &'a Target) -> impl Iterator<Item = &'a Invalidation> {
        let from = (target.clone(), InvalidationId::new(""));
        let of_target = self
            .items
            .range(from..)
            .take_while(move |((owner, _), _)| owner == target);
        of_target.map(|(_, invalidation)| invalidation)
    }

    /// The items of every invalidation that was ever looked at.
    pub fn known_items(&self) -> impl Iterator<Item = (&Target, &Vec<String>)> {
        self.items
            .iter()
            .map(|((target, _), invalidation)| (target, &invalidation.items))
    }

    /// Why an invalidation may not be looked at, in a sentence.
    #[must_use]
    pub fn unreadable(&self, target: &Target, id: &InvalidationId) -> Option<&str> {
        self.why_unreadable(target, id).map(|row| row.sentence.as_str())
    }

    /// Why an invalidation may not be looked at, and what may be done about it.
    #[must_use]
    pub fn why_unreadable(&self, target: &Target, id: &InvalidationId) -> Option<&Unreadable> {
        if self.unreadable.is_empty() {
            return None;
        }
        self.unreadable.get(&(target.clone(), id.clone()))
    }

    /// All that is known of an invalidation, if it was ever looked at.
    #[must_use]
    pub fn invalidation(&self, target: &Target, id: &InvalidationId) -> Option<&Invalidation> {
        self.items.get(&(target.clone(), id.clone()))
    }

    /// Keeps an invalidation's items and takes its status into its target's history. Returns whether anything changed.
    pub fn remember(&mut self, target: &Target, invalidation: Invalidation) -> bool {
        let key = (target.clone(), invalidation.id.clone());
        self.fetching.remove(&key);
        self.unreadable.remove(&key);
        let changed = self.entry(target).put(invalidation.summary());
        self.items.insert(key, invalidation).is_none() || changed
    }

    /// Keeps an invalidation's items, without a row of its own: the list tells whether it still exists.
    pub fn remember_items(&mut self, target: Target, invalidation: Invalidation) {
        self.items.insert((target, invalidation.id.clone()), invalidation);
    }
}
