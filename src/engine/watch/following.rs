//! Determines which invalidations are polled and how often, and which rows are changing.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::distribution::Target;
use crate::domain::invalidation::InvalidationId;
use crate::domain::observation::poll_interval;
use crate::domain::submission::{Meaning, Submission};
use crate::engine::data::TargetInvalidations;
use crate::engine::polling::{delay_after_failures, delay_unseen};
use crate::engine::row::key::RowKey;
use crate::engine::row::row;
use crate::engine::seen::Seen;
use crate::engine::session::Session;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;

/// How long a changed row is highlighted.
const SHOWN: Duration = Duration::from_millis(700);

/// Returns the target of the visible page, if it shows one target's invalidations.
pub(in crate::engine) fn looked_at(engine: &Engine) -> Option<&Target> {
    match &engine.seen {
        Seen::Invalidations(target) => target.as_ref(),
        Seen::Distributions | Seen::Tenants(_) | Seen::Row(_) | Seen::History | Seen::List => None,
    }
}

/// Returns whether the visible page is kept up to date. Such a page needs no "as of" time, and is not redrawn after a
/// response that changes nothing on it.
#[must_use]
pub fn is_live(engine: &Engine) -> bool {
    let target = looked_at(engine).or_else(|| followed(engine));
    let history = target.and_then(|target| engine.histories.get(target));
    let answered = history.is_some_and(|history| {
        let freshness = &history.freshness;
        freshness.as_of.is_some() && freshness.failure.is_none()
    });
    answered && engine.focused && !engine.reads.are_locked() && matches!(engine.session, Session::Connected(_))
}

/// Returns the target of the visible invalidation while it is being polled.
fn followed(engine: &Engine) -> Option<&Target> {
    let Seen::Row(key) = &engine.seen else {
        return None;
    };
    let row = row(engine, key)?;
    let watched = row.submission.is_none_or(|submission| engine.is_under_way(submission));
    let asked_for = row.create_time.is_some() && row.unreadable.is_none() && watched;
    (row.meaning == Meaning::UnderWay && asked_for).then_some(row.target)
}

/// Returns whether the visible page shows invalidations of this target that were created elsewhere.
fn shows(engine: &Engine, target: &Target) -> bool {
    match &engine.seen {
        Seen::Invalidations(seen) => seen.as_ref().is_none_or(|only| only == target),
        Seen::Row(key) => matches!(key, RowKey::Invalidation(of, _) if of == target),
        Seen::Distributions => engine.overview.shows(target),
        Seen::Tenants(_) | Seen::History | Seen::List => false,
    }
}

/// Returns the number of invalidations in flight that the user can see: those sent from this machine, and those of other
/// tools on visible targets.
#[must_use]
pub fn seen_in_flight(engine: &Engine) -> usize {
    let Session::Connected(scope) = &engine.session else {
        return engine.in_flight();
    };
    let moving = engine.histories.iter().filter(|(_, history)| history.is_moving());
    let others = moving.map(|(target, _)| {
        let ours = engine.queue.watched(target, scope);
        others_in_flight(engine, target, &ours).len()
    });
    engine.in_flight() + others.sum::<usize>()
}

/// Returns a target's visible invalidations in flight, without ours and without those that another window watches; the
/// ledger reports the progress of the latter.
fn others_in_flight(
    engine: &Engine,
    target: &Target,
    ours: &[(InvalidationId, DateTime<Utc>)],
) -> Vec<(InvalidationId, DateTime<Utc>)> {
    let history = engine.histories.get(target).filter(|_| shows(engine, target));
    let elsewhere = engine.queue.watched_elsewhere(target);
    let is_other = |id| ours.iter().all(|(our, _)| our != id) && !elsewhere.contains(&id);
    let rows = history.into_iter().flat_map(TargetInvalidations::summaries);
    rows.filter(|row| !row.status.is_completed() && is_other(&row.id))
        .map(|row| (row.id.clone(), row.create_time))
        .collect()
}

/// Returns the invalidations in flight on a target that can be polled with the current credentials: ours, and those
/// created elsewhere if they are visible.
pub(in crate::engine) fn in_flight(engine: &Engine, target: &Target) -> Vec<(InvalidationId, DateTime<Utc>)> {
    let Session::Connected(scope) = &engine.session else {
        return Vec::new();
    };
    let mut watched = engine.queue.watched(target, scope);
    watched.extend(others_in_flight(engine, target, &watched));
    let followed = engine.script.followed.iter().filter(|(of, _)| of == target);
    for (_, id) in followed {
        let row = engine.histories.get(target).and_then(|history| history.get(id));
        let ended = row.is_some_and(|row| row.status.is_completed());
        if !ended && watched.iter().all(|(known, _)| known != id) {
            watched.push((id.clone(), row.map_or(engine.now, |row| row.create_time)));
        }
    }
    if !engine.histories.unreadable.is_empty() {
        let given_up = |id: &InvalidationId| {
            let row = engine.histories.unreadable.get(&(target.clone(), id.clone()));
            row.is_some_and(|row| row.again.is_none())
        };
        watched.retain(|(id, _)| !given_up(id));
    }
    watched
}

/// Schedules the next poll of the invalidations in flight on this target.
pub(in crate::engine) fn follow(engine: &mut Engine, target: &Target) {
    let watched = in_flight(engine, target);
    let due = TimerKind::Poll(target.clone());
    let Some(youngest) = watched.iter().map(|(_, created)| *created).max() else {
        engine.cancel_timer(&due);
        return;
    };
    let failures = engine.histories.entry(target).failures;
    let age = engine.now - youngest;
    let after = match (failures, engine.focused) {
        (1.., _) => delay_after_failures(failures),
        (0, true) => poll_interval(age),
        (0, false) => delay_unseen(age),
    };
    engine.restart_timer(due, after);
}

/// Starts or stops the timer that updates the seconds while anything in flight is visible.
pub(crate) fn tick(engine: &mut Engine) {
    if engine.focused && is_moving(engine) {
        if !engine.is_timed(&TimerKind::Tick) {
            engine.timer(TimerKind::Tick, Duration::from_secs(1));
        }
    } else {
        engine.cancel_timer(&TimerKind::Tick);
    }
}

/// Returns whether the visible page shows a running time in seconds.
fn is_moving(engine: &Engine) -> bool {
    match &engine.seen {
        Seen::Invalidations(Some(target)) => moves(engine, |of| of == target),
        Seen::Invalidations(None) | Seen::Distributions => moves(engine, |_| true),
        Seen::Row(key) => row(engine, key).is_some_and(|row| match row.submission {
            Some(submission) => has_seconds(engine, submission),
            None => row.meaning == Meaning::UnderWay && row.unreadable.is_none(),
        }),
        Seen::Tenants(_) | Seen::History | Seen::List => false,
    }
}

/// Returns whether a running time is shown for invalidations in flight on any target that `wanted` selects: ours, and
/// those created elsewhere if they are visible.
fn moves(engine: &Engine, wanted: impl Fn(&Target) -> bool) -> bool {
    let ours = |s: &Submission| wanted(&s.target) && has_seconds(engine, s);
    let others = |(target, history): (&Target, &TargetInvalidations)| {
        wanted(target) && history.is_moving() && !in_flight(engine, target).is_empty()
    };
    engine.queue.open().any(ours) || engine.histories.iter().any(others)
}

/// Returns whether a running time is shown for a submission: since CloudFront accepted it, or until a retry.
fn has_seconds(engine: &Engine, submission: &Submission) -> bool {
    let waits = submission.due().is_some_and(|due| due > engine.now);
    let accepted = submission.state.in_progress().is_some();
    (accepted || waits && !engine.queue.held().contains(&submission.id)) && engine.is_under_way(submission)
}

/// Highlights a changed row for a moment.
pub(in crate::engine) fn show_change(engine: &mut Engine, key: RowKey) {
    engine.changed.insert(key);
    engine.restart_timer(TimerKind::Changed, SHOWN);
    engine.touch();
}
