//! Sending: the next that is due and ours, in two steps, and what its answer means.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Room, apply, change, countdown, divide, guard, held_back, is_ours, left_over, open_scope, search, tell};
use crate::app::effect::{Answer, Call, Effect, LedgerOperation};
use crate::app::model::{Due, Model, Purpose};
use crate::app::unsaved::{self, Matter};
use crate::app::watch;
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::invalidation::Invalidation;
use crate::domain::submission::{Event, Ownership, Scope, SubmissionId};

/// No delay of ours is longer: one that seems to be comes from a clock that was set back.
const LONGEST_DELAY: TimeDelta = TimeDelta::minutes(2);

/// Sends the next submission if one is due, it is its turn and the pace allows; else asks to be woken when that may be.
pub(in crate::app) fn pump(model: &mut Model) {
    // What would leave now could not be followed any more.
    if model.ends {
        return;
    }
    countdown::release(model);
    let Some(scope) = open_scope(model).filter(|_| model.queue.leaving.is_none()) else {
        return;
    };
    left_over::hold_forgotten(model);
    guard(model);
    let Some((id, wait)) = next(model, &scope) else {
        model.queue.awake = None;
        return await_room(model);
    };
    model.queue.awake = Some(model.now);
    let wait = if wait > TimeDelta::zero() {
        Some(wait)
    } else if divide::is_too_large(model, &id) {
        return divide::divide(model, &id, None);
    } else {
        model.queue.lane.take(model.now).err()
    };
    match wait {
        Some(wait) => {
            // A clock that jumps ahead must not leave it waiting for ever: look again within a minute.
            let wait = wait.min(TimeDelta::minutes(1)).to_std().unwrap_or_default();
            model.restart_timer(Due::Pump, wait);
        }
        None => write_attempt(model, &id),
    }
}

/// The one of ours whose turn is next, and how long it waits. Of those that are due, what may have arrived comes first: what
/// waits for its turn would keep it unknown for minutes. One whose account is known waits until the session's is told.
fn next(model: &Model, scope: &Scope) -> Option<(SubmissionId, TimeDelta)> {
    model
        .queue
        .due()
        .filter(|(s, _)| s.ownership(scope) == Ownership::Ours && held_back(model, s).is_none())
        .map(|(s, due)| (wait_until(due, model.now), !s.maybe_sent, due, s))
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
fn await_room(model: &mut Model) {
    if model.queue.due().any(|(s, _)| held_back(model, s).is_some()) && !model.is_timed(&Due::Pump) {
        model.timer(Due::Pump, std::time::Duration::from_mins(1));
    }
}

/// Something of ours completed: there may be room now for what was held back. Once a message: a page of the list may tell
/// of a hundred that did.
pub(in crate::app) fn settle(model: &mut Model) {
    if std::mem::replace(&mut model.queue.room, Room::AsBefore) == Room::PerhapsMore {
        pump(model);
    }
}

fn write_attempt(model: &mut Model, id: &SubmissionId) {
    // Only what is under way from now on may be sent.
    if !apply(model, id, Event::Sent) {
        return;
    }
    let Some(submission) = model.queue.get(id).cloned() else {
        return;
    };
    search::forget_timer(model, id);
    model.queue.leaving = Some(id.clone());
    let request = model.request(Purpose::Attempt(id.clone()));
    unsaved::confirmed_by(model, &Matter::Submission(id.clone()), request);
    model.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::Progress(Box::new(submission)),
    });
}

/// The ledger holds the attempt, or could not: then nothing leaves, and it is tried again.
pub(in crate::app) fn attempted(model: &mut Model, id: &SubmissionId, result: Result<(), String>) {
    // Between the writing and now the credentials may have changed.
    let result = result.and_then(|()| {
        is_ours(model, id)
            .then_some(())
            .ok_or_else(|| "the credentials were changed".to_owned())
    });
    let result = result.and_then(|()| {
        (!model.ends)
            .then_some(())
            .ok_or_else(|| "the program ended before it was sent".to_owned())
    });
    match result {
        Ok(()) => send(model, id),
        Err(reason) => {
            model.queue.leaving = None;
            change(model, id, Event::NotSent(reason));
            pump(model);
        }
    }
}

fn send(model: &mut Model, id: &SubmissionId) {
    let Some(submission) = model.queue.get(id) else { return };
    let call = Call::CreateInvalidation {
        target: submission.target.clone(),
        batch: submission.batch.clone(),
        reference: submission.reference.clone(),
    };
    let request = model.request(Purpose::Create(id.clone()));
    model.ask(Effect::CloudFront { request, call });
}

/// A create was answered, or ended without an answer.
pub(in crate::app) fn created(model: &mut Model, id: &SubmissionId, result: Result<Answer, Failure>) {
    model.queue.leaving = None;
    match result {
        Ok(Answer::Created {
            invalidation,
            request_id,
        }) => accept(model, id, invalidation, request_id),
        Ok(other) => fail(
            model,
            id,
            Failure::Unknown(format!("an answer to another question came: {other:?}")),
        ),
        Err(failure) => fail(model, id, failure),
    }
    pump(model);
}

pub(super) fn accept(model: &mut Model, id: &SubmissionId, invalidation: Invalidation, request_id: Option<String>) {
    model.queue.lane.passed();
    change(model, id, Event::Accepted(invalidation.clone(), request_id));
    let Some(submission) = model.queue.get(id) else { return };
    let (target, billable) = (submission.target.clone(), submission.batch.items().len() as u64);
    let scope = submission.scope.clone();
    if submission.state.waits_to_be_sent() {
        return tell(model, id);
    }
    add_use(model, &scope, billable);
    model.histories.remember(&target, invalidation);
    watch::follow(model, &target);
    model.rows_changed();
}

pub(super) fn add_use(model: &mut Model, scope: &Scope, billable: u64) {
    model.uses += 1;
    match model.used_this_month.iter_mut().find(|(made, _)| made == scope) {
        Some((_, used)) => *used += billable,
        None => model.used_this_month.push((scope.clone(), billable)),
    }
}

fn fail(model: &mut Model, id: &SubmissionId, failure: Failure) {
    let kind = failure.refusal().map(crate::domain::failure::Refusal::kind);
    if matches!(kind, Some(RefusalKind::Throttled | RefusalKind::TooManyInProgress)) {
        let now = model.now;
        model.queue.lane.throttled(now);
    }
    if let Some(kind) = kind
        && divide::helps(model, id, kind)
    {
        return divide::divide(model, id, Some(failure));
    }
    change(model, id, Event::Failed(failure));
    tell(model, id);
}
