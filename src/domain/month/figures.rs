//! The results of a count.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::{Count, Counted, Reading};
use crate::domain::distribution::Target;
use crate::domain::maker::Maker;
use crate::domain::price::{FREE_PATHS, Money, PATH};
use crate::domain::text::{agree, grouped};

/// The part of a total that has been counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// The number of targets that have been counted.
    pub counted: usize,
    /// The total number of targets.
    pub all: usize,
}

impl Share {
    fn is_whole(self) -> bool {
        self.counted == self.all
    }
}

/// The result of a count for one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetFigure {
    /// The target.
    pub target: Target,
    /// The target's label.
    pub label: String,
    /// The number of the target's invalidations in the month.
    pub invalidations: usize,
    /// The number of paths in these invalidations, or a lower bound.
    pub paths: u64,
    /// Whether the number of paths is exact.
    pub exact: bool,
}

/// The results of a count, exact or as lower bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// The number of paths in the month. An invalidation that has not been read counts as one.
    pub paths: u64,
    /// Whether the results are exact because nothing is missing.
    pub exact: bool,
    /// The number of invalidations in the month.
    pub invalidations: usize,
    /// The number of invalidations whose paths are unknown.
    pub unread: usize,
    /// How many of the distributions have been counted.
    pub distributions: Share,
    /// How many of the tenants have been counted.
    pub tenants: Share,
    /// All targets, those with the most paths first.
    pub targets: Vec<TargetFigure>,
    /// The number of paths per day in UTC, as CloudFront bills them; days without any are omitted.
    pub days: BTreeMap<NaiveDate, u64>,
    /// The number of paths per tool, as guessed from the references, in descending order.
    pub makers: Vec<(&'static str, u64)>,
}

const OURS: &str = "this ledger";
const UNKNOWN: &str = "another reference";
const UNREAD: &str = "not read";

impl Count {
    /// Returns the results of the count.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        let mut makers = BTreeMap::new();
        for found in &self.discovery.found {
            let mut one = TargetFigure {
                target: found.target.clone(),
                label: found.label.clone(),
                invalidations: 0,
                paths: 0,
                exact: self.is_listed(&found.target),
            };
            for (_, counted) in self.of(&found.target) {
                let paths = paths(counted);
                one.invalidations += 1;
                one.paths += paths;
                let is_read = matches!(counted.read, Reading::Read { .. });
                one.exact &= is_read;
                figures.unread += usize::from(!is_read);
                *figures.days.entry(counted.created.date_naive()).or_default() += paths;
                *makers.entry(maker(&counted.read)).or_insert(0) += paths;
            }
            figures.add(one);
        }
        figures.exact &= self.discovery.is_complete() && self.discovery.lacks.is_empty();
        figures.makers = makers.into_iter().collect();
        figures.makers.sort_by_key(|(_, paths)| std::cmp::Reverse(*paths));
        figures.targets.sort_by_key(|one| std::cmp::Reverse(one.paths));
        figures
    }
}

impl Figures {
    fn add(&mut self, one: TargetFigure) {
        let share = match one.target {
            Target::Distribution(_) => &mut self.distributions,
            Target::Tenant(_) => &mut self.tenants,
        };
        share.all += 1;
        share.counted += usize::from(one.exact);
        self.paths += one.paths;
        self.invalidations += one.invalidations;
        self.targets.push(one);
        self.exact = self.distributions.is_whole() && self.tenants.is_whole();
    }

    /// Formats the usage: `412 of 1,000`, `≥ 380 of 1,000`, `1,214, 214 beyond the 1,000 free ones`.
    #[must_use]
    pub fn used(&self) -> String {
        let at_least = if self.exact { "" } else { "≥ " };
        let (paths, free) = (grouped(self.paths), grouped(FREE_PATHS));
        match self.paths.checked_sub(FREE_PATHS).filter(|beyond| *beyond > 0) {
            Some(beyond) => format!("{at_least}{paths}, {} beyond the {free} free ones", grouped(beyond)),
            None => format!("{at_least}{paths} of {free}"),
        }
    }

    /// Formats how much has been counted: `14 of 14 distributions`, followed by tenants if there are any.
    #[must_use]
    pub fn counted(&self) -> String {
        let words = |share: Share, one: &str, several: &str| {
            format!("{} of {} {}", share.counted, share.all, agree(share.all, one, several))
        };
        let distributions = words(self.distributions, "distribution", "distributions");
        if self.tenants.all == 0 {
            return distributions;
        }
        format!("{distributions}, {}", words(self.tenants, "tenant", "tenants"))
    }

    /// Returns the cost of the month so far at list price; a lower bound if the count is not exact.
    #[must_use]
    pub fn price(&self) -> Money {
        price(self.paths)
    }

    /// Returns the expected number of paths in the whole month at the current pace, or `None` on the first day, which
    /// is too short to extrapolate from.
    #[must_use]
    pub fn at_this_pace(&self, count: &Count, now: DateTime<Utc>) -> Option<u64> {
        let (start, end) = (count.key.start, count.key.end());
        let passed = u128::try_from((now.min(end) - start).num_seconds()).ok()?;
        let whole = u128::try_from((end - start).num_seconds()).ok()?;
        if passed < 86_400 {
            return None;
        }
        u64::try_from(u128::from(self.paths) * whole / passed).ok()
    }
}

/// Returns the list price of the given number of paths in one month.
#[must_use]
pub fn price(paths: u64) -> Money {
    PATH * paths.saturating_sub(FREE_PATHS)
}

/// Returns the number of paths in an invalidation, or 1 if it is unknown, because there is at least one.
fn paths(counted: &Counted) -> u64 {
    match counted.read {
        Reading::Read { paths, .. } => paths,
        Reading::Unread | Reading::Refused(_) => 1,
    }
}

fn maker(read: &Reading) -> &'static str {
    match read {
        Reading::Read { ours: true, .. } => OURS,
        Reading::Read { reference, .. } => Maker::of(reference).map_or(UNKNOWN, Maker::words),
        Reading::Unread | Reading::Refused(_) => UNREAD,
    }
}
