//! Decides when to poll an invalidation, and with which calls. This is pure policy; the model requests the timers.

use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::distribution::Target;
use crate::domain::invalidation::InvalidationId;
use crate::domain::observation::poll_interval;
use crate::engine::effect::Call;

/// The age at which the first page of the visible target is reloaded.
pub const REREAD_AFTER: Duration = Duration::from_secs(20);

/// Returns the delay before the ledger is checked for changes by other windows: short while another window is running,
/// otherwise the interval for reloading the page. Two windows may be side by side, so an unfocused one is updated too.
#[must_use]
pub fn look_at_ledger_after(shared: bool, focused: bool) -> Duration {
    Duration::from_secs(match (shared, focused) {
        (true, true) => 2,
        (true, false) => 6,
        (false, true) => 20,
        (false, false) => 60,
    })
}

/// The smallest number of watched invalidations for which listing is cheaper than requesting each one.
const LIST_FROM: usize = 3;

/// How long after its `CreateTime` one of our invalidations may still be unknown to `GetInvalidation`
/// (`docs/cloudfront.md`, "Time to completion").
pub const UNKNOWN_AT_FIRST: TimeDelta = TimeDelta::seconds(30);

/// Returns the polling interval for an invalidation of this age while the terminal is unfocused: three times the usual
/// interval, but at most one minute.
#[must_use]
pub fn delay_unseen(age: TimeDelta) -> Duration {
    (3 * poll_interval(age)).min(Duration::from_mins(1))
}

/// Returns the delay after this many consecutive failed polls: 5, 10, 20, then 30 s.
#[must_use]
pub fn delay_after_failures(failures: u32) -> Duration {
    Duration::from_secs(match failures {
        0 | 1 => 5,
        2 => 10,
        3 => 20,
        4.. => 30,
    })
}

/// Returns the calls that poll these invalidations of one target. If there are more than two, or if the identity may
/// not read individual invalidations, one page of the list is requested instead, provided that listing is allowed.
#[must_use]
pub fn calls(target: &Target, watched: &[InvalidationId], may_list: bool, may_get: bool) -> Vec<Call> {
    let by_list = watched.len() >= LIST_FROM || (!may_get && !watched.is_empty());
    if by_list && may_list {
        return vec![Call::list(target, None)];
    }
    watched.iter().map(|id| Call::get(target, id)).collect()
}

#[cfg(test)]
mod tests {
    use crate::engine::polling::*;

    #[test]
    fn nobody_looks_and_so_do_we_more_rarely() {
        let delays = [0, 60, 300, 3_600].map(|age| delay_unseen(TimeDelta::seconds(age)).as_secs());
        assert_eq!(delays, [6, 15, 30, 60]);
    }

    #[test]
    fn more_than_two_share_one_page() {
        let target = Target::from_id("E1");
        let ids = ["I1", "I2", "I3"].map(InvalidationId::new);
        assert_eq!(calls(&target, &ids[..2], true, true).len(), 2);
        assert_eq!(
            calls(&target, &ids, true, true),
            [Call::ListInvalidations {
                target: target.clone(),
                marker: None
            }]
        );
        assert_eq!(calls(&target, &ids, false, true).len(), 3);
        assert_eq!(calls(&target, &[], true, true), []);
        assert_eq!(calls(&target, &ids[..1], true, false), calls(&target, &ids, true, true));
    }
}
