//! What is in progress on a target, and how much of CloudFront's quota is reserved for others.

use chrono::TimeDelta;

use crate::domain::batch::{Batch, Sizes};
use crate::domain::distribution::Target;
use crate::domain::quota::{IN_PROGRESS, gauge};
use crate::domain::submission::{Scope, Submission};
use crate::domain::text::{agree, count};
use crate::engine::state::Engine;

/// The age from which an invalidation in progress is stuck or unreadable, so that nothing waits for it. One that seems
/// to begin this far in the future results from a clock that was set back.
const STUCK: TimeDelta = TimeDelta::minutes(15);

const NONE: Sizes = Sizes { exact: 0, wildcards: 0 };

/// Returns what is known to be in progress on a target: what was sent from here, and what was read of the rest.
#[must_use]
pub(crate) fn in_progress(engine: &Engine, target: &Target) -> Sizes {
    let ours = ours(engine, target, engine.scope());
    let Some(history) = engine.histories.get(target) else {
        return ours;
    };
    let others = history
        .summaries()
        .filter(|row| !row.status.is_completed() && !engine.queue.is_accepted(target, &row.id))
        .filter_map(|row| engine.histories.invalidation(target, &row.id))
        .filter_map(|read| Batch::new(read.items.clone()));
    others.fold(ours, |sum, batch| sum.plus(batch.sizes()))
}

/// Returns what was sent from here to this target, in this scope.
fn ours(engine: &Engine, target: &Target, place: Option<&Scope>) -> Sizes {
    let uses = |s: &&Submission| {
        let accepted = s.state.in_progress();
        place.is_some_and(|place| place.is_same_place(&s.scope))
            && accepted.is_some_and(|(_, create_time)| (engine.now - create_time).abs() < STUCK)
    };
    let open = engine.queue.open_of(target).filter(uses);
    open.fold(NONE, |sum, submission| sum.plus(submission.batch.sizes()))
}

/// Returns the maximum size of one request that still leaves the reserve free.
pub(super) fn largest(engine: &Engine) -> Sizes {
    IN_PROGRESS.less(engine.preferences.sending.reserve)
}

/// Returns why a submission is held back: it would use part of the reserve. If none of our submissions is in progress
/// there is nothing to wait for, and a submission that may have arrived is sent regardless.
#[must_use]
pub(crate) fn held_back(engine: &Engine, submission: &Submission) -> Option<String> {
    let reserve = engine.preferences.sending.reserve;
    if reserve == NONE || submission.maybe_sent {
        return None;
    }
    let (used, wanted, limit) = (
        ours(engine, &submission.target, Some(&submission.scope)),
        submission.batch.sizes(),
        largest(engine),
    );
    let eats = |used: usize, wanted: usize, limit: usize, reserve: usize| {
        reserve > 0 && used > 0 && wanted > 0 && used + wanted > limit
    };
    let exact = eats(used.exact, wanted.exact, limit.exact, reserve.exact);
    let wildcards = eats(used.wildcards, wanted.wildcards, limit.wildcards, reserve.wildcards);
    let (number, noun) = match (exact, wildcards) {
        (false, false) => return None,
        (true, _) => (reserve.exact, "path"),
        (false, true) => (reserve.wildcards, "wildcard"),
    };
    let (left, are) = (count(number, noun), agree(number, "is", "are"));
    Some(format!("{}; {left} {are} left for others", gauge(used)?))
}
