//! Typical durations of invalidations, and the formatting of time spans.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::distribution::Target;

/// The typical durations of a target, based on invalidations that were watched until they completed: see
/// [`super::observation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usual {
    /// The median: half of the invalidations took no longer.
    pub median: TimeDelta,
    /// The 95th percentile: 19 out of 20 invalidations took no longer.
    pub p95: TimeDelta,
    /// The number of observed invalidations.
    pub count: usize,
}

/// The duration after which an invalidation counts as slow if its target has no typical durations yet.
pub const SLOW_WITHOUT_HISTORY: TimeDelta = TimeDelta::minutes(2);
/// The duration after which an invalidation counts as unusual, regardless of the typical durations.
pub const UNUSUAL: TimeDelta = TimeDelta::minutes(15);

/// The durations of invalidations that were watched until they completed, by endpoint and target. Each target's
/// durations are in ascending order, so that finding a percentile is an index lookup, however many there are.
/// Endpoints are part of the key because two servers may have targets with the same id.
#[derive(Clone, Debug, Default)]
pub struct Durations(BTreeMap<String, BTreeMap<Target, Vec<TimeDelta>>>);

impl Durations {
    /// Adds durations for a target.
    pub fn extend(&mut self, endpoint: &str, target: &Target, spans: impl IntoIterator<Item = TimeDelta>) {
        let mut spans = spans.into_iter().peekable();
        if spans.peek().is_none() {
            return;
        }
        let of_endpoint = self.0.entry(endpoint.to_owned()).or_default();
        let taken = of_endpoint.entry(target.clone()).or_default();
        let before = taken.len();
        taken.extend(spans);
        match taken.len() - before {
            1 => {
                let last = taken.pop().unwrap_or_default();
                taken.insert(taken.partition_point(|other| *other <= last), last);
            }
            _ => taken.sort_unstable(),
        }
    }

    /// Returns the typical durations of a target, if at least three were observed.
    #[must_use]
    pub fn usual(&self, endpoint: &str, target: &Target) -> Option<Usual> {
        usual(self.0.get(endpoint)?.get(target)?)
    }
}

/// Returns the typical durations from a sorted list, if it has at least three elements.
fn usual(taken: &[TimeDelta]) -> Option<Usual> {
    const ENOUGH: usize = 3;
    let count = taken.len();
    let rank = |percent: usize| taken.get((count * percent).div_ceil(100).saturating_sub(1)).copied();
    let (median, p95) = (rank(50)?, rank(95)?);
    (count >= ENOUGH).then_some(Usual { median, p95, count })
}

/// Formats a time span in the largest unit that fits: `6 s`, `4 min`, `3 h`, `12 d`. A negative span is `0 s`.
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
        let target = Target::from_id("E1");
        let mut durations = Durations::default();
        durations.extend("CloudFront", &target, [4, 9].map(TimeDelta::seconds));
        durations.extend("http://localhost", &target, [70, 90].map(TimeDelta::seconds));
        assert_eq!(durations.usual("CloudFront", &target), None);
        for seconds in [30, 8] {
            durations.extend("CloudFront", &target, [TimeDelta::seconds(seconds)]);
        }
        let found = durations.usual("CloudFront", &target);
        let found = found.map(|u| (u.median.num_seconds(), u.p95.num_seconds(), u.count));
        assert_eq!(found, Some((8, 30, 4)));
        assert_eq!(durations.usual("CloudFront", &Target::from_id("dt_1")), None);
    }
}
