//! Counts the invalidations that CloudFront lists for each target in a calendar month, and the number of paths in each.
//!
//! A count resumes where it stopped, however the program exited, and requests nothing twice. The number of paths in an
//! invalidation never changes, so it has to be read only once.

mod figures;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Months, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use figures::{Figures, Share, TargetFigure, price};

use super::distribution::{DistributionId, Target};
use super::failure::Failure;
use super::invalidation::{InvalidationId, InvalidationSummary};
use super::price::start_of_month;

/// The key of a count: endpoint, profile and month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthKey {
    /// The endpoint, as in [`super::submission::Scope::endpoint`].
    pub endpoint: String,
    /// The profile's name.
    pub profile: String,
    /// The start of the month, in UTC.
    pub start: DateTime<Utc>,
}

impl MonthKey {
    /// Returns the key for the month that contains the given time.
    #[must_use]
    pub fn of(endpoint: &str, profile: &str, now: DateTime<Utc>) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            profile: profile.to_owned(),
            start: start_of_month(now),
        }
    }

    /// Returns the start of the next month.
    #[must_use]
    pub fn end(&self) -> DateTime<Utc> {
        self.start + Months::new(1)
    }
}

/// A target found by a count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The target.
    pub target: Target,
    /// The target's label.
    pub label: String,
    /// Whether the target is a multi-tenant distribution, which may have no invalidations of its own.
    pub carries_tenants: bool,
}

/// The progress of finding all targets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    /// The marker of the next page of distributions; `None` before the first page.
    pub marker: Option<String>,
    /// Whether the list of distributions has been read to its end.
    pub listed: bool,
    /// The distributions whose tenants have not been read yet, each with the marker of the next page of tenants.
    pub tenants_of: Vec<(DistributionId, Option<String>)>,
    /// The targets found so far.
    pub found: Vec<Found>,
    /// The IAM actions that were denied. If there are any, the count is only a lower bound.
    pub lacks: BTreeSet<String>,
}

impl Discovery {
    /// Returns whether every target that the permissions allow the program to list is known.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.listed && self.tenants_of.is_empty()
    }
}

/// The progress of reading the list of a target's invalidations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Listing {
    /// Some pages have been read, and more follow.
    Reading {
        /// When the first page was requested.
        begun: DateTime<Utc>,
        /// The marker of the next page.
        marker: String,
        /// The newest invalidation of an earlier count. Everything older is already known.
        until: Option<InvalidationId>,
    },
    /// Every invalidation of the month that was created before this time is known.
    Listed(DateTime<Utc>),
    /// CloudFront refused to return the list, at this time and for this reason.
    Refused(DateTime<Utc>, String),
}

/// An invalidation of the month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// When CloudFront accepted the invalidation.
    pub created: DateTime<Utc>,
    /// Whether the invalidation's paths have been read.
    pub read: Reading,
}

/// Whether the paths of an invalidation have been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The paths have not been requested yet.
    Unread,
    /// CloudFront refused to return the paths, at this time.
    Refused(DateTime<Utc>),
    /// The invalidation has been read.
    Read {
        /// The number of paths and tags in the invalidation.
        paths: u64,
        /// The `CallerReference`.
        reference: String,
        /// Whether the reference was created by this ledger.
        ours: bool,
    },
}

/// The count of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The endpoint, profile and month of the count.
    pub key: MonthKey,
    /// When the count was started. It covers everything up to that time.
    pub begun: DateTime<Utc>,
    /// When the count had requested everything; `None` until then.
    pub ended: Option<DateTime<Utc>>,
    /// The progress of finding all targets.
    pub discovery: Discovery,
    /// The lists of the targets, including those read by earlier counts.
    pub listings: BTreeMap<Target, Listing>,
    /// The invalidations of the targets in the month, by target and id.
    pub invalidations: BTreeMap<Target, BTreeMap<InvalidationId, Counted>>,
}

impl Count {
    /// Creates a count that has not been started.
    #[must_use]
    pub fn new(key: MonthKey, now: DateTime<Utc>) -> Self {
        Self {
            key,
            begun: now,
            ended: None,
            discovery: Discovery::default(),
            listings: BTreeMap::new(),
            invalidations: BTreeMap::new(),
        }
    }

    /// Starts another count based on the current results. It requests only new data and data that was refused before.
    /// Its start time is later than any time in the last count, even if the clock was set back.
    pub fn begin_again(&mut self, now: DateTime<Utc>) {
        let after = self.ended.map(|ended| ended + TimeDelta::microseconds(1));
        self.begun = after.map_or(now, |after| after.max(now));
        self.ended = None;
        self.discovery = Discovery::default();
    }

    /// Returns whether a count has ever been started.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.ended.is_none() || self.discovery.listed
    }

    /// Returns whether this count has read the list of a target to its end.
    #[must_use]
    pub fn is_listed(&self, target: &Target) -> bool {
        matches!(self.listings.get(target), Some(Listing::Listed(as_of)) if *as_of >= self.begun)
    }

    /// Returns whether this count has nothing more to read from a target's list.
    #[must_use]
    pub fn list_ended(&self, target: &Target) -> bool {
        match self.listings.get(target) {
            Some(Listing::Listed(at) | Listing::Refused(at, _)) => *at >= self.begun,
            Some(Listing::Reading { .. }) | None => false,
        }
    }

    /// Returns the newest invalidation of a target whose paths still have to be requested.
    #[must_use]
    pub fn unread(&self, target: &Target) -> Option<&InvalidationId> {
        let unread = self.of(target).filter(|(_, one)| match one.read {
            Reading::Unread => true,
            Reading::Refused(at) => at < self.begun,
            Reading::Read { .. } => false,
        });
        unread.max_by_key(|(_, one)| one.created).map(|(id, _)| id)
    }

    /// Returns the newest known invalidation of a target.
    #[must_use]
    pub fn newest(&self, target: &Target) -> Option<&InvalidationId> {
        self.of(target).max_by_key(|(_, one)| one.created).map(|(id, _)| id)
    }

    /// Adds invalidations from a list; those outside the month are ignored.
    pub fn take(&mut self, target: &Target, rows: &[InvalidationSummary]) {
        let month = self.key.start..self.key.end();
        let rows = rows.iter().filter(|row| month.contains(&row.create_time));
        let of = self.invalidations.entry(target.clone()).or_default();
        for row in rows {
            of.entry(row.id.clone()).or_insert(Counted {
                created: row.create_time,
                read: Reading::Unread,
            });
        }
    }

    /// Returns the invalidations of a target.
    pub fn of(&self, target: &Target) -> impl Iterator<Item = (&InvalidationId, &Counted)> {
        self.invalidations.get(target).into_iter().flatten()
    }
}

/// A part of a count to be stored in the ledger. Storing it twice has the same effect as storing it once.
#[derive(Clone, Debug, PartialEq)]
pub enum MonthWrite {
    /// The progress of the count as a whole.
    Round {
        /// When the count was started.
        begun: DateTime<Utc>,
        /// When the count had requested everything; `None` until then.
        ended: Option<DateTime<Utc>>,
        /// The progress of finding all targets.
        discovery: Discovery,
    },
    /// A page of a target's list, or the end of the list.
    Page {
        /// The target.
        target: Target,
        /// The progress of reading the list.
        listing: Listing,
        /// The invalidations of the month on the page.
        rows: Vec<InvalidationSummary>,
    },
    /// The contents of an invalidation, or the fact that CloudFront refused to return them.
    Paths {
        /// The target.
        target: Target,
        /// The invalidation's id.
        id: InvalidationId,
        /// The result of reading the paths.
        read: Reading,
    },
}

/// The count of the month for the current account, while the dashboard is open.
#[derive(Clone, Debug, Default)]
pub struct Counting {
    /// The count so far; `None` until it has been read from the ledger.
    pub count: Option<Count>,
    /// Whether the count is running.
    pub goes_on: bool,
    /// Why the count stopped.
    pub failure: Option<Failure>,
    /// The total so far. It is cached because every frame shows it and a count can have thousands of entries.
    pub total: Option<Total>,
}

/// The total of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// The endpoint, profile and month that were counted.
    pub key: MonthKey,
    /// The number of paths.
    pub paths: u64,
    /// Whether the number is exact; otherwise, it is a lower bound.
    pub exact: bool,
}

impl Counting {
    /// Updates the total after the count has changed.
    pub fn add_up(&mut self) {
        let figures = self.figures();
        let total = |key: &MonthKey, figures: Figures| Total {
            key: key.clone(),
            paths: figures.paths,
            exact: figures.exact,
        };
        self.total = self
            .count
            .as_ref()
            .zip(figures)
            .map(|(count, figures)| total(&count.key, figures));
    }

    /// Returns the results of the count, if one has ever been started.
    #[must_use]
    pub fn figures(&self) -> Option<Figures> {
        let begun = self.count.as_ref().filter(|count| count.is_begun());
        begun.map(Count::figures)
    }
}
