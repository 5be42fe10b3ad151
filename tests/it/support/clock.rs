//! A clock that starts at a fixed time and advances with tokio's, which a test may pause.

use std::time::SystemTime;

use aws_smithy_async::time::TimeSource;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

/// Made within a runtime; copies tell the same time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: DateTime<Utc>,
    origin: Instant,
}

impl Clock {
    /// 2026-11-22, ten in the morning.
    pub(crate) fn new() -> Self {
        let start = DateTime::from_timestamp(1_795_341_600, 0).unwrap_or(DateTime::UNIX_EPOCH);
        Self {
            start,
            origin: Instant::now(),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.start + TimeDelta::from_std(self.elapsed()).unwrap_or(TimeDelta::MAX)
    }

    /// How much of it has passed.
    pub(crate) fn elapsed(&self) -> std::time::Duration {
        self.origin.elapsed()
    }
}

/// Requests are signed by the emulator's clock, or the SDK would see a skewed one.
impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        Self::now(self).into()
    }
}
