//! The time according to the local clock, which may be wrong, and the service's clock, which is authoritative.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource, TimeSource};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

/// The response time above which a response cannot be used to determine the offset, because the service may have read
/// its clock at any moment in between.
const SLOWEST: Duration = Duration::from_mins(1);

/// The tolerance between clocks: a response's date is in whole seconds, and two machines' clocks are never exactly
/// equal.
const CLOSE_ENOUGH: TimeDelta = TimeDelta::seconds(2);

/// The smallest clock change that may make a refused signature valid. The service tolerates five minutes.
const LARGE: TimeDelta = TimeDelta::minutes(1);

/// Returns the local time. chrono's own function panics if the clock is set before 1970.
#[must_use]
pub fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Checks whether requests can be made at this time.
///
/// # Errors
/// A sentence for a time before 1970, when certificates cannot be verified.
pub fn check(now: DateTime<Utc>) -> Result<(), String> {
    if now >= DateTime::UNIX_EPOCH {
        return Ok(());
    }
    Err(format!(
        "this machine's clock is set to {}; correct it, because request signatures depend on it",
        now.format("%Y-%m-%d")
    ))
}

/// The service's clock: the local clock, corrected by the offset found from the dates of responses. Clones share the
/// offset. A signature is valid for five minutes around this time, and CloudFront's own timestamps use it.
#[derive(Clone, Debug)]
pub struct ServiceClock {
    machine: SharedTimeSource,
    /// How far the machine is behind, in milliseconds; negative if it is ahead.
    behind: Arc<watch::Sender<i64>>,
}

impl ServiceClock {
    /// Creates a clock based on the local clock.
    #[must_use]
    pub fn of_machine() -> Self {
        Self::of(SystemTimeSource::new())
    }

    /// Creates a clock based on another clock.
    #[must_use]
    pub fn of(machine: impl TimeSource + 'static) -> Self {
        let (behind, _) = watch::channel(0);
        Self {
            machine: SharedTimeSource::new(machine),
            behind: Arc::new(behind),
        }
    }

    /// Returns the service's time, with the offset known so far.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        moved(self.machine.now(), self.behind()).into()
    }

    /// Returns how far this machine is behind the service; negative if it is ahead.
    #[must_use]
    pub fn behind(&self) -> TimeDelta {
        TimeDelta::milliseconds(*self.behind.borrow())
    }

    /// Calls `tell` with the machine's offset whenever a new one is determined, until `tell` returns `false`.
    pub async fn tell(&self, mut tell: impl FnMut(TimeDelta) -> bool) {
        let mut learned = self.behind.subscribe();
        // The sender lives as long as `self`.
        while learned.changed().await.is_ok() && tell(self.behind()) {}
    }

    /// Returns whether the offset has changed so much that a signature made with the old offset may be valid with the
    /// new one.
    pub(super) fn was_set_since(&self, behind: TimeDelta) -> bool {
        (self.behind() - behind).abs() >= LARGE
    }

    /// Returns the local time, for [`ServiceClock::learn`].
    pub(super) fn machine(&self) -> SystemTime {
        self.machine.now()
    }

    /// Determines the offset from the date of a response. `sent` is the local time at which the request was sent.
    pub(super) fn learn(&self, sent: SystemTime, date: DateTime<Utc>) {
        let took = self.machine.now().duration_since(sent).unwrap_or_default();
        if took > SLOWEST {
            return;
        }
        let half = TimeDelta::from_std(took / 2).unwrap_or_default();
        let unsure = CLOSE_ENOUGH + half;
        let behind = date - DateTime::<Utc>::from(moved(sent, half));
        let told = if behind.abs() <= unsure {
            TimeDelta::zero()
        } else {
            behind
        };
        if (told - self.behind()).abs() > unsure {
            let milliseconds = told.num_milliseconds();
            tracing::info!(milliseconds, "this machine's clock is behind the service's");
            self.behind.send_replace(milliseconds);
        }
    }
}

/// Provides the time for signing requests.
impl TimeSource for ServiceClock {
    fn now(&self) -> SystemTime {
        moved(self.machine.now(), self.behind())
    }
}

/// Returns a time plus an offset, or the time unchanged if no clock can represent the result.
fn moved(time: SystemTime, by: TimeDelta) -> SystemTime {
    let amount = by.abs().to_std().unwrap_or_default();
    let moved = if by < TimeDelta::zero() {
        time.checked_sub(amount)
    } else {
        time.checked_add(amount)
    };
    moved.unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_before_1970_is_a_time_and_none_to_make_requests_at() {
        let earlier: DateTime<Utc> = (SystemTime::UNIX_EPOCH - Duration::from_millis(1_500)).into();
        assert_eq!(
            check(earlier),
            Err(
                "this machine's clock is set to 1969-12-31; correct it, because request signatures depend on it"
                    .to_owned()
            )
        );
        assert_eq!((check(DateTime::UNIX_EPOCH), check(now())), (Ok(()), Ok(())));
    }
}
