//! The switches: what can be changed while the emulator runs.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How a CallerReference that was used for other items is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReferenceClash {
    /// `InvalidArgument` and a sentence, as the service was seen to answer.
    InvalidArgument,
    /// The code that the documentation names.
    InvalidationBatchAlreadyExists,
}

/// What an invalidation of a multi-tenant distribution itself does; no source says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TenantOnly {
    /// Accepted; clears the pages of all its tenants.
    ClearsAllTenants,
    /// Accepted; clears nothing.
    ClearsNothing,
    /// `InvalidArgument`.
    Refused,
}

/// What the rate limit for wildcards counts; the sources leave it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WildcardRate {
    /// Each wildcard of a batch.
    Items,
    /// Each batch that holds a wildcard.
    Batches,
}

/// Everything that may be switched while the emulator runs. Quotas and throttling are off (`None`) unless set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Account id in every ARN.
    pub account: String,
    /// From creation to `Completed`, in milliseconds.
    pub completion_delay_ms: u64,
    /// Up to this much longer, in milliseconds; drawn anew for each invalidation.
    pub completion_spread_ms: u64,
    /// From creation until the edge is cleared, in milliseconds; never later than completion.
    pub effect_delay_ms: u64,
    /// From creation until `GetInvalidation` finds it, in milliseconds.
    pub visible_after_ms: u64,
    /// Before every answer, in milliseconds: the way to a far service.
    pub latency_ms: u64,
    /// How a used CallerReference is refused.
    pub reference_clash: ReferenceClash,
    /// Whether a repeat of the very same batch is refused, too, instead of answered with the earlier invalidation.
    pub replay_clashes: bool,
    /// What an invalidation of a multi-tenant distribution does.
    pub tenant_only: TenantOnly,
    /// Largest page of a list, and the size of a page when none is asked for.
    pub page_limit: usize,
    /// Items of one batch above which it is `BatchTooLarge`.
    pub batch_limit: Option<usize>,
    /// Paths and tags in progress per target (the older quota: 3,000).
    pub in_progress_paths: Option<usize>,
    /// Wildcards in progress per target (the older quota: 15).
    pub in_progress_wildcards: Option<usize>,
    /// Paths and tags a second per account (the newer quota: 150).
    pub paths_per_second: Option<u32>,
    /// Wildcards a second per account (the newer quota: 1).
    pub wildcards_per_second: Option<u32>,
    /// What the rate of wildcards counts.
    pub wildcard_rate: WildcardRate,
    /// Creating calls a second per account; more are answered with `Throttling` (seen: 0.5).
    pub creates_per_second: Option<f64>,
    /// Creating calls that pass at once before that rate holds (seen: 6 to 7).
    pub create_burst: u32,
    /// Whether a request that is signed more than five minutes off the service's time is refused.
    pub check_dates: bool,
    /// How far the service's clock is ahead of the time that is handed in, in milliseconds; negative: behind.
    pub clock_ahead_ms: i64,
    /// The only access key ID that has not expired; all are good unless set.
    pub only_key: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            account: "123456789012".to_owned(),
            completion_delay_ms: 10_000,
            completion_spread_ms: 0,
            effect_delay_ms: 3_000,
            visible_after_ms: 0,
            latency_ms: 0,
            reference_clash: ReferenceClash::InvalidArgument,
            replay_clashes: false,
            tenant_only: TenantOnly::ClearsAllTenants,
            page_limit: 100,
            batch_limit: Some(3_000),
            in_progress_paths: None,
            in_progress_wildcards: None,
            paths_per_second: None,
            wildcards_per_second: None,
            wildcard_rate: WildcardRate::Items,
            creates_per_second: None,
            create_burst: 6,
            check_dates: true,
            clock_ahead_ms: 0,
            only_key: None,
        }
    }
}

impl Settings {
    pub(crate) fn latency(&self) -> Duration {
        Duration::from_millis(self.latency_ms)
    }

    /// The service's time.
    pub(crate) fn time(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let ahead = TimeDelta::milliseconds(self.clock_ahead_ms);
        now.checked_add_signed(ahead).unwrap_or(now)
    }
}

/// How an emulator begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Of the generator behind ids, orders and varying delays.
    pub seed: u64,
    /// How many distributions: the sample ones first, generated ones after them. `None`: the sample ones.
    pub distributions: Option<usize>,
    /// Whether somebody was here before: past invalidations, pages in the edge's cache, a page published since.
    pub lived_in: bool,
    /// The switches at the start.
    pub settings: Settings,
}

impl Default for Options {
    /// For tests: the sample distributions, no past, everything completes after ten seconds.
    fn default() -> Self {
        Self {
            seed: 1,
            distributions: None,
            lived_in: false,
            settings: Settings::default(),
        }
    }
}

impl Options {
    /// For people: a past worth looking at, and invalidations that take a few seconds, each its own time.
    #[must_use]
    pub fn demo() -> Self {
        let settings = Settings {
            completion_delay_ms: 5_000,
            completion_spread_ms: 6_000,
            effect_delay_ms: 2_500,
            ..Settings::default()
        };
        Self {
            lived_in: true,
            settings,
            ..Self::default()
        }
    }
}
