//! When to look at an invalidation again, and with which calls. Pure policy; the model asks for the timers.

use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::distribution::Target;
use crate::domain::invalidation::InvalidationId;
use crate::domain::observation::poll_interval;
use crate::engine::effect::Call;

/// How long the screen one is looking at shows the same first page before it is read again.
pub const REREAD_AFTER: Duration = Duration::from_secs(20);

/// How long until the ledger is asked what other windows wrote: soon while there is another one, else as often as the
/// page is read. Two windows stand side by side, so that the one without the focus is seen, too.
#[must_use]
pub fn look_at_ledger_after(shared: bool, focused: bool) -> Duration {
    Duration::from_secs(match (shared, focused) {
        (true, true) => 2,
        (true, false) => 6,
        (false, true) => 20,
        (false, false) => 60,
    })
}

/// From how many watched invalidations of one target on a page of the list is cheaper than asking for each.
const LIST_FROM: usize = 3;

/// How long after its `CreateTime` an invalidation of ours may still be unknown to `GetInvalidation` (`docs/cloudfront.md`, "Time to completion").
pub const UNKNOWN_AT_FIRST: TimeDelta = TimeDelta::seconds(30);

/// How long to wait before the next poll of an invalidation of this age while the terminal has not the focus: three
/// times as long, a minute at most.
#[must_use]
pub fn delay_unseen(age: TimeDelta) -> Duration {
    (3 * poll_interval(age)).min(Duration::from_mins(1))
}

/// How long to wait after this many looks in a row failed: 5, 10, 20, then 30 s.
#[must_use]
pub fn delay_after_failures(failures: u32) -> Duration {
    Duration::from_secs(match failures {
        0 | 1 => 5,
        2 => 10,
        3 => 20,
        4.. => 30,
    })
}

/// The calls that look at these invalidations of one target: one page of the list when there are more than two, or where this
/// identity may not read single ones; unless it may not list.
#[must_use]
pub fn calls(target: &Target, watched: &[InvalidationId], may_list: bool, may_get: bool) -> Vec<Call> {
    let by_list = watched.len() >= LIST_FROM || (!may_get && !watched.is_empty());
    if by_list && may_list {
        return vec![Call::ListInvalidations {
            target: target.clone(),
            marker: None,
        }];
    }
    watched
        .iter()
        .map(|id| Call::GetInvalidation {
            target: target.clone(),
            id: id.clone(),
        })
        .collect()
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
