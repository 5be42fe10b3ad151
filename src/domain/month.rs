//! The invalidations of a calendar month, counted: what CloudFront lists of every target, and how many paths each holds.
//!
//! A count goes on where it was left, after any end of the program: what was asked for is never asked for twice. An
//! invalidation never changes the number of its paths, so what was read once is known for ever.

mod figures;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Months, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use figures::{Figures, Share, TargetFigure, price};

use super::distribution::{DistributionId, Target};
use super::invalidation::{InvalidationId, InvalidationSummary};
use super::price::start_of_month;

/// Whose month it is, and which: what a count is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthKey {
    /// The address asked, as in [`super::submission::Scope::endpoint`].
    pub endpoint: String,
    /// The profile's name.
    pub profile: String,
    /// Its first moment, in UTC.
    pub start: DateTime<Utc>,
}

impl MonthKey {
    /// The month of this moment.
    #[must_use]
    pub fn of(endpoint: &str, profile: &str, now: DateTime<Utc>) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            profile: profile.to_owned(),
            start: start_of_month(now),
        }
    }

    /// The first moment of the next month.
    #[must_use]
    pub fn end(&self) -> DateTime<Utc> {
        self.start + Months::new(1)
    }
}

/// A target that a count found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Which one.
    pub target: Target,
    /// What a person calls it.
    pub label: String,
    /// Whether it only carries tenants: CloudFront may know no invalidations of it.
    pub carries_tenants: bool,
}

/// How far the reading of all targets is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    /// Where the list of distributions goes on; `None` before its first page.
    pub marker: Option<String>,
    /// Whether the list was read to its end.
    pub listed: bool,
    /// Whose tenants are still to be read, and where that goes on.
    pub tenants_of: Vec<(DistributionId, Option<String>)>,
    /// What was found so far.
    pub found: Vec<Found>,
    /// Actions that are not allowed, so that the count can only be a lower bound.
    pub lacks: BTreeSet<String>,
}

impl Discovery {
    /// Whether all targets are known, as far as they may be.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.listed && self.tenants_of.is_empty()
    }
}

/// How far the list of a target's invalidations is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Listing {
    /// Pages were read and more follow.
    Reading {
        /// When the first of them was asked for.
        begun: DateTime<Utc>,
        /// Where the next one begins.
        marker: String,
        /// The newest one of an earlier count: from it on, everything is known.
        until: Option<InvalidationId>,
    },
    /// Everything of the month that was made before this is known.
    Listed(DateTime<Utc>),
    /// CloudFront refused it at this time, with this reason.
    Refused(DateTime<Utc>, String),
}

/// An invalidation of the month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// When CloudFront accepted it.
    pub created: DateTime<Utc>,
    /// What it holds.
    pub read: Reading,
}

/// What is known of the paths of an invalidation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Nobody asked yet.
    Unread,
    /// CloudFront refused to tell, at this time.
    Refused(DateTime<Utc>),
    /// All of it.
    Read {
        /// How many paths and tags it holds.
        paths: u64,
        /// Its `CallerReference`.
        reference: String,
        /// Whether the reference is one of this ledger.
        ours: bool,
    },
}

/// A count of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Whose, and which month.
    pub key: MonthKey,
    /// When it was begun: it tells of everything before.
    pub begun: DateTime<Utc>,
    /// When everything was asked for.
    pub ended: Option<DateTime<Utc>>,
    /// All targets.
    pub discovery: Discovery,
    /// Their lists, also those of earlier counts.
    pub listings: BTreeMap<Target, Listing>,
    /// Their invalidations in the month, by target, then by id.
    pub invalidations: BTreeMap<Target, BTreeMap<InvalidationId, Counted>>,
}

impl Count {
    /// A count that nobody has begun.
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

    /// Counts again, from what is known: what is new is asked for, and what was refused. It begins after everything of the
    /// last count, also where the clock was set back.
    pub fn begin_again(&mut self, now: DateTime<Utc>) {
        let after = self.ended.map(|ended| ended + TimeDelta::microseconds(1));
        self.begun = after.map_or(now, |after| after.max(now));
        self.ended = None;
        self.discovery = Discovery::default();
    }

    /// Whether anybody ever began it.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.ended.is_none() || self.discovery.listed
    }

    /// Whether the list of a target was read to its end in this count.
    #[must_use]
    pub fn is_listed(&self, target: &Target) -> bool {
        matches!(self.listings.get(target), Some(Listing::Listed(as_of)) if *as_of >= self.begun)
    }

    /// Whether nothing more is to be had of the list of a target in this count.
    #[must_use]
    pub fn list_ended(&self, target: &Target) -> bool {
        match self.listings.get(target) {
            Some(Listing::Listed(at) | Listing::Refused(at, _)) => *at >= self.begun,
            Some(Listing::Reading { .. }) | None => false,
        }
    }

    /// The newest invalidation of a target whose paths are to be asked for.
    #[must_use]
    pub fn unread(&self, target: &Target) -> Option<&InvalidationId> {
        let unread = self.of(target).filter(|(_, one)| match one.read {
            Reading::Unread => true,
            Reading::Refused(at) => at < self.begun,
            Reading::Read { .. } => false,
        });
        unread.max_by_key(|(_, one)| one.created).map(|(id, _)| id)
    }

    /// The newest invalidation of a target that an earlier list told of.
    #[must_use]
    pub fn newest(&self, target: &Target) -> Option<&InvalidationId> {
        self.of(target).max_by_key(|(_, one)| one.created).map(|(id, _)| id)
    }

    /// Takes in what a list told; what lies outside the month does not count.
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

    /// The invalidations of a target.
    pub fn of(&self, target: &Target) -> impl Iterator<Item = (&InvalidationId, &Counted)> {
        self.invalidations.get(target).into_iter().flatten()
    }
}
