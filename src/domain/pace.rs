//! The request rate for one account: a token bucket that adapts to throttling.

use chrono::{DateTime, TimeDelta, Utc};

/// A lane of rate-limited calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// Tokens per second.
    rate: f64,
    /// The initial rate, which is also the upper limit when the rate recovers.
    full_rate: f64,
    /// The maximum number of saved tokens.
    burst: f64,
    /// The initial burst.
    full_burst: f64,
    tokens: f64,
    counted: Option<DateTime<Utc>>,
}

/// The rate for creates, per minute. CloudFront accepts about one every two seconds after a small burst
/// (`docs/cloudfront.md`, "Request rates").
pub const CREATES_PER_MINUTE: u32 = 30;
/// The number of creates that may be sent in a burst. CloudFront has been observed to accept six or seven.
const CREATE_BURST: f64 = 5.0;
/// The rate for reads, per second. AWS publishes no limit, but one read per second has never been throttled so far.
const READ_RATE: f64 = 1.0;
/// The number of reads that may be sent in a burst, e.g. when the user opens pages and moves through rows.
const OPENED_BURST: f64 = 20.0;
/// The lowest rate after throttling, per second.
const SLOWEST: f64 = 1.0 / 16.0;

impl Default for Lane {
    fn default() -> Self {
        Self::creates(CREATES_PER_MINUTE)
    }
}

impl Lane {
    /// Returns the lane for the `CreateInvalidation` calls of one account, at the given rate.
    #[must_use]
    pub fn creates(per_minute: u32) -> Self {
        Self::new(f64::from(per_minute.max(1)) / 60.0, CREATE_BURST)
    }

    /// Returns how long the given number of calls takes at the current rate.
    #[must_use]
    pub fn takes(&self, calls: usize) -> TimeDelta {
        let paced = u32::try_from(calls).unwrap_or(u32::MAX);
        let seconds = (f64::from(paced) - self.burst).max(0.0) / self.rate;
        #[expect(clippy::cast_possible_truncation, reason = "no more than the seconds of a year")]
        let whole = seconds.ceil().min(31_536_000.0) as i64;
        TimeDelta::seconds(whole)
    }

    /// Returns the lane for polling invalidations in progress, which limits their share of the reads.
    #[must_use]
    pub fn watching() -> Self {
        Self::new(READ_RATE, 1.0)
    }

    /// Returns the lane for all reads of one account; only reads triggered by the user may use its burst.
    #[must_use]
    pub fn reads() -> Self {
        Self::new(READ_RATE, OPENED_BURST)
    }

    fn new(rate: f64, burst: f64) -> Self {
        Self {
            rate,
            full_rate: rate,
            burst,
            full_burst: burst,
            tokens: burst,
            counted: None,
        }
    }

    /// Takes a token.
    ///
    /// # Errors
    /// Returns the time to wait if no token is available, at least one millisecond.
    pub fn take(&mut self, now: DateTime<Utc>) -> Result<(), TimeDelta> {
        let wait = self.wait(now);
        if wait.is_none() {
            self.tokens -= 1.0;
        }
        wait.map_or(Ok(()), Err)
    }

    /// Returns how long to wait for a token, at least one millisecond, or `None` if one is available. Takes no token.
    pub fn wait(&mut self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.refill(now);
        let seconds = (1.0 - self.tokens) / self.rate;
        (self.tokens < 1.0).then(|| TimeDelta::milliseconds(ceil_millis(seconds)))
    }

    /// Records that CloudFront throttled a call, which resets the burst and halves the rate.
    pub fn throttled(&mut self, now: DateTime<Utc>) {
        self.refill(now);
        self.tokens = 0.0;
        self.burst = 1.0;
        self.rate = (self.rate / 2.0).max(SLOWEST);
    }

    /// Records that CloudFront accepted a call. The rate recovers by a tenth each time. Once it has recovered, the
    /// burst grows back by one each time.
    pub fn passed(&mut self) {
        if self.rate >= self.full_rate {
            self.burst = (self.burst + 1.0).min(self.full_burst);
        }
        self.rate = (self.rate * 1.1).min(self.full_rate);
    }

    /// Adds the tokens earned since the last call. A clock that was set back neither adds nor removes any.
    fn refill(&mut self, now: DateTime<Utc>) {
        let millis = self
            .counted
            .map_or(0, |then| (now - then).num_milliseconds().clamp(0, 3_600_000));
        let seconds = f64::from(u32::try_from(millis).unwrap_or(0)) / 1000.0;
        self.tokens = (self.tokens + seconds * self.rate).min(self.burst);
        self.counted = Some(now);
    }
}

/// Rounds up to whole milliseconds.
fn ceil_millis(seconds: f64) -> i64 {
    let millis = (seconds * 1000.0).ceil().clamp(1.0, 60_000.0);
    #[expect(clippy::cast_possible_truncation, reason = "clamped to a minute just above")]
    let whole = millis as i64;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn a_burst_then_one_in_two_seconds() {
        let mut lane = Lane::creates(CREATES_PER_MINUTE);
        assert!((0..5).all(|_| lane.take(at(0)).is_ok()));
        assert_eq!(lane.take(at(0)), Err(TimeDelta::seconds(2)));
        assert_eq!(lane.take(at(2)), Ok(()));
        assert_eq!(lane.take(at(3)), Err(TimeDelta::seconds(1)));
    }

    #[test]
    fn a_job_of_hundreds_takes_as_long_as_the_rate_says() {
        let lane = |per_minute| Lane::creates(per_minute).takes(500);
        assert_eq!(lane(30), TimeDelta::seconds(990));
        assert_eq!(lane(600), TimeDelta::seconds(50));
        assert_eq!(Lane::creates(30).takes(5), TimeDelta::zero());
    }

    #[test]
    fn throttling_is_learned_and_forgotten_slowly() {
        let mut lane = Lane::creates(CREATES_PER_MINUTE);
        lane.throttled(at(0));
        assert_eq!(lane.take(at(0)), Err(TimeDelta::seconds(4)));
        for _ in 0..8 {
            lane.passed();
        }
        assert_eq!(lane.take(at(2)), Ok(()));
        assert!(
            lane.take(at(100)).is_ok() && lane.take(at(100)).is_err(),
            "no burst yet"
        );
        for _ in 0..20 {
            lane.passed();
        }
        assert!((0..5).all(|_| lane.take(at(200)).is_ok()) && lane.take(at(200)).is_err());
    }

    #[test]
    fn a_clock_set_back_or_far_ahead_does_no_harm() {
        let mut lane = Lane::creates(CREATES_PER_MINUTE);
        assert!((0..5).all(|_| lane.take(at(10_000)).is_ok()));
        assert!(lane.take(at(0)).is_err());
        assert!(lane.take(at(900_000_000)).is_ok());
    }
}
