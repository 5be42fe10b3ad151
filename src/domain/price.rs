//! Computes what an invalidation costs at list price, always as an upper bound and never as a promise.
//!
//! A path, a wildcard and a tag each count as one path, whatever they clear. The first thousand per month are free
//! across the whole account. No API reports how many are left, and other tools and users use them as well. The bound
//! therefore treats none as free, and the known usage of this month is shown next to it.

use std::fmt;
use std::ops::{Add, Mul};

use chrono::{DateTime, Datelike, NaiveTime, Utc};

use super::text::grouped;

/// The number of free paths per account per month.
pub const FREE_PATHS: u64 = 1_000;

/// The list price of one path beyond the free ones.
pub const PATH: Money = Money::from_thousandths(5);

/// An amount in thousandths of a US dollar, because a path costs half a cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(u64);

impl Money {
    /// Creates an amount from thousandths of a dollar.
    #[must_use]
    pub const fn from_thousandths(thousandths: u64) -> Self {
        Self(thousandths)
    }

    /// Returns the amount for machine-readable output: dollars with three decimals, e.g. `0.030`.
    #[must_use]
    pub fn usd(self) -> String {
        format!("{}.{:03}", self.0 / 1_000, self.0 % 1_000)
    }
}

impl Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Mul<u64> for Money {
    type Output = Self;

    fn mul(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}

/// Formats the amount as `$1,234.56`, rounded up to whole cents.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents = self.0.div_ceil(10);
        write!(f, "${}.{:02}", grouped(cents / 100), cents % 100)
    }
}

/// Returns the maximum price of the given number of items, none of which is treated as free.
#[must_use]
pub fn at_most(billable: usize) -> Money {
    PATH * u64::try_from(billable).unwrap_or(u64::MAX)
}

/// Returns the upper bound as text: `max. $0.03`.
#[must_use]
pub fn at_most_words(billable: usize) -> String {
    format!("max. {}", at_most(billable))
}

/// Returns the likely price of the given number of items, assuming that `used` paths have been used this month. Any
/// remaining free paths cost nothing.
#[must_use]
pub fn likely(billable: usize, used: u64) -> Money {
    let billable = u64::try_from(billable).unwrap_or(u64::MAX);
    let beyond = |paths: u64| paths.saturating_sub(FREE_PATHS);
    PATH * (beyond(used.saturating_add(billable)) - beyond(used))
}

/// Returns the upper bound for machine-readable output.
#[must_use]
pub fn at_most_usd(billable: usize) -> String {
    at_most(billable).usd()
}

/// Returns the start of the calendar month in UTC. CloudFront counts free paths by UTC month.
#[must_use]
pub fn start_of_month(now: DateTime<Utc>) -> DateTime<Utc> {
    let first = now.date_naive().with_day(1).unwrap_or(now.date_naive());
    first.and_time(NaiveTime::MIN).and_utc()
}

/// Describes how many of this month's free paths are known to be used: `at least 212 of 1,000 free paths used`.
#[must_use]
pub fn free_words(seen: u64) -> String {
    if seen == 0 {
        "no known free-path usage".to_owned()
    } else if seen <= FREE_PATHS {
        format!("at least {} of {} free paths used", grouped(seen), grouped(FREE_PATHS))
    } else {
        format!(
            "all {} free paths used, at least {} in total",
            grouped(FREE_PATHS),
            grouped(seen)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_rounded_up_to_cents() {
        let cases = [
            (0, "$0.00"),
            (1, "$0.01"),
            (2, "$0.01"),
            (5, "$0.03"),
            (1_800, "$9.00"),
            (3_000_000, "$15,000.00"),
        ];
        for (billable, words) in cases {
            assert_eq!(at_most(billable).to_string(), words, "{billable}");
        }
        assert_eq!(at_most_words(5), "max. $0.03");
        assert_eq!(at_most(usize::MAX), Money::from_thousandths(u64::MAX));
    }

    #[test]
    fn free_paths_that_are_left_cost_nothing() {
        let cases = [
            (5, 212, "$0.00"),
            (788, 212, "$0.00"),
            (790, 212, "$0.01"),
            (1_000, 900, "$4.50"),
            (5, 5_000, "$0.03"),
            (0, 5_000, "$0.00"),
        ];
        for (billable, used, words) in cases {
            assert_eq!(likely(billable, used).to_string(), words, "{billable} after {used}");
        }
        assert_eq!(likely(usize::MAX, u64::MAX), Money::from_thousandths(0));
    }

    #[test]
    fn a_month_begins_at_midnight_utc() {
        let begins = |at: &str| at.parse::<DateTime<Utc>>().map(|at| start_of_month(at).to_rfc3339());
        for (at, first) in [
            ("2026-11-22T23:59:59.5Z", "2026-11-01T00:00:00+00:00"),
            ("2026-12-01T00:00:00Z", "2026-12-01T00:00:00+00:00"),
        ] {
            assert_eq!(begins(at), Ok(first.to_owned()));
        }
    }

    #[test]
    fn the_free_paths_are_those_that_were_seen() {
        assert_eq!(free_words(212), "at least 212 of 1,000 free paths used");
        assert_eq!(free_words(1_000), "at least 1,000 of 1,000 free paths used");
        assert_eq!(free_words(1_214), "all 1,000 free paths used, at least 1,214 in total");
    }
}
