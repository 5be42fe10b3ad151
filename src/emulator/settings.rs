//! The settings that can be changed while the emulator runs.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The error for a CallerReference that has already been used for different items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReferenceClash {
    /// `InvalidArgument` with a message, as CloudFront has been observed to return.
    InvalidArgument,
    /// The error code named in the documentation.
    InvalidationBatchAlreadyExists,
}

/// The effect of invalidating a multi-tenant distribution itself. This is undocumented, and there is only a single
/// report of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TenantOnly {
    /// Refused with `NoSuchDistribution`, according to the report.
    NoSuchDistribution,
    /// Accepted; clears the pages of all the distribution's tenants.
    ClearsAllTenants,
    /// Accepted; clears nothing.
    ClearsNothing,
    /// Refused with `InvalidArgument`.
    Refused,
}

/// What the rate limit for wildcards counts; the sources leave this open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WildcardRate {
    /// Every wildcard in a batch.
    Items,
    /// Every batch that contains a wildcard.
    Batches,
}

/// All settings that can be changed while the emulator runs. Quotas and throttling are off (`None`) unless set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The account id in every ARN.
    pub account: String,
    /// The time from creation to `Completed`, in milliseconds.
    pub completion_delay_ms: u64,
    /// The maximum random addition to the completion delay, in milliseconds, chosen separately for each invalidation.
    pub completion_spread_ms: u64,
    /// The time from creation until the edge is cleared, in milliseconds; never later than completion.
    pub effect_delay_ms: u64,
    /// The time from creation until `GetInvalidation` finds the invalidation, in milliseconds.
    pub visible_after_ms: u64,
    /// The delay before every response, in milliseconds, which simulates a distant service.
    pub latency_ms: u64,
    /// The error for a reused CallerReference.
    pub reference_clash: ReferenceClash,
    /// Whether repeating exactly the same batch is refused as well, instead of returning the earlier invalidation.
    pub replay_clashes: bool,
    /// The effect of invalidating a multi-tenant distribution.
    pub tenant_only: TenantOnly,
    /// The maximum page size of a list, which is also the default.
    pub page_limit: usize,
    /// The maximum number of items in a batch; a larger batch is refused with `BatchTooLarge`.
    pub batch_limit: Option<usize>,
    /// The number of paths and tags that may be in progress per target (the older quota: 3,000).
    pub in_progress_paths: Option<usize>,
    /// The number of wildcards that may be in progress per target (the older quota: 15).
    pub in_progress_wildcards: Option<usize>,
    /// The number of paths and tags allowed per account per second (the newer quota: 150).
    pub paths_per_second: Option<u32>,
    /// The number of wildcards allowed per account per second (the newer quota: 1).
    pub wildcards_per_second: Option<u32>,
    /// What the rate limit for wildcards counts.
    pub wildcard_rate: WildcardRate,
    /// The number of create calls allowed per account per second (observed: 0.5); further calls are refused with
    /// `Throttling`.
    pub creates_per_second: Option<f64>,
    /// The number of create calls allowed in a burst before `creates_per_second` applies (observed: 6 to 7).
    pub create_burst: u32,
    /// The time from a call until CloudTrail lists its event, in milliseconds.
    pub trail_delay_ms: u64,
    /// Whether a request is refused if its signature's date is off by more than five minutes.
    pub check_dates: bool,
    /// How far the emulator's clock is ahead of the time passed in, in milliseconds; negative if it is behind.
    pub clock_ahead_ms: i64,
    /// The only access key id that has not expired; `None` means all keys are accepted.
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
            tenant_only: TenantOnly::NoSuchDistribution,
            page_limit: 100,
            batch_limit: Some(3_000),
            in_progress_paths: None,
            in_progress_wildcards: None,
            paths_per_second: None,
            wildcards_per_second: None,
            wildcard_rate: WildcardRate::Items,
            creates_per_second: None,
            create_burst: 6,
            trail_delay_ms: 0,
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

    /// Returns the emulator's time.
    pub(crate) fn time(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let ahead = TimeDelta::milliseconds(self.clock_ahead_ms);
        now.checked_add_signed(ahead).unwrap_or(now)
    }
}

/// The initial state of an emulator.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The seed of the generator for ids, orders and random delays.
    pub seed: u64,
    /// The number of distributions: first the sample ones, then generated ones. `None` means just the sample ones.
    pub distributions: Option<usize>,
    /// Whether there is past activity: past invalidations, pages in the edge's cache, and newer versions
    /// published since.
    pub lived_in: bool,
    /// The initial settings.
    pub settings: Settings,
}

impl Default for Options {
    /// Returns the options for tests: the sample distributions, no past activity, and invalidations that complete after
    /// ten seconds.
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
    /// Returns the options for demos: past activity, and invalidations that complete after varying delays of a few
    /// seconds.
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
