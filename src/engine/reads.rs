//! The budget for reads. All reads of an account go through one lane, in which reads triggered by the user may come in
//! bursts, while polling uses at most one read per second. Every read is counted.

pub(crate) mod state;

pub use state::Reads;

use std::time::Duration;

use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::engine::effect::{Answer, Call, Effect, RequestId};
use crate::engine::news::News;
use crate::engine::pending::CallRequest;
use crate::engine::preferences::Front;
use crate::engine::queue::logins;
use crate::engine::reads::state::{Asked, Class, Waiting, asked_for};
use crate::engine::refused::state::right_of;
use crate::engine::state::Engine;
use crate::engine::steps;
use crate::engine::timers::TimerKind;

/// Returns whether this read is already pending.
fn is_asked(engine: &Engine, kind: &CallRequest) -> bool {
    let asked = asked_for(kind).and_then(|asked| engine.reads.looks.get(&asked));
    let mut asked = asked.into_iter().flatten();
    asked.any(|request| engine.pending.of().get(request) == Some(kind))
}

/// Records that this read is pending. Answered requests are dropped once they outnumber the rest.
fn remember(engine: &mut Engine, asked: Asked, request: RequestId) {
    const FEW: usize = 64;
    let Engine { reads, pending, .. } = engine;
    let pending = pending.of::<CallRequest>();
    if reads.looks.len() > FEW + 2 * pending.len() {
        reads.looks.retain(|_, requests| {
            steps::count();
            requests.retain(|request| pending.contains_key(request));
            !requests.is_empty()
        });
    }
    reads.looks.entry(asked).or_default().push(request);
}

/// Queues an automatic read, unless the same read is already pending or the permission for it was denied. The read is
/// sent as soon as its turn comes.
pub(crate) fn watch(engine: &mut Engine, kind: CallRequest, call: Call) -> Option<RequestId> {
    let denied = right_of(&kind).is_some_and(|right| engine.rights.denied(&right).is_some());
    (!denied && !is_asked(engine, &kind)).then(|| enter(engine, Class::Watched, kind, call))
}

/// Pauses automatic reads because the credentials were refused, and looks for new credentials.
pub(crate) fn lock(engine: &mut Engine) {
    // A headless command fails, or keeps retrying for as long as it was told to.
    if engine.preferences.front != Front::Script && !std::mem::replace(&mut engine.reads.locked, true) {
        logins::await_login(engine);
        engine.touch();
    }
}

/// Resumes automatic reads because the credentials work.
pub(crate) fn unlock(engine: &mut Engine) {
    if std::mem::take(&mut engine.reads.locked) {
        engine.cancel_timer(&TimerKind::Login);
        logins::await_login(engine);
        ask_next(engine);
        engine.tell(News::RowsCame);
        engine.touch();
    }
}

/// Reads something that the user opened, or that is needed because of a submission. The read is sent immediately if the
/// pace allows, otherwise as soon as its turn comes.
pub(crate) fn open(engine: &mut Engine, kind: CallRequest, call: Call) -> RequestId {
    enter(engine, Class::Opened, kind, call)
}

/// Queues a read for the monthly count, to be sent when nothing else is waiting.
pub(crate) fn count(engine: &mut Engine, kind: CallRequest, call: Call) -> RequestId {
    enter(engine, Class::Counted, kind, call)
}

fn enter(engine: &mut Engine, class: Class, kind: CallRequest, call: Call) -> RequestId {
    let asked = asked_for(&kind);
    let request = engine.request(kind);
    if let Some(asked) = asked {
        remember(engine, asked, request);
    }
    engine.reads.line(class).push_back(Waiting { request, call });
    ask_next(engine);
    request
}

/// Checks whether a read for the user could be sent immediately. Data that is needed only while its row is selected is
/// not queued.
///
/// # Errors
/// How long to wait before trying again.
pub(crate) fn may_open(engine: &mut Engine) -> Result<(), Duration> {
    let now = engine.now;
    let wait = engine.reads.lane.wait(now);
    wait.map_or(Ok(()), |wait| Err(wait.to_std().unwrap_or_default()))
}

/// Sends waiting reads as fast as the pace allows, then schedules the next attempt.
pub(crate) fn ask_next(engine: &mut Engine) {
    loop {
        let Engine {
            reads, pending, now, ..
        } = engine;
        reads.drop_cancelled(pending.of());
        if reads.watched.is_empty() && reads.opened.is_empty() && reads.counted.is_empty() {
            return;
        }
        let now = *now;
        match engine.reads.next(now) {
            Ok(Some(Waiting { request, call, .. })) => engine.ask(Effect::CloudFront { request, call }),
            Ok(None) => return,
            Err(wait) => {
                engine.restart_timer(TimerKind::Reads, wait.to_std().unwrap_or_default());
                return;
            }
        }
    }
}

/// Adapts the pace to the response to a read, because CloudFront may throttle reads as well.
pub(crate) fn answered(engine: &mut Engine, result: &Result<Answer, Failure>) {
    let now = engine.now;
    match result {
        Ok(_) => {
            engine.reads.lane.passed();
            engine.reads.watching.passed();
            engine.reads.counting.passed();
        }
        Err(failure) if failure.refusal().map(Refusal::kind) == Some(RefusalKind::Throttled) => {
            engine.reads.lane.throttled(now);
            engine.reads.watching.throttled(now);
            engine.reads.counting.throttled(now);
        }
        Err(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::distribution::DistributionId;
    use chrono::{DateTime, TimeDelta};

    use crate::domain::distribution::Target;
    use crate::domain::invalidation::InvalidationId;
    use crate::engine::preferences::Preferences;
    use crate::engine::reads::*;

    fn engine() -> Engine {
        Engine::new(
            Preferences::default(),
            crate::engine::preferences::Hints::default(),
            DateTime::UNIX_EPOCH,
        )
    }

    fn after(engine: &mut Engine, millis: i64) {
        engine.begin(engine.now + TimeDelta::milliseconds(millis), 1);
        ask_next(engine);
    }

    fn left(engine: &mut Engine) -> usize {
        let effects = engine.end();
        effects
            .iter()
            .filter(|effect| matches!(effect, Effect::CloudFront { .. }))
            .count()
    }

    fn look(engine: &mut Engine, number: usize) {
        let target = Target::Distribution(DistributionId::new("E1"));
        let id = InvalidationId::new(format!("I{number}"));
        let call = Call::GetInvalidation {
            target: target.clone(),
            id: id.clone(),
        };
        watch(engine, CallRequest::Poll(target, id), call);
    }

    fn describe(engine: &mut Engine, number: usize) -> RequestId {
        let id = DistributionId::new(format!("E{number}"));
        open(engine, CallRequest::Describe(id.clone()), Call::GetDistribution(id))
    }

    #[test]
    fn what_is_opened_bursts_and_watching_does_not() {
        let mut engine = engine();
        (0..3).for_each(|number| look(&mut engine, number));
        assert_eq!(left(&mut engine), 1);
        for number in 0..30 {
            describe(&mut engine, number);
        }
        assert_eq!(left(&mut engine), 19, "one lane of twenty places");
        // From here on, there is room for one read per second, of either kind.
        for _ in 0..13 {
            after(&mut engine, 1_000);
            assert_eq!(left(&mut engine), 1);
        }
        after(&mut engine, 1_000);
        assert_eq!(left(&mut engine), 0);
        let reads = &engine.reads;
        assert_eq!((reads.for_watching, reads.for_opening), (3, 30));
        assert_eq!(
            [1, 10, 3_600].map(|seconds| reads.within(TimeDelta::seconds(seconds), engine.now)),
            [0, 9, 33]
        );
    }

    #[test]
    fn the_same_is_asked_for_once_and_what_nobody_waits_for_is_not() {
        let mut engine = engine();
        (0..3).for_each(|_| look(&mut engine, 1));
        assert_eq!(left(&mut engine), 1);
        let requests: Vec<_> = (0..22).map(|number| describe(&mut engine, number)).collect();
        assert_eq!(left(&mut engine), 19);
        for request in requests {
            engine.pending.take::<CallRequest>(request);
        }
        after(&mut engine, 60_000);
        assert_eq!((left(&mut engine), engine.reads.opened.len()), (0, 0));
    }

    #[test]
    fn a_throttled_read_slows_all_of_them() {
        let mut engine = engine();
        let throttled = Failure::Refused(Refusal {
            code: "Throttling".to_owned(),
            message: "Rate exceeded".to_owned(),
            http_status: 400,
            request_id: None,
        });
        answered(&mut engine, &Err(throttled));
        describe(&mut engine, 1);
        assert_eq!(left(&mut engine), 0);
        after(&mut engine, 1_000);
        assert_eq!(left(&mut engine), 0, "half as fast");
        after(&mut engine, 1_000);
        assert_eq!(left(&mut engine), 1);
    }
}
