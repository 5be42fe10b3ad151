//! Computes how long an invalidation took, and how precise that is.
//!
//! CloudFront does not report when an invalidation completed, so the program polls it. The completion is between the
//! last request that returned `InProgress` and the first response that returned `Completed`. The duration is a
//! measurement only if these two are one poll apart. If the program did not poll in between (because it was not
//! running, the machine slept, the terminal was hidden, or another window was polling), the duration is an upper bound.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::duration::short;

/// How late a response may arrive and still count toward its poll. Two requests can be in flight for a moment, and the
/// invalidations of a target are polled one after another.
const LATE: TimeDelta = TimeDelta::seconds(2);

/// How long an invalidation took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Took {
    /// A measured duration, because the completion was watched.
    Measured(TimeDelta),
    /// An upper bound, because the completion was not watched.
    AtMost(TimeDelta),
}

impl Took {
    /// Returns the duration if it was measured, because only measured durations count toward typical times.
    #[must_use]
    pub fn measured(self) -> Option<TimeDelta> {
        match self {
            Self::Measured(span) => Some(span),
            Self::AtMost(_) => None,
        }
    }

    /// Formats the duration as `after 8 s`, or `within 28 s` for an upper bound.
    #[must_use]
    pub fn when(self) -> String {
        match self {
            Self::Measured(span) => format!("after {}", short(span)),
            Self::AtMost(span) => format!("within {}", short(span)),
        }
    }
}

/// Formats the duration as `8 s`, or `≤ 28 s` for an upper bound.
impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Measured(span) => f.write_str(&short(*span)),
            Self::AtMost(span) => write!(f, "≤ {}", short(*span)),
        }
    }
}

/// Returns the polling interval for an invalidation of this age: 2 s for the first half minute, then 5, 10 and 20 s.
#[must_use]
pub fn poll_interval(age: TimeDelta) -> Duration {
    Duration::from_secs(match age.num_seconds() {
        ..30 => 2,
        30..120 => 5,
        120..600 => 10,
        600.. => 20,
    })
}

/// Returns how long an invalidation took that was created at `create_time`, last reported in progress at
/// `last_in_progress`, and first found completed at `seen`. Returns `None` if the duration is unknown, e.g. because a
/// clock was set back.
#[must_use]
pub fn took(
    create_time: DateTime<Utc>,
    last_in_progress: Option<DateTime<Utc>>,
    seen: Option<DateTime<Utc>>,
) -> Option<Took> {
    let seen = seen.filter(|seen| *seen >= create_time && last_in_progress.is_none_or(|last| last <= *seen))?;
    let span = seen - create_time;
    let watched = last_in_progress.is_some_and(|last| {
        let interval = TimeDelta::from_std(poll_interval(last - create_time)).unwrap_or_default();
        seen - last <= interval + LATE
    });
    Some(if watched {
        Took::Measured(span)
    } else {
        Took::AtMost(span)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(millis)
    }

    fn said(last: Option<i64>, seen: i64) -> Option<String> {
        took(at(0), last.map(at), Some(at(seen))).map(|took| took.to_string())
    }

    #[test]
    fn only_an_end_within_one_poll_of_the_last_question_is_measured() {
        let table = [
            (Some(6_000), 8_000, Some("8 s")),
            (Some(6_000), 10_000, Some("10 s")),
            (Some(6_000), 10_001, Some("≤ 10 s")),
            (Some(1_000), 28_000, Some("≤ 28 s")),
            (None, 28_000, Some("≤ 28 s")),
            // `last` is before the invalidation was created, and `seen` is the first response.
            (Some(-400), 2_000, Some("2 s")),
            (Some(60_000), 67_000, Some("67 s")),
            (Some(60_000), 67_001, Some("≤ 67 s")),
            (Some(300_000), 312_000, Some("5 min")),
            (Some(3_600_000), 3_622_000, Some("60 min")),
            (Some(3_600_000), 3_622_001, Some("≤ 60 min")),
            // A clock was set back.
            (Some(6_000), 5_999, None),
            (None, -1, None),
        ];
        for (last, seen, expected) in table {
            assert_eq!(said(last, seen).as_deref(), expected, "{last:?} {seen}");
        }
        assert_eq!(took(at(0), Some(at(1)), None), None);
    }

    #[test]
    fn questions_become_rarer_with_age() {
        let seconds = [-5, 0, 29, 30, 119, 120, 599, 600, 86_400];
        let intervals = seconds.map(|age| poll_interval(TimeDelta::seconds(age)).as_secs());
        assert_eq!(intervals, [2, 2, 2, 5, 5, 10, 10, 20, 20]);
    }
}
