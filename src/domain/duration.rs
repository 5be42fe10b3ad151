//! How long invalidations usually take, and how to say a span of time.

use chrono::TimeDelta;

/// What is usual for a target, from invalidations that were watched to their end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usual {
    /// Half of them took no longer.
    pub median: TimeDelta,
    /// Nineteen of twenty took no longer.
    pub p95: TimeDelta,
    /// How many were seen.
    pub count: usize,
}

/// From when an invalidation is called slow where nothing is known of its target.
pub const SLOW_WITHOUT_HISTORY: TimeDelta = TimeDelta::minutes(2);
/// From when one is called unusual, whatever the history says.
pub const UNUSUAL: TimeDelta = TimeDelta::minutes(15);

/// What is usual, if at least three were seen.
#[must_use]
pub fn usual(mut taken: Vec<TimeDelta>) -> Option<Usual> {
    const ENOUGH: usize = 3;
    taken.sort_unstable();
    let count = taken.len();
    let rank = |percent: usize| taken.get((count * percent).div_ceil(100).saturating_sub(1)).copied();
    let (median, p95) = (rank(50)?, rank(95)?);
    (count >= ENOUGH).then_some(Usual { median, p95, count })
}

/// A span in the largest unit that says it: `6 s`, `4 min`, `3 h`, `12 d`. A negative one is `0 s`.
#[must_use]
pub fn short(span: TimeDelta) -> String {
    let seconds = span.num_seconds().max(0);
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        172_800.. => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_short_and_never_negative() {
        let seconds = [-4, 0, 119, 120, 7_199, 7_200, 172_799, 172_800];
        assert_eq!(
            seconds.map(|s| short(TimeDelta::seconds(s))),
            ["0 s", "0 s", "119 s", "2 min", "119 min", "2 h", "47 h", "2 d"]
        );
    }

    #[test]
    fn two_are_not_a_habit() {
        let seconds = |list: &[i64]| list.iter().map(|s| TimeDelta::seconds(*s)).collect::<Vec<_>>();
        assert_eq!(usual(seconds(&[4, 9])), None);
        let found = usual(seconds(&[9, 4, 30, 8])).map(|u| (u.median.num_seconds(), u.p95.num_seconds(), u.count));
        assert_eq!(found, Some((8, 30, 4)));
    }
}
