//! Sending: the next that is due and ours, in two steps, and what its answer means.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::invalidation::Invalidation;
use crate::domain::submission::{Event, Ownership, Scope, SubmissionId};
use crate::engine::effect::{Answer, Call, Effect, LedgerOperation};
use crate::engine::purpose::Purpose;
use crate::engine::queue::{
    Room, apply, change, countdown, divide, guard, held_back, is_ours, left_over, open_scope, search, tell,
};
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;
use crate::engine::unsaved::{self, Matter};
use crate::engine::watch;

/// No delay of ours is longer: one that seems to be comes from a clock that was set back.
const LONGEST_DELAY: TimeDelta = TimeDelta::minutes(2);

/// Sends the next submission if one is due, it is its turn and the pace allows; else asks to be woken when that may be.
pub(crate) fn pump(engine: &mut Engine) {
    // What would leave now could not be followed any more.
    if engine.ends {
        return;
    }
    countdown::release(engine);
    let Some(scope) = open_scope(engine).filter(|_| engine.queue.leaving.is_none()) else {
        return;
    };
    left_over::hold_forgotten(engine);
    guard(engine);
    let Some((id, wait)) = next(engine, &scope) else {
        engine.queue.awake = None;
        return await_room(engine);
    };
    engine.queue.awake = Some(engine.now);
    let wait = if wait > TimeDelta::zero() {
        Some(wait)
    } else if divide::is_too_large(engine, &id) {
        return divide::divide(engine, &id, None);
    } else {
        engine.queue.lane.take(engine.now).err()
    };
    match wait {
        Some(wait) => {
            // A clock that jumps ahead must not leave it waiting for ever: look again within a minute.
            let wait = wait.min(TimeDelta::minutes(1)).to_std().unwrap_or_default();
            engine.restart_timer(TimerKind::Pump, wait);
        }
        None => write_attempt(engine, &id),
    }
}

/// The one of ours whose turn is next, and how long it waits. Of those that are due, what may have arrived comes first: what
/// waits for its turn would keep it unknown for minutes. One whose account is known waits until the session's is told.
fn next(engine: &Engine, scope: &Scope) -> Option<(SubmissionId, TimeDelta)> {
    engine
        .queue
        .due()
        .filter(|(s, _)| s.ownership(scope) == Ownership::Ours && held_back(engine, s).is_none())
        .map(|(s, due)| (wait_until(due, engine.now), !s.maybe_sent, due, s))
        .min_by_key(|(wait, unsent, due, s)| (*wait, *unsent, *due, &s.id))
        .map(|(wait, _, _, s)| (s.id.clone(), wait))
}

/// How long until then; nothing for what is due, or seems to be so late that a clock was set back.
fn wait_until(due: DateTime<Utc>, now: DateTime<Utc>) -> TimeDelta {
    let wait = due - now;
    let is_ahead = wait > TimeDelta::zero() && wait <= LONGEST_DELAY;
    if is_ahead { wait } else { TimeDelta::zero() }
}

/// What is held back for others goes on when something of ours completes; should nobody see that, it is looked again.
fn await_room(engine: &mut Engine) {
    if engine.queue.due().any(|(s, _)| held_back(engine, s).is_some()) && !engine.is_timed(&TimerKind::Pump) {
        engine.timer(TimerKind::Pump, std::time::Duration::from_mins(1));
    }
}

/// Something of ours completed: there may be room now for what was held back. Once a message: a page of the list may tell
/// of a hundred that did.
pub(crate) fn settle(engine: &mut Engine) {
    if std::mem::replace(&mut engine.queue.room, Room::AsBefore) == Room::PerhapsMore {
        pump(engine);
    }
}

fn write_attempt(engine: &mut Engine, id: &SubmissionId) {
    // Only what is under way from now on may be sent.
    if !apply(engine, id, Event::Sent) {
        return;
    }
    let Some(submission) = engine.queue.get(id).cloned() else {
        return;
    };
    search::forget_timer(engine, id);
    engine.queue.leaving = Some(id.clone());
    let request = engine.request(Purpose::Attempt(id.clone()));
    unsaved::confirmed_by(engine, &Matter::Submission(id.clone()), request);
    engine.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::Progress(Box::new(submission)),
    });
}

/// The ledger holds the attempt, or could not: then nothing leaves, and it is tried again.
pub(crate) fn attempted(engine: &mut Engine, id: &SubmissionId, result: Result<(), String>) {
    // Between the writing and now the credentials may have changed.
    let result = result.and_then(|()| {
        is_ours(engine, id)
            .then_some(())
            .ok_or_else(|| "the credentials were changed".to_owned())
    });
    let result = result.and_then(|()| {
        (!engine.ends)
            .then_some(())
            .ok_or_else(|| "the program ended before it was sent".to_owned())
    });
    match result {
        Ok(()) => send(engine, id),
        Err(reason) => {
            engine.queue.leaving = None;
            change(engine, id, Event::NotSent(reason));
            pump(engine);
        }
    }
}

fn send(engine: &mut Engine, id: &SubmissionId) {
    let Some(submission) = engine.queue.get(id) else { return };
    let call = Call::CreateInvalidation {
        target: submission.target.clone(),
        batch: submission.batch.clone(),
        reference: submission.reference.clone(),
    };
    let request = engine.request(Purpose::Create(id.clone()));
    engine.ask(Effect::CloudFront { request, call });
}

/// A create was answered, or ended without an answer.
pub(crate) fn created(engine: &mut Engine, id: &SubmissionId, result: Result<Answer, Failure>) {
    engine.queue.leaving = None;
    match result {
        Ok(Answer::Created {
            invalidation,
            request_id,
        }) => accept(engine, id, invalidation, request_id),
        Ok(other) => fail(engine, id, Failure::Unknown(format!("unexpected response: {other:?}"))),
        Err(failure) => fail(engine, id, failure),
    }
    pump(engine);
}

pub(super) fn accept(engine: &mut Engine, id: &SubmissionId, invalidation: Invalidation, request_id: Option<String>) {
    engine.queue.lane.passed();
    change(engine, id, Event::Accepted(invalidation.clone(), request_id));
    let Some(submission) = engine.queue.get(id) else { return };
    let (target, billable) = (submission.target.clone(), submission.batch.items().len() as u64);
    let scope = submission.scope.clone();
    if submission.state.accepted().is_none() {
        engine.histories.remember_items(target, invalidation);
        return tell(engine, id);
    }
    add_use(engine, &scope, billable);
    engine.histories.remember(&target, invalidation);
    watch::follow(engine, &target);
    engine.rows_changed();
}

pub(super) fn add_use(engine: &mut Engine, scope: &Scope, billable: u64) {
    engine.uses += 1;
    match engine.used_this_month.iter_mut().find(|(made, _)| made == scope) {
        Some((_, used)) => *used += billable,
        None => engine.used_this_month.push((scope.clone(), billable)),
    }
}

fn fail(engine: &mut Engine, id: &SubmissionId, failure: Failure) {
    let kind = failure.refusal().map(crate::domain::failure::Refusal::kind);
    if matches!(kind, Some(RefusalKind::Throttled | RefusalKind::TooManyInProgress)) {
        let now = engine.now;
        engine.queue.lane.throttled(now);
    }
    if let Some(kind) = kind
        && divide::helps(engine, id, kind)
    {
        return divide::divide(engine, id, Some(failure));
    }
    change(engine, id, Event::Failed(failure));
    tell(engine, id);
}
