//! The time by this machine's clock, whatever it says, and by the service's, which counts.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource, TimeSource};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

/// A response that took longer tells nothing of the time: nobody knows when on its way the service looked at its clock.
const SLOWEST: Duration = Duration::from_mins(1);

/// The date of a response is whole seconds, and the clocks of two machines are never quite the same.
const CLOSE_ENOUGH: TimeDelta = TimeDelta::seconds(2);

/// A move that lets a refused signature be valid: the service allows for five minutes.
const LARGE: TimeDelta = TimeDelta::minutes(1);

/// The time. chrono's own way to it stops the program where the clock is set before 1970.
#[must_use]
pub fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Whether requests can be made at this time.
///
/// # Errors
/// A sentence, for a time before 1970: certificates cannot be checked then.
pub fn check(now: DateTime<Utc>) -> Result<(), String> {
    if now >= DateTime::UNIX_EPOCH {
        return Ok(());
    }
    Err(format!(
        "the clock of this machine says {}; set it, requests are signed with its time",
        now.format("%Y-%m-%d")
    ))
}

/// The service's time: this machine's, moved by what the dates of responses tell it to be off. Clones share what is
/// learned. A signature is valid for five minutes around it, and what CloudFront dates is dated by it.
#[derive(Clone, Debug)]
pub struct ServiceClock {
    machine: SharedTimeSource,
    /// How far the machine is behind, in milliseconds; negative: ahead.
    behind: Arc<watch::Sender<i64>>,
}

impl ServiceClock {
    /// By this machine's clock.
    #[must_use]
    pub fn of_machine() -> Self {
        Self::of(SystemTimeSource::new())
    }

    /// By another clock.
    #[must_use]
    pub fn of(machine: impl TimeSource + 'static) -> Self {
        let (behind, _) = watch::channel(0);
        Self {
            machine: SharedTimeSource::new(machine),
            behind: Arc::new(behind),
        }
    }

    /// The service's time, as far as it is known.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        moved(self.machine.now(), self.behind()).into()
    }

    /// How far this machine is behind the service; negative: ahead.
    #[must_use]
    pub fn behind(&self) -> TimeDelta {
        TimeDelta::milliseconds(*self.behind.borrow())
    }

    /// Calls this with how far this machine is behind, whenever that is learned, until it answers that nobody listens.
    pub async fn tell(&self, mut tell: impl FnMut(TimeDelta) -> bool) {
        let mut learned = self.behind.subscribe();
        // The sender lives as long as this.
        while learned.changed().await.is_ok() && tell(self.behind()) {}
    }

    /// Whether the clock was set by so much since it was so far behind that a signature of then may be valid now.
    pub(super) fn was_set_since(&self, behind: TimeDelta) -> bool {
        (self.behind() - behind).abs() >= LARGE
    }

    /// The time by this machine, for [`ServiceClock::learn`].
    pub(super) fn machine(&self) -> SystemTime {
        self.machine.now()
    }

    /// Takes the date of a response into account that was asked for at `sent`, by this machine.
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

/// Requests are signed by it.
impl TimeSource for ServiceClock {
    fn now(&self) -> SystemTime {
        moved(self.machine.now(), self.behind())
    }
}

/// A time and this much; what no clock can show stays as it is.
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
            Err("the clock of this machine says 1969-12-31; set it, requests are signed with its time".to_owned())
        );
        assert_eq!((check(DateTime::UNIX_EPOCH), check(now())), (Ok(()), Ok(())));
    }
}
