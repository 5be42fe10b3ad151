//! Sends the next submission that is due and belongs to this session, in two steps, and handles the response.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::duration::short;
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::invalidation::Invalidation;
use crate::domain::submission::{Event, Ownership, Scope, State, SubmissionId};
use crate::domain::text::grouped;
use crate::engine::effect::{Call, Created, Effect, LedgerOperation};
use crate::engine::notices::state::Level;
use crate::engine::pending::{CallRequest, LedgerRequest};
use crate::engine::queue::change::{apply, change, tell};
use crate::engine::queue::deployment::look_at_deployments;
use crate::engine::queue::logins::{is_ours, open_scope};
use crate::engine::queue::reserve::held_back;
use crate::engine::queue::state::Room;
use crate::engine::queue::{countdown, divide, left_over, search};
use crate::engine::row::usual_of;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;
use crate::engine::unsaved;
use crate::engine::unsaved::state::UnsavedChange;
use crate::engine::watch::following;

/// The longest possible delay. If one appears to be longer, the clock was set back.
const LONGEST_DELAY: TimeDelta = TimeDelta::minutes(2);

/// Sends the next submission if one is due, its turn has come and the pace allows it; otherwise schedules the next
/// attempt.
pub(crate) fn pump(engine: &mut Engine) {
    // The program is exiting, so the outcome of a request sent now could not be tracked.
    if engine.ends {
        return;
    }
    countdown::release(engine);
    let Some(scope) = open_scope(engine).filter(|_| engine.queue.leaving.is_none()) else {
        return;
    };
    left_over::hold_forgotten(engine);
    guard(engine);
    look_at_deployments(engine);
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
            // Check again within a minute, so that a clock that jumps ahead does not cause a needless wait.
            let wait = wait.min(TimeDelta::minutes(1)).to_std().unwrap_or_default();
            engine.restart_timer(TimerKind::Pump, wait);
        }
        None => write_attempt(engine, &id),
    }
}

/// Returns our next submission to send, and how long it still has to wait. Among the due submissions, one whose request
/// may have arrived comes first, because otherwise its outcome would remain unknown for minutes. A submission whose
/// account is known waits until the session's account is known.
fn next(engine: &Engine, scope: &Scope) -> Option<(SubmissionId, TimeDelta)> {
    engine
        .queue
        .due()
        .filter(|(s, _)| s.ownership(scope) == Ownership::Ours && held_back(engine, s).is_none())
        .map(|(s, due)| (wait_until(due, engine.now), !s.maybe_sent, due, s))
        .min_by_key(|(wait, unsent, due, s)| (*wait, *unsent, *due, &s.id))
        .map(|(wait, _, _, s)| (s.id.clone(), wait))
}

/// Returns the time until `due`; zero if it has passed, or is so far ahead that the clock must have been set back.
fn wait_until(due: DateTime<Utc>, now: DateTime<Utc>) -> TimeDelta {
    let wait = due - now;
    let is_ahead = wait > TimeDelta::zero() && wait <= LONGEST_DELAY;
    if is_ahead { wait } else { TimeDelta::zero() }
}

/// Schedules a check for submissions held back by the reserve. They continue when one of ours completes; the check is
/// a fallback in case the completion goes unnoticed.
fn await_room(engine: &mut Engine) {
    if engine.queue.due().any(|(s, _)| held_back(engine, s).is_some()) && !engine.is_timed(&TimerKind::Pump) {
        engine.timer(TimerKind::Pump, std::time::Duration::from_mins(1));
    }
}

/// Sends submissions that may fit into the quota now that one of ours has completed. This runs once per message,
/// because a page of the list may report a hundred completions.
pub(crate) fn settle(engine: &mut Engine) {
    if std::mem::replace(&mut engine.queue.room, Room::AsBefore) == Room::PerhapsMore {
        pump(engine);
    }
}

fn write_attempt(engine: &mut Engine, id: &SubmissionId) {
    // Only a submission in the state "sending" may be sent.
    if !apply(engine, id, Event::Sent) {
        return;
    }
    let Some(submission) = engine.queue.get(id).cloned() else {
        return;
    };
    search::forget_timer(engine, id);
    engine.queue.leaving = Some(id.clone());
    let operation = LedgerOperation::Progress(Box::new(submission));
    let request = engine.ask_ledger(LedgerRequest::Attempt(id.clone()), operation);
    unsaved::confirmed_by(engine, &UnsavedChange::Submission(id.clone()), request);
}

/// Sends the request of an attempt that the ledger has stored. If the attempt could not be stored, nothing is sent, and
/// the write is retried.
pub(crate) fn attempted(engine: &mut Engine, id: &SubmissionId, result: Result<(), String>) {
    // The credentials may have changed while the attempt was being written.
    let result = result.and_then(|()| {
        is_ours(engine, id)
            .then_some(())
            .ok_or_else(|| "the credentials were changed".to_owned())
    });
    let result = result.and_then(|()| {
        (!engine.ends)
            .then_some(())
            .ok_or_else(|| "the program exited before sending the request".to_owned())
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
    let request = engine.request(CallRequest::Create(id.clone()));
    engine.ask(Effect::CloudFront { request, call });
}

/// Applies the result of a create request to its submission, then sends the next submission that is due.
pub(crate) fn created(engine: &mut Engine, id: &SubmissionId, result: Result<Created, Failure>) {
    engine.queue.leaving = None;
    match result {
        Ok(Created {
            invalidation,
            request_id,
        }) => accept(engine, id, invalidation, request_id),
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
    say_accepted(engine, id);
    add_use(engine, &scope, billable);
    engine.histories.remember(&target, invalidation, engine.now);
    following::follow(engine, &target);
    engine.rows_changed();
}

/// Confirms that CloudFront accepted a submission, unless its job has several parts: the page shows their number.
fn say_accepted(engine: &mut Engine, id: &SubmissionId) {
    let Some(submission) = engine.queue.get(id) else { return };
    let Some((invalidation, _)) = submission.state.in_progress() else {
        return;
    };
    if engine.queue.job(&submission.job).len() > 1 {
        return;
    }
    let usual = usual_of(engine, &submission.target);
    let typical = usual.map_or_else(String::new, |usual| {
        format!("; typically completes in {}", short(usual.median))
    });
    engine.say(Level::Info, format!("Submitted as {invalidation}{typical}"));
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

/// Makes submissions that belong to other credentials wait for them. Each reason is reported once, however many
/// submissions it affects.
pub(in crate::engine) fn guard(engine: &mut Engine) {
    let mut waiting: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for (id, label, reason) in newly_foreign(engine) {
        if change(engine, &id, Event::Guarded(reason.clone())) {
            waiting.entry(reason).or_insert((label, 0)).1 += 1;
        }
    }
    for (reason, (label, count)) in waiting {
        let who = if count == 1 {
            format!("{label} is waiting")
        } else {
            format!("{} invalidations are waiting", grouped(count as u64))
        };
        engine.say(Level::Warning, format!("{who}: {reason}"));
    }
}

/// Returns the id, label and reason of each due submission that belongs to other credentials and does not wait for them
/// yet.
fn newly_foreign(engine: &Engine) -> Vec<(SubmissionId, String, String)> {
    let open = engine.queue.submissions.open();
    open.filter(|s| s.due().is_some() || matches!(s.state, State::NeedsLogin { .. }))
        .filter(|s| !engine.queue.is_held(&s.id))
        .filter_map(|s| Some((s, engine.difference(s)?.to_string())))
        .filter(|(s, reason)| !matches!(&s.state, State::NeedsLogin { reason: told } if told == reason))
        .map(|(s, reason)| (s.id.clone(), s.label.clone(), reason))
        .collect()
}
