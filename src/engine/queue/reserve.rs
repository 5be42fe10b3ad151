//! The reasons for holding submissions back: the part of CloudFront's quota that is reserved for others, and a
//! deployment that the user waits for. An invalidation sent before a deployment finishes could let the old
//! configuration fill the cache again.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::batch::{Batch, Sizes};
use crate::domain::distribution::Target;
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::quota::{IN_PROGRESS, gauge};
use crate::domain::submission::{Scope, Submission};
use crate::domain::text::{agree, count};
use crate::engine::effect::{Answer, Call};
use crate::engine::pending::CallRequest;
use crate::engine::queue::state::Read;
use crate::engine::reads;
use crate::engine::refused::state::right_of;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;

/// The age from which an invalidation in progress counts as stuck or unreadable, so that nothing waits for it. One
/// that seems to start this far in the future is caused by a clock that was set back.
const STUCK: TimeDelta = TimeDelta::minutes(15);

const NONE: Sizes = Sizes { exact: 0, wildcards: 0 };

/// Returns the paths known to be in progress on a target: those sent from this machine, and those found among the rest.
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

/// Returns the paths in progress that were sent to this target from this machine, in this scope.
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

/// Returns why a submission is held back: it would use part of the reserve. If none of our submissions is in progress,
/// nothing would end the wait, and a submission that may have arrived is sent regardless.
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
    Some(format!("{}; {left} {are} left for others", gauge(used)?))
}

/// The time between two reads of a deployment status: a deployment takes minutes.
const AGAIN: Duration = Duration::from_secs(15);

/// Returns why the first request of a submission waits for a deployment, if it does.
pub(crate) fn awaits_deployment(engine: &Engine, submission: &Submission) -> Option<String> {
    if !submission.waits_for_deployment() {
        return None;
    }
    let target = &submission.target;
    // A status from before the confirmation does not reflect the change that the user waits for.
    let read = engine.queue.deployments.get(target);
    match read.filter(|read| read.asked >= submission.created) {
        Some(Read { deployed: Ok(true), .. }) => None,
        Some(Read {
            deployed: Ok(false), ..
        }) => Some(format!("{target} is InProgress: sends when it is Deployed")),
        Some(Read {
            deployed: Err(reason), ..
        }) => Some(format!("whether {target} is Deployed cannot be read: {reason}")),
        None => Some(format!("reading whether {target} is Deployed")),
    }
}

/// Periodically reads the deployment status of every target that submissions wait for.
pub(super) fn look_at_deployments(engine: &mut Engine) {
    let waiting = engine.queue.submissions.for_deployment();
    let waiting = waiting.filter(|s| engine.is_ours(s) && !engine.queue.is_held(&s.id));
    let waiting = waiting.filter(|s| awaits_deployment(engine, s).is_some());
    let targets: BTreeSet<Target> = waiting.map(|s| s.target.clone()).collect();
    if targets.is_empty() || engine.is_timed(&TimerKind::Deployment) {
        return;
    }
    for target in targets {
        let call = match &target {
            Target::Distribution(id) => Call::GetDistribution(id.clone()),
            Target::Tenant(id) => Call::GetTenant(id.clone()),
        };
        let kind = CallRequest::Deployment(target.clone());
        match right_of(&kind).and_then(|right| engine.rights.denied(&right).map(str::to_owned)) {
            Some(denied) => remember(engine, &target, engine.now, Err(denied)),
            None => drop(reads::watch(engine, kind, call)),
        }
    }
    engine.timer(TimerKind::Deployment, AGAIN);
}

/// Handles the response with a target's deployment status.
pub(crate) fn deployment_read(
    engine: &mut Engine,
    target: &Target,
    asked: DateTime<Utc>,
    result: Result<Answer, Failure>,
) {
    let deployed = match result {
        Ok(Answer::Distribution(config)) => {
            let deployed = is_deployed(&config.distribution.status);
            engine.fleet.confirm(*config);
            Ok(deployed)
        }
        Ok(Answer::Tenant(tenant)) => {
            let deployed = is_deployed(&tenant.status);
            engine.tenants.describe(*tenant);
            Ok(deployed)
        }
        Ok(_) => Err("unexpected response".to_owned()),
        // A target that no longer exists never becomes deployed; CloudFront's refusal explains this best.
        Err(failure) if failure.refusal().map(Refusal::kind) == Some(RefusalKind::NotFound) => Ok(true),
        Err(failure) => Err(failure.to_string()),
    };
    remember(engine, target, asked, deployed);
}

fn remember(engine: &mut Engine, target: &Target, asked: DateTime<Utc>, deployed: Result<bool, String>) {
    let read = Read { asked, deployed };
    engine.queue.deployments.insert(target.clone(), read);
    engine.rows_changed();
    engine.touch();
}

/// Returns whether this status means deployed. Some servers leave the status out: then there is nothing to wait for.
fn is_deployed(status: &str) -> bool {
    status.is_empty() || status.eq_ignore_ascii_case("deployed")
}
