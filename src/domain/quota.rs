//! CloudFront's quotas for invalidations, used only as hints.
//!
//! Two generations of quotas are known: rates, reported second-hand since 2026, and the older limits on invalidations
//! in progress at the same time, which the China documentation still lists. Neither could be verified, so neither ever
//! blocks a submission: CloudFront's own refusal decides, and the program waits and retries.

use super::batch::Sizes;
use super::text::grouped;

/// The number of paths and tags that an account may invalidate per second, as reported since 2026.
pub const PATHS_PER_SECOND: usize = 150;

/// The number of wildcards that an account may invalidate per second, as reported since 2026.
pub const WILDCARDS_PER_SECOND: usize = 1;

/// The number of paths that may be in progress on a distribution at once, as documented until 2026 and still for China.
pub const PATHS_IN_PROGRESS: usize = 3_000;

/// The number of wildcards that may be in progress at once, as documented until 2026 and still for China.
pub const WILDCARDS_IN_PROGRESS: usize = 15;

/// The limits on paths and wildcards in progress on a distribution at once.
pub const IN_PROGRESS: Sizes = Sizes {
    exact: PATHS_IN_PROGRESS,
    wildcards: WILDCARDS_IN_PROGRESS,
};

/// Returns whether a batch, together with what is already in progress, takes up at least half of a limit.
#[must_use]
pub fn is_tight(in_progress: Sizes, batch: Sizes) -> bool {
    let half = |used: usize, limit: usize| 2 * used >= limit;
    half(in_progress.exact + batch.exact, PATHS_IN_PROGRESS)
        || half(in_progress.wildcards + batch.wildcards, WILDCARDS_IN_PROGRESS)
}

/// Describes how much is in progress relative to the limits of older accounts and China: `2 of 15 wildcards`. Returns
/// `None` if nothing is.
#[must_use]
pub fn gauge(in_progress: Sizes) -> Option<String> {
    let of = |count: usize, limit: usize, what: &str| {
        (count > 0).then(|| format!("{} of {} {what}", grouped(count as u64), grouped(limit as u64)))
    };
    let kinds = [
        of(in_progress.exact, PATHS_IN_PROGRESS, "paths"),
        of(in_progress.wildcards, WILDCARDS_IN_PROGRESS, "wildcards"),
    ];
    let kinds: Vec<_> = kinds.into_iter().flatten().collect();
    (!kinds.is_empty()).then(|| kinds.join(", "))
}

/// The shortest wait, in seconds, that makes a rate worth mentioning.
const WORTH_SAYING: usize = 5;

/// Returns a sentence for each quota that a list may exceed, or nothing if the list is within all of them.
///
/// `paths` counts exact paths and tags, and `wildcards` the rest.
#[must_use]
pub fn hints(paths: usize, wildcards: usize) -> Vec<String> {
    let rates = [
        rate(paths, PATHS_PER_SECOND, "paths and tags", "150 paths and tags"),
        rate(wildcards, WILDCARDS_PER_SECOND, "wildcards", "one wildcard"),
    ];
    let limits = [
        limit(paths, PATHS_IN_PROGRESS, "paths", "3,000 paths"),
        limit(wildcards, WILDCARDS_IN_PROGRESS, "wildcards", "15 wildcards"),
    ];
    rates.into_iter().chain(limits).flatten().collect()
}

fn rate(count: usize, quota: usize, what: &str, words: &str) -> Option<String> {
    let seconds = count.div_ceil(quota);
    if seconds < WORTH_SAYING {
        return None;
    }
    let (count, seconds) = (grouped(count as u64), grouped(seconds as u64));
    Some(format!(
        "{count} {what}: CloudFront accepts about {words} per second, so this takes about {seconds} s."
    ))
}

fn limit(count: usize, quota: usize, what: &str, words: &str) -> Option<String> {
    let count = (count > quota).then(|| grouped(count as u64))?;
    Some(format!(
        "{count} {what}: older accounts and accounts in China allow {words} in progress at once, so this may have to be split."
    ))
}

#[cfg(test)]
mod tests {
    use super::{gauge, hints, is_tight};
    use crate::domain::batch::Sizes;

    #[test]
    fn a_list_within_all_quotas_gets_no_hint() {
        assert_eq!(hints(150, 1), [""; 0]);
        assert_eq!(hints(600, 4), [""; 0]);
    }

    #[test]
    fn the_gauge_tells_what_is_there() {
        let told = |exact, wildcards| gauge(Sizes { exact, wildcards });
        assert_eq!(told(0, 0), None);
        assert_eq!(told(0, 2).as_deref(), Some("2 of 15 wildcards"));
        assert_eq!(
            told(1_200, 2).as_deref(),
            Some("1,200 of 3,000 paths, 2 of 15 wildcards")
        );
    }

    #[test]
    fn half_of_a_limit_is_tight() {
        let of = |exact, wildcards| Sizes { exact, wildcards };
        assert!(!is_tight(of(1, 2), of(1_498, 5)));
        assert!(is_tight(of(0, 0), of(1_500, 0)));
        assert!(is_tight(of(0, 7), of(0, 1)));
    }

    #[test]
    fn each_generation_speaks_for_itself() {
        assert_eq!(
            hints(3_001, 16),
            [
                "3,001 paths and tags: CloudFront accepts about 150 paths and tags per second, so this takes about 21 s.",
                "16 wildcards: CloudFront accepts about one wildcard per second, so this takes about 16 s.",
                "3,001 paths: older accounts and accounts in China allow 3,000 paths in progress at once, so this may have to be split.",
                "16 wildcards: older accounts and accounts in China allow 15 wildcards in progress at once, so this may have to be split.",
            ]
        );
    }
}
