//! The part of CloudFront's quota that is reserved for others. Submissions that would use it are held back.

use chrono::TimeDelta;

use crate::domain::batch::{Batch, Sizes};
use crate::domain::distribution::Target;
use crate::domain::quota::{IN_PROGRESS, gauge};
use crate::domain::submission::{Scope, Submission};
use crate::domain::text::{agree, count};
use crate::engine::queue::deployment::awaits_deployment;
use crate::engine::state::Engine;

/// The age at which an invalidation in progress counts as stuck or unreadable, so that nothing waits for it. If one
/// appears to start this far in the future, the clock was set back.
const STUCK: TimeDelta = TimeDelta::minutes(15);

const NONE: Sizes = Sizes { exact: 0, wildcards: 0 };

/// Returns the number of paths known to be in progress on a target: those sent from this machine, and those of other
/// invalidations whose items have been loaded.
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

/// Returns how many invalidations of a target are in progress, according to its list or else its configuration, which
/// is read only once. `None` while neither is loaded.
#[must_use]
pub(crate) fn batches_in_progress(engine: &Engine, target: &Target) -> Option<usize> {
    let Some(list) = engine.histories.get(target) else {
        let Target::Distribution(id) = target else { return None };
        let config = engine.fleet.configs.get(id)?;
        return usize::try_from(config.in_progress_batches).ok();
    };
    let running = list.summaries().filter(|row| !row.status.is_completed());
    let others = running.filter(|row| !engine.queue.is_accepted(target, &row.id));
    // Invalidations sent from this machine may be newer than the list.
    let ours = engine.queue.open_of(target);
    let ours = ours.filter(|submission| submission.state.in_progress().is_some());
    Some(others.count() + ours.count())
}

/// Returns the number of paths in progress on this target that were sent from this machine, in this scope.
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
    IN_PROGRESS.less(engine.preferences.send.reserve())
}

/// Returns why a submission is held back: it waits for a deployment, or it would use part of the reserve. The reserve
/// does not hold back a submission that may have arrived, or any submission while none of ours is in progress, because
/// nothing would end the wait.
#[must_use]
pub(crate) fn held_back(engine: &Engine, submission: &Submission) -> Option<String> {
    awaits_deployment(engine, submission).or_else(|| leaves_room(engine, submission))
}

fn leaves_room(engine: &Engine, submission: &Submission) -> Option<String> {
    let reserve = engine.preferences.send.reserve();
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
    Some(format!(
        "{} in progress; {left} {are} reserved for other tools",
        gauge(used)?
    ))
}
