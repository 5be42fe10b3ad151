//! Watches invalidations: those in flight are polled until they are completed, and the visible page is kept fresh.

mod fetch;
mod ledger;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};

pub(crate) use fetch::{REST, fetch_items, items, older_page, read_older};
pub(crate) use ledger::{await_ledger, look_at_ledger, others_wrote};

use crate::domain::distribution::Target;
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page};
use crate::domain::observation::poll_interval;
use crate::domain::submission::{Event, Meaning, Submission, SubmissionId};
use crate::engine::data::{TargetInvalidations, Unreadable};
use crate::engine::effect::Call;
use crate::engine::news::News;
use crate::engine::notices::Level;
use crate::engine::polling::{REREAD_AFTER, UNKNOWN_AT_FIRST, calls, delay_after_failures, delay_unseen};
use crate::engine::purpose::Purpose;
use crate::engine::reads;
use crate::engine::refused::GET;
use crate::engine::row::{RowKey, row};
use crate::engine::seen::Seen;
use crate::engine::session::Session;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;

/// How long a changed row is highlighted.
const SHOWN: Duration = Duration::from_millis(700);

/// Returns the target of the visible page, if it shows one target's invalidations.
fn looked_at(engine: &Engine) -> Option<&Target> {
    match &engine.seen {
        Seen::Invalidations(target) => target.as_ref(),
        Seen::Distributions | Seen::Tenants(_) | Seen::Row(_) | Seen::History | Seen::List => None,
    }
}

/// Returns whether the visible page is kept fresh: then it needs no "as of" time, and a response that changes nothing
/// on it draws nothing.
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

/// Returns whether the visible page shows invalidations of this target that are not from here.
fn shows(engine: &Engine, target: &Target) -> bool {
    match &engine.seen {
        Seen::Invalidations(seen) => seen.as_ref().is_none_or(|only| only == target),
        Seen::Row(key) => matches!(key, RowKey::Invalidation(of, _) if of == target),
        Seen::Distributions => engine.overview.shows(target),
        Seen::Tenants(_) | Seen::History | Seen::List => false,
    }
}

/// Returns what is in flight on a target and can be polled with the current credentials: ours, and others' that are
/// visible.
fn in_flight(engine: &Engine, target: &Target) -> Vec<(InvalidationId, DateTime<Utc>)> {
    let Session::Connected(scope) = &engine.session else {
        return Vec::new();
    };
    let mut watched = engine.queue.watched(target, scope);
    if shows(engine, target) {
        let others = engine
            .histories
            .get(target)
            .into_iter()
            .flat_map(TargetInvalidations::summaries);
        // The ledger reports the progress of those that another window watches.
        let elsewhere = engine.queue.watched_elsewhere(target);
        for row in others.filter(|row| !row.status.is_completed() && !elsewhere.contains(&&row.id)) {
            if watched.iter().all(|(id, _)| *id != row.id) {
                watched.push((row.id.clone(), row.create_time));
            }
        }
    }
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

/// Schedules the next poll of what is in flight on this target.
pub(crate) fn follow(engine: &mut Engine, target: &Target) {
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

/// Counts the seconds while something in flight is visible.
pub(crate) fn tick(engine: &mut Engine) {
    if engine.focused && is_moving(engine) {
        if !engine.is_timed(&TimerKind::Tick) {
            engine.timer(TimerKind::Tick, Duration::from_secs(1));
        }
    } else {
        engine.cancel_timer(&TimerKind::Tick);
    }
}

/// Returns whether the visible page shows passing seconds.
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

/// Returns whether seconds pass for anything in flight on the wanted targets: ours, and others' that are visible.
fn moves(engine: &Engine, wanted: impl Fn(&Target) -> bool) -> bool {
    let ours = |s: &Submission| wanted(&s.target) && has_seconds(engine, s);
    let others = |(target, history): (&Target, &TargetInvalidations)| {
        wanted(target) && history.is_moving() && !in_flight(engine, target).is_empty()
    };
    engine.queue.open().any(ours) || engine.histories.iter().any(others)
}

/// Returns whether a submission shows passing seconds: those that CloudFront takes, or those until a retry.
fn has_seconds(engine: &Engine, submission: &Submission) -> bool {
    let waits = submission.due().is_some_and(|due| due > engine.now);
    let accepted = submission.state.in_progress().is_some();
    (accepted || waits && !engine.queue.held().contains(&submission.id)) && engine.is_under_way(submission)
}

/// Handles a passed second.
pub(crate) fn ticked(engine: &mut Engine) {
    engine.touch();
}

/// Polls what is in flight on a target.
pub(crate) fn poll(engine: &mut Engine, target: &Target) {
    let watched: Vec<_> = in_flight(engine, target).into_iter().map(|(id, _)| id).collect();
    let may_list = may_list(engine, target);
    for call in calls(target, &watched, may_list, may_get(engine, target)) {
        let purpose = match &call {
            Call::GetInvalidation { id, .. } => Purpose::Look(target.clone(), id.clone()),
            _ => Purpose::FirstPage(target.clone(), watched.clone()),
        };
        reads::watch(engine, purpose, call);
    }
}

/// Returns whether listing a target is not known to be denied.
fn may_list(engine: &Engine, target: &Target) -> bool {
    let refused = |history: &TargetInvalidations| {
        let refusal = history.freshness.failure.as_ref()?.refusal()?;
        Some(refusal.kind() == RefusalKind::AccessDenied)
    };
    !engine.histories.get(target).and_then(refused).unwrap_or_default()
}

/// Returns whether reading single invalidations of a target is not known to be denied.
fn may_get(engine: &Engine, target: &Target) -> bool {
    let operation = target.operation(GET);
    let everywhere = engine.rights.is_denied_everywhere(&operation);
    let right = (operation, Some(target.clone()));
    !everywhere && engine.rights.denied(&right).is_none()
}

/// Highlights a changed row for a moment.
pub(crate) fn show_change(engine: &mut Engine, key: RowKey) {
    engine.changed.insert(key);
    engine.restart_timer(TimerKind::Changed, SHOWN);
    engine.touch();
}

/// Ends the highlighting.
pub(crate) fn settled(engine: &mut Engine) {
    engine.changed.clear();
    engine.touch();
}

/// Polls what is in flight immediately, because the user or the machine is back.
pub(crate) fn woke(engine: &mut Engine) {
    let due: Vec<Target> = engine
        .timers
        .values()
        .filter_map(|due| {
            let TimerKind::Poll(target) = due else { return None };
            Some(target.clone())
        })
        .collect();
    for target in due {
        engine.cancel_timer(&TimerKind::Poll(target.clone()));
        poll(engine, &target);
    }
    looked_at_changed(engine);
    engine.touch();
}

/// Handles a page change: the page is read immediately if nothing is known of it or the data is old.
pub(crate) fn looked_at_changed(engine: &mut Engine) {
    engine.cancel_timer(&TimerKind::Reread);
    engine.tell(News::RowsCame);
    look_at_ledger(engine);
    await_ledger(engine);
    crate::engine::tenants::looked_at_changed(engine);
    // Invalidations that are not from here are followed while they are visible.
    let moving = |(target, history): (&Target, &TargetInvalidations)| history.is_moving().then(|| target.clone());
    let moving: Vec<Target> = engine.histories.iter().filter_map(moving).collect();
    for target in moving {
        follow(engine, &target);
    }
    let Some(target) = looked_at(engine).cloned() else {
        return;
    };
    let fresh = engine
        .histories
        .get(&target)
        .and_then(|history| history.freshness.as_of);
    let age = fresh.map_or(REREAD_AFTER, |as_of| (engine.now - as_of).to_std().unwrap_or_default());
    if age >= REREAD_AFTER {
        read_first_page(engine, &target);
    } else {
        engine.restart_timer(TimerKind::Reread, REREAD_AFTER.saturating_sub(age));
    }
    follow(engine, &target);
}

/// Reads the visible page if it could not be read without credentials, because they work again.
pub(crate) fn read_what_was_locked(engine: &mut Engine) {
    let Some(target) = looked_at(engine).cloned() else {
        return;
    };
    let history = engine.histories.get(&target);
    let failure = history.and_then(|history| history.freshness.failure.as_ref());
    if failure.is_some_and(Failure::needs_login) {
        read_first_page(engine, &target);
    }
}

/// Reads the visible page again, because its data is old.
pub(crate) fn reread(engine: &mut Engine) {
    // A page without the focus is not read; it is read when the focus comes back.
    if let Some(target) = looked_at(engine).cloned().filter(|_| engine.focused) {
        let call = Call::ListInvalidations {
            target: target.clone(),
            marker: None,
        };
        reads::watch(engine, Purpose::FirstPage(target, Vec::new()), call);
    }
}

/// Reads a target's newest invalidations because the user opened them, as soon as the pace allows.
pub(crate) fn read_first_page(engine: &mut Engine, target: &Target) {
    if engine.histories.entry(target).freshness.loading.is_some() {
        return;
    }
    let purpose = Purpose::FirstPage(target.clone(), Vec::new());
    let call = Call::ListInvalidations {
        target: target.clone(),
        marker: None,
    };
    let request = reads::open(engine, purpose, call);
    engine.histories.entry(target).freshness.asked(request);
    engine.touch();
}

/// Returns our own submissions that a response about this target concerns, by CloudFront's ids.
fn watched_by_us(engine: &Engine, target: &Target) -> BTreeMap<InvalidationId, SubmissionId> {
    let scope = engine.scope();
    scope.map_or_else(BTreeMap::new, |scope| engine.queue.in_progress(target, scope))
}

/// Handles a target's newest invalidations, which were requested at this time.
pub(crate) fn first_page(
    engine: &mut Engine,
    target: &Target,
    watched: &[InvalidationId],
    asked: DateTime<Utc>,
    result: Result<Page<InvalidationSummary>, Failure>,
) {
    match result {
        Ok(page) => take_first_page(engine, target, watched, asked, page),
        Err(failure) => {
            let history = engine.histories.entry(target);
            history.failures += 1;
            if history.freshness.failed(failure) {
                engine.touch();
            }
            if !may_list(engine, target) && !may_get(engine, target) {
                for id in watched {
                    give_up(engine, target, id);
                }
            }
        }
    }
    if looked_at(engine) == Some(target) {
        engine.restart_timer(TimerKind::Reread, REREAD_AFTER);
    }
    follow(engine, target);
}

fn take_first_page(
    engine: &mut Engine,
    target: &Target,
    watched: &[InvalidationId],
    asked: DateTime<Utc>,
    page: Page<InvalidationSummary>,
) {
    let now = engine.now;
    let statuses: Vec<_> = page
        .items
        .iter()
        .map(|row| (row.id.clone(), row.status.clone()))
        .collect();
    let history = engine.histories.entry(target);
    history.failures = 0;
    let moved = |row: &&InvalidationSummary| history.get(&row.id).is_some_and(|known| known.status != row.status);
    let moved: Vec<_> = page.items.iter().filter(moved).map(|row| row.id.clone()).collect();
    // The user saw that loading was in progress, so its end is drawn even if nothing changed.
    let was_seen = history.freshness.loading.is_some();
    let changed = history.take_first_page(page, now);
    for id in moved {
        show_change(engine, RowKey::Invalidation(target.clone(), id));
    }
    if changed {
        engine.rows_changed();
        engine.tell(News::RowsCame);
    }
    if changed || was_seen {
        engine.touch();
    }
    let ours = watched_by_us(engine, target);
    let mut missing: BTreeSet<_> = watched.iter().cloned().collect();
    for (id, status) in statuses {
        missing.remove(&id);
        if let Some(submission) = ours.get(&id) {
            crate::engine::queue::change(engine, submission, Event::Looked(status, asked));
        }
    }
    for id in missing {
        let call = Call::GetInvalidation {
            target: target.clone(),
            id: id.clone(),
        };
        reads::watch(engine, Purpose::Look(target.clone(), id), call);
    }
}

/// Handles the poll of an invalidation in flight, requested at this time.
pub(crate) fn looked_whole(
    engine: &mut Engine,
    target: &Target,
    id: &InvalidationId,
    asked: DateTime<Utc>,
    result: Result<Invalidation, Failure>,
) {
    match result {
        Ok(invalidation) => {
            let history = engine.histories.entry(target);
            history.failures = 0;
            // A denied list stays denied even if a single invalidation may be read.
            let listing = history.freshness.failure.as_ref().and_then(Failure::refusal);
            if listing.map(crate::domain::failure::Refusal::kind) != Some(RefusalKind::AccessDenied)
                && history.freshness.failure.take().is_some()
            {
                engine.touch();
            }
            let status = invalidation.status.clone();
            let ours = watched_by_us(engine, target).get(id).cloned();
            if ours.is_none() && status.is_completed() {
                fetch::keep(engine, target, &invalidation);
            }
            remember(engine, target, invalidation);
            if let Some(submission) = ours {
                crate::engine::queue::change(engine, &submission, Event::Looked(status, asked));
            }
        }
        Err(failure) => look_failed(engine, target, id, &failure),
    }
    follow(engine, target);
}

fn look_failed(engine: &mut Engine, target: &Target, id: &InvalidationId, failure: &Failure) {
    match failure.refusal().map(|refusal| (refusal.kind(), refusal.code.clone())) {
        // Its target's list may reveal its progress.
        Some((RefusalKind::AccessDenied, _)) if may_list(engine, target) => {}
        Some((RefusalKind::AccessDenied, _)) => give_up(engine, target, id),
        Some((RefusalKind::NotFound, code)) if !is_young(engine, target, id) => {
            engine.histories.unreadable.insert(
                (target.clone(), id.clone()),
                Unreadable::for_good(format!("{code}: CloudFront no longer knows it"), RefusalKind::NotFound),
            );
            engine.touch();
        }
        Some((RefusalKind::NotFound, _)) => {}
        Some(_) | None => {
            let history = engine.histories.entry(target);
            history.failures += 1;
            if history.freshness.failed(failure.clone()) {
                engine.touch();
            }
        }
    }
}

/// Gives up on an invalidation if neither it nor its target's list may be read: its outcome will not be known here.
fn give_up(engine: &mut Engine, target: &Target, id: &InvalidationId) {
    let right = target.operation(GET);
    let sentence =
        format!("AccessDenied: you may create invalidations but not read them; the identity needs cloudfront:{right}");
    let unreadable = Unreadable::for_good(sentence.clone(), RefusalKind::AccessDenied);
    engine
        .histories
        .unreadable
        .insert((target.clone(), id.clone()), unreadable);
    engine.say(Level::Warning, sentence);
}

fn is_young(engine: &Engine, target: &Target, id: &InvalidationId) -> bool {
    let created = engine
        .histories
        .get(target)
        .and_then(|history| history.get(id))
        .map(|row| row.create_time);
    created.is_some_and(|created| engine.now - created < UNKNOWN_AT_FIRST)
}

fn remember(engine: &mut Engine, target: &Target, invalidation: Invalidation) {
    if engine.histories.remember(target, invalidation) {
        engine.rows_changed();
        engine.touch();
    }
}
