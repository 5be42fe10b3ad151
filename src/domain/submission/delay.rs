//! The delay before a request is retried.

use chrono::TimeDelta;

/// Returns the delay after a lost response: 1, 2, 4, 8, 15, 30, then 60 seconds.
pub(super) fn unknown_delay(attempts: u32) -> TimeDelta {
    TimeDelta::seconds(match attempts {
        0 | 1 => 1,
        2 => 2,
        3 => 4,
        4 => 8,
        5 => 15,
        6 => 30,
        _ => 60,
    })
}

/// Returns the delay after CloudFront reports "too many": 2, 4, 8, 16, then 30 seconds (`docs/cloudfront.md`,
/// "Errors").
pub(super) fn quota_delay(attempts: u32) -> TimeDelta {
    TimeDelta::seconds(match attempts {
        0 | 1 => 2,
        2 => 4,
        3 => 8,
        4 => 16,
        _ => 30,
    })
}
