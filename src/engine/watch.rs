//! Watches invalidations: polls those in flight until they are completed, and keeps the visible page up to date.

mod fetch;
pub(in crate::engine) mod following;
mod ledger;

pub(crate) use fetch::{REST, fetch_items, items, older_page, read_older};
pub(crate) use following::tick;
pub use following::{is_live, seen_in_flight};
pub(crate) use ledger::{await_ledger, look_at_ledger, others_wrote};

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::domain::distribution::Target;
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page};
use crate::domain::submission::{Event, SubmissionId};
use crate::engine::data::{TargetInvalidations, Unreadable};
use crate::engine::effect::Call;
use crate::engine::news::News;
use crate::engine::notices::state::Level;
use crate::engine::pending::CallRequest;
use crate::engine::polling::{REREAD_AFTER, UNKNOWN_AT_FIRST, calls};
use crate::engine::queue::change;
use crate::engine::reads;
use crate::engine::refused::state::GET;
use crate::engine::row::key::RowKey;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;
use crate::engine::watch::following::{follow, in_flight, looked_at, show_change};

/// Redraws the screen when the one-second timer fires.
pub(crate) fn ticked(engine: &mut Engine) {
    engine.touch();
}

/// Polls the invalidations in flight on a target.
pub(crate) fn poll(engine: &mut Engine, target: &Target) {
    let watched: Vec<_> = in_flight(engine, target).into_iter().map(|(id, _)| id).collect();
    let may_list = may_list(engine, target);
    for call in calls(target, &watched, may_list, may_get(engine, target)) {
        let kind = match &call {
            Call::GetInvalidation { id, .. } => CallRequest::Poll(target.clone(), id.clone()),
            _ => CallRequest::FirstPage(target.clone(), watched.clone()),
        };
        reads::watch(engine, kind, call);
    }
}

/// Returns `true` unless listing a target's invalidations has been denied.
fn may_list(engine: &Engine, target: &Target) -> bool {
    let refused = |history: &TargetInvalidations| history.freshness.failure.as_ref().map(Failure::is_denied);
    !engine.histories.get(target).and_then(refused).unwrap_or_default()
}

/// Returns `true` unless reading a single invalidation of a target has been denied.
fn may_get(engine: &Engine, target: &Target) -> bool {
    let operation = target.operation(GET);
    let everywhere = engine.rights.is_denied_everywhere(&operation);
    let right = (operation, Some(target.clone()));
    !everywhere && engine.rights.denied(&right).is_none()
}

/// Ends the highlighting of changed rows.
pub(crate) fn settled(engine: &mut Engine) {
    engine.changed.clear();
    engine.touch();
}

/// Polls all invalidations in flight immediately, because the user returned or the machine woke up.
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

/// Loads the page that the user has just opened if its data is missing or old; otherwise, schedules its next reload.
pub(crate) fn looked_at_changed(engine: &mut Engine) {
    engine.cancel_timer(&TimerKind::Reread);
    engine.tell(News::RowsCame);
    look_at_ledger(engine);
    await_ledger(engine);
    crate::engine::tenants::looked_at_changed(engine);
    // Invalidations that were created elsewhere are followed while they are visible.
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

/// Loads the visible page now that the credentials work again, if it could not be loaded without them.
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

/// Reloads the visible page because its data is old.
pub(crate) fn reread(engine: &mut Engine) {
    // While the terminal is unfocused, the page is not reloaded.
    if let Some(target) = looked_at(engine).cloned().filter(|_| engine.focused) {
        let call = Call::list(&target, None);
        reads::watch(engine, CallRequest::FirstPage(target, Vec::new()), call);
    }
}

/// Loads a target's newest invalidations as soon as the pace allows, because the user opened them.
pub(crate) fn read_first_page(engine: &mut Engine, target: &Target) {
    if engine.histories.entry(target).freshness.loading.is_some() {
        return;
    }
    let kind = CallRequest::FirstPage(target.clone(), Vec::new());
    let call = Call::list(target, None);
    let request = reads::open(engine, kind, call);
    engine.histories.entry(target).freshness.asked(request);
    engine.touch();
}

/// Returns our own submissions that a response about this target may affect, keyed by CloudFront's invalidation id.
fn watched_by_us(engine: &Engine, target: &Target) -> BTreeMap<InvalidationId, SubmissionId> {
    let scope = engine.scope();
    scope.map_or_else(BTreeMap::new, |scope| engine.queue.in_progress(target, scope))
}

/// Updates a target's invalidations with their first page, requested at `asked`, or records the failure to read it.
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
    // The user saw the page loading, so redraw it at the end even if nothing changed.
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
            change::change(engine, submission, Event::Looked(status, asked));
        }
    }
    for id in missing {
        let call = Call::get(target, &id);
        reads::watch(engine, CallRequest::Poll(target.clone(), id), call);
    }
}

/// Applies the result of polling an invalidation in flight, requested at `asked`.
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
            // A denied list remains denied even if reading a single invalidation is allowed.
            let listing = history.freshness.failure.as_ref();
            if !listing.is_some_and(Failure::is_denied) && history.freshness.failure.take().is_some() {
                engine.touch();
            }
            let status = invalidation.status.clone();
            let ours = watched_by_us(engine, target).get(id).cloned();
            if ours.is_none() && status.is_completed() {
                fetch::keep(engine, target, &invalidation);
            }
            remember(engine, target, invalidation);
            if let Some(submission) = ours {
                change::change(engine, &submission, Event::Looked(status, asked));
            }
        }
        Err(failure) => look_failed(engine, target, id, &failure),
    }
    follow(engine, target);
}

fn look_failed(engine: &mut Engine, target: &Target, id: &InvalidationId, failure: &Failure) {
    match failure.refusal().map(|refusal| (refusal.kind(), refusal.code.clone())) {
        // The target's list may still show the invalidation's progress.
        Some((RefusalKind::AccessDenied, _)) if may_list(engine, target) => {}
        Some((RefusalKind::AccessDenied, _)) => give_up(engine, target, id),
        Some((RefusalKind::NotFound, code)) if !is_young(engine, target, id) => {
            engine.histories.unreadable.insert(
                (target.clone(), id.clone()),
                Unreadable::for_good(
                    format!("{code}: CloudFront no longer has this invalidation"),
                    RefusalKind::NotFound,
                ),
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

/// Gives up on an invalidation if neither it nor its target's list may be read, because its outcome cannot be
/// determined.
fn give_up(engine: &mut Engine, target: &Target, id: &InvalidationId) {
    let right = target.operation(GET);
    let sentence = format!(
        "AccessDenied: you are allowed to create invalidations but not to read them; the identity needs \
            cloudfront:{right}"
    );
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
    if engine.histories.remember(target, invalidation, engine.now) {
        engine.redraw_rows();
    }
}
