//! How long invalidations usually take, and how to say a span of time.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::distribution::Target;

/// What is usual for a target, from invalidations that were watched to their end: see [`super::observation`].
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

/// How long invalidations took that were watched to their end, by endpoint and target, each target's from the shortest on:
/// however many there are, what is usual is read off at once. Two servers may have targets of the same id.
#[derive(Clone, Debug, Default)]
pub struct Durations(BTreeMap<String, BTreeMap<Target, Vec<TimeDelta>>>);

impl Durations {
    /// Some more of a target.
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

    /// What is usual for a target, if at least three were seen.
    #[must_use]
    pub fn usual(&self, endpoint: &str, target: &Target) -> Option<Usual> {
        usual(self.0.get(endpoint)?.get(target)?)
    }
}

/// What is usual, if at least three were seen; they are in order.
fn usual(taken: &[TimeDelta]) -> Option<Usual> {
    const ENOUGH: usize = 3;
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
