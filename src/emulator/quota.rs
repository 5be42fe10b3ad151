//! Quotas and throttling: limits on paths in progress, and on request rates.

use chrono::{DateTime, TimeDelta, Utc};

use super::error::ApiError;
use super::invalidation::{History, Invalidation};
use super::item::Item;
use super::settings::{Settings, WildcardRate};

/// A token bucket driven by the time that is passed in. It starts full.
#[derive(Debug, Clone, Default)]
struct Bucket {
    spent: f64,
    at: Option<DateTime<Utc>>,
}

impl Bucket {
    /// Returns whether `amount` is available after refilling at `rate` per second.
    fn has(&mut self, amount: f64, rate: f64, capacity: f64, now: DateTime<Utc>) -> bool {
        // Setting the clock back neither adds nor removes tokens.
        let elapsed = self
            .at
            .map_or(TimeDelta::zero(), |at| (now - at).max(TimeDelta::zero()));
        self.spent = (self.spent - elapsed.as_seconds_f64() * rate).max(0.0);
        self.at = Some(now);
        // A small tolerance is needed because tokens are added in fractions.
        self.spent + amount <= capacity + 1e-9
    }

    fn take(&mut self, amount: f64) {
        self.spent += amount;
    }
}

/// The account's rate limits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rates {
    calls: Bucket,
    paths: Bucket,
    wildcards: Bucket,
}

impl Rates {
    /// Accepts a create call, or refuses it with `Throttling`.
    pub(crate) fn call(&mut self, settings: &Settings, now: DateTime<Utc>) -> Result<(), ApiError> {
        let Some(rate) = settings.creates_per_second else {
            return Ok(());
        };
        if !self.calls.has(1.0, rate, f64::from(settings.create_burst.max(1)), now) {
            return Err(ApiError::THROTTLING);
        }
        self.calls.take(1.0);
        Ok(())
    }

    /// Charges the items against the newer quota, either all or none of them.
    pub(crate) fn items(&mut self, items: &[Item], settings: &Settings, now: DateTime<Utc>) -> Result<(), ApiError> {
        let wildcards = items.iter().filter(|item| item.is_wildcard()).count();
        let exact = count(items.len() - wildcards);
        let wild = match settings.wildcard_rate {
            WildcardRate::Items => count(wildcards),
            WildcardRate::Batches => count(wildcards.min(1)),
        };
        let fits = |bucket: &mut Bucket, amount: f64, rate: Option<u32>| {
            rate.is_none_or(|rate| bucket.has(amount, f64::from(rate), f64::from(rate), now))
        };
        if !fits(&mut self.paths, exact, settings.paths_per_second)
            || !fits(&mut self.wildcards, wild, settings.wildcards_per_second)
        {
            return Err(ApiError::TOO_MANY_INVALIDATIONS);
        }
        self.paths.take(exact);
        self.wildcards.take(wild);
        Ok(())
    }
}

/// Checks the older quota, which limits the items in progress per target and counts wildcards separately.
pub(crate) fn check_in_progress(
    history: Option<&History>,
    items: &[Item],
    settings: &Settings,
    now: DateTime<Utc>,
) -> Result<(), ApiError> {
    if settings.in_progress_paths.is_none() && settings.in_progress_wildcards.is_none() {
        return Ok(());
    }
    let running: Vec<&Invalidation> = history
        .into_iter()
        .flat_map(|history| history.in_progress(now))
        .collect();
    let new_wildcards = items.iter().filter(|item| item.is_wildcard()).count();
    let wildcards = new_wildcards + running.iter().map(|one| one.wildcards()).sum::<usize>();
    let all = items.len() + running.iter().map(|one| one.items.len()).sum::<usize>();
    let over = |used: usize, limit: Option<usize>| limit.is_some_and(|limit| used > limit);
    // A batch without wildcards is not refused because of other wildcards, and a batch with only wildcards is not
    // refused because of other items.
    let exact_over = items.len() > new_wildcards && over(all - wildcards, settings.in_progress_paths);
    let wildcards_over = new_wildcards > 0 && over(wildcards, settings.in_progress_wildcards);
    if exact_over || wildcards_over {
        Err(ApiError::TOO_MANY_INVALIDATIONS)
    } else {
        Ok(())
    }
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}
