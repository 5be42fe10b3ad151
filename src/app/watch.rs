//! Watching: what is in flight is looked at until it is done, and the page one looks at stays fresh.

mod fetch;
mod ledger;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};

pub(super) use fetch::{REST, fetch_items, items, older_page, read_older};
pub(super) use ledger::{await_ledger, look_at_ledger, others_wrote};

use super::data::{History, Unreadable};
use super::effect::Call;
use super::model::{Due, Level, Model, Purpose, Session};
use super::news::News;
use super::polling::{REREAD_AFTER, UNKNOWN_AT_FIRST, calls, delay_after_failures, delay_unseen};
use super::reads;
use super::row::{RowKey, row};
use super::seen::Seen;
use crate::domain::distribution::Target;
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page};
use crate::domain::observation::poll_interval;
use crate::domain::submission::{Event, Meaning, Submission, SubmissionId};

/// How long a changed row is shown as one.
const SHOWN: Duration = Duration::from_millis(700);

/// The target of the page one looks at, if it is one target's invalidations.
fn looked_at(model: &Model) -> Option<&Target> {
    match &model.seen {
        Seen::Invalidations(target) => target.as_ref(),
        Seen::Distributions | Seen::Tenants(_) | Seen::Row(_) | Seen::History | Seen::List => None,
    }
}

/// Whether the page one looks at keeps itself fresh: then it need not say as of when it is, and an answer that changes
/// nothing on it draws nothing.
#[must_use]
pub fn is_live(model: &Model) -> bool {
    let target = looked_at(model).or_else(|| followed(model));
    let history = target.and_then(|target| model.histories.get(target));
    let answered = history.is_some_and(|history| {
        let freshness = &history.freshness;
        freshness.as_of.is_some() && freshness.failure.is_none()
    });
    answered && model.focused && matches!(model.session, Session::Connected(_))
}

/// The target of the invalidation one looks at, while it is looked at again and again.
fn followed(model: &Model) -> Option<&Target> {
    let Seen::Row(key) = &model.seen else {
        return None;
    };
    let row = row(model, key)?;
    let watched = row.submission.is_none_or(|submission| model.is_under_way(submission));
    let asked_for = row.create_time.is_some() && row.unreadable.is_none() && watched;
    (row.meaning == Meaning::UnderWay && asked_for).then_some(row.target)
}

/// Whether the page one looks at shows invalidations of this target that were made elsewhere.
fn shows(model: &Model, target: &Target) -> bool {
    match &model.seen {
        Seen::Invalidations(seen) => seen.as_ref().is_none_or(|only| only == target),
        Seen::Row(key) => matches!(key, RowKey::Invalidation(of, _) if of == target),
        Seen::Distributions | Seen::Tenants(_) | Seen::History | Seen::List => false,
    }
}

/// What is in flight on a target and can be asked about with the credentials in use: ours, and others' that one looks at.
fn in_flight(model: &Model, target: &Target) -> Vec<(InvalidationId, DateTime<Utc>)> {
    let Session::Connected(scope) = &model.session else {
        return Vec::new();
    };
    let mut watched = model.queue.watched(target, scope);
    if shows(model, target) {
        let others = model.histories.get(target).into_iter().flat_map(History::summaries);
        // The ledger tells what becomes of those that another window watches.
        let elsewhere = model.queue.watched_elsewhere(target);
        for row in others.filter(|row| !row.status.is_completed() && !elsewhere.contains(&&row.id)) {
            if watched.iter().all(|(id, _)| *id != row.id) {
                watched.push((row.id.clone(), row.create_time));
            }
        }
    }
    if !model.histories.unreadable.is_empty() {
        let given_up = |id: &InvalidationId| {
            let row = model.histories.unreadable.get(&(target.clone(), id.clone()));
            row.is_some_and(|row| row.again.is_none())
        };
        watched.retain(|(id, _)| !given_up(id));
    }
    watched
}

/// Sees to it that what is in flight on this target is looked at in time.
pub(super) fn follow(model: &mut Model, target: &Target) {
    let watched = in_flight(model, target);
    let due = Due::Poll(target.clone());
    let Some(youngest) = watched.iter().map(|(_, created)| *created).max() else {
        model.cancel_timer(&due);
        return;
    };
    let failures = model.histories.entry(target).failures;
    let age = model.now - youngest;
    let after = match (failures, model.focused) {
        (1.., _) => delay_after_failures(failures),
        (0, true) => poll_interval(age),
        (0, false) => delay_unseen(age),
    };
    model.restart_timer(due, after);
}

/// While something in flight is on the screen, its seconds are counted.
pub(super) fn tick(model: &mut Model) {
    if model.focused && is_moving(model) {
        if !model.is_timed(&Due::Tick) {
            model.timer(Due::Tick, Duration::from_secs(1));
        }
    } else {
        model.cancel_timer(&Due::Tick);
    }
}

/// Whether the page one looks at shows seconds that pass.
fn is_moving(model: &Model) -> bool {
    match &model.seen {
        Seen::Invalidations(seen) => {
            let wanted = |target: &Target| seen.as_ref().is_none_or(|only| only == target);
            let ours = |s: &Submission| wanted(&s.target) && has_seconds(model, s);
            let others = |(target, history): (&Target, &History)| {
                wanted(target) && history.is_moving() && !in_flight(model, target).is_empty()
            };
            model.queue.open().any(ours) || model.histories.iter().any(others)
        }
        Seen::Row(key) => row(model, key).is_some_and(|row| match row.submission {
            Some(submission) => has_seconds(model, submission),
            None => row.meaning == Meaning::UnderWay && row.unreadable.is_none(),
        }),
        Seen::Distributions | Seen::Tenants(_) | Seen::History | Seen::List => false,
    }
}

/// Whether seconds pass that matter to a submission: those that CloudFront takes, or those until it is asked again.
fn has_seconds(model: &Model, submission: &Submission) -> bool {
    let waits = submission.due().is_some_and(|due| due > model.now);
    let accepted = submission.state.in_progress().is_some();
    (accepted || waits && !model.queue.held().contains(&submission.id)) && model.is_under_way(submission)
}

/// A second passed.
pub(super) fn ticked(model: &mut Model) {
    model.touch();
}

/// It is time to look at what is in flight on a target.
pub(super) fn poll(model: &mut Model, target: &Target) {
    let watched: Vec<_> = in_flight(model, target).into_iter().map(|(id, _)| id).collect();
    let refused = |history: &History| {
        let refusal = history.freshness.failure.as_ref()?.refusal()?;
        Some(refusal.kind() == RefusalKind::AccessDenied)
    };
    let may_list = !model.histories.get(target).and_then(refused).unwrap_or_default();
    for call in calls(target, &watched, may_list) {
        let purpose = match &call {
            Call::GetInvalidation { id, .. } => Purpose::Look(target.clone(), id.clone()),
            _ => Purpose::FirstPage(target.clone(), watched.clone()),
        };
        reads::watch(model, purpose, call);
    }
}

/// A row changed: it is shown once, for a moment.
pub(super) fn show_change(model: &mut Model, key: RowKey) {
    model.changed.insert(key);
    model.restart_timer(Due::Changed, SHOWN);
    model.touch();
}

/// What changed was seen.
pub(super) fn settled(model: &mut Model) {
    model.changed.clear();
    model.touch();
}

/// The person is back, or the machine is: what is in flight is looked at without waiting for its timer.
pub(super) fn woke(model: &mut Model) {
    let due: Vec<Target> = model
        .timers
        .values()
        .filter_map(|due| {
            let Due::Poll(target) = due else { return None };
            Some(target.clone())
        })
        .collect();
    for target in due {
        model.cancel_timer(&Due::Poll(target.clone()));
        poll(model, &target);
    }
    looked_at_changed(model);
    model.touch();
}

/// Another page is looked at: it is read at once when nothing of it is known or what is known is old.
pub(super) fn looked_at_changed(model: &mut Model) {
    model.cancel_timer(&Due::Reread);
    model.tell(News::RowsCame);
    look_at_ledger(model);
    await_ledger(model);
    super::tenants::looked_at_changed(model);
    // What was made elsewhere is followed while it is seen.
    let moving = |(target, history): (&Target, &History)| history.is_moving().then(|| target.clone());
    let moving: Vec<Target> = model.histories.iter().filter_map(moving).collect();
    for target in moving {
        follow(model, &target);
    }
    let Some(target) = looked_at(model).cloned() else {
        return;
    };
    let fresh = model.histories.get(&target).and_then(|history| history.freshness.as_of);
    let age = fresh.map_or(REREAD_AFTER, |as_of| (model.now - as_of).to_std().unwrap_or_default());
    if age >= REREAD_AFTER {
        read_first_page(model, &target);
    } else {
        model.restart_timer(Due::Reread, REREAD_AFTER.saturating_sub(age));
    }
    follow(model, &target);
}

/// The page one looks at is old enough to be read again.
pub(super) fn reread(model: &mut Model) {
    // Nobody looks at a page without the focus; it is read when that comes back.
    if let Some(target) = looked_at(model).cloned().filter(|_| model.focused) {
        let call = Call::ListInvalidations {
            target: target.clone(),
            marker: None,
        };
        reads::watch(model, Purpose::FirstPage(target, Vec::new()), call);
    }
}

/// Reads a target's newest invalidations because a person opened them, as soon as the pace allows.
pub(super) fn read_first_page(model: &mut Model, target: &Target) {
    if model.histories.entry(target).freshness.loading.is_some() {
        return;
    }
    let purpose = Purpose::FirstPage(target.clone(), Vec::new());
    let call = Call::ListInvalidations {
        target: target.clone(),
        marker: None,
    };
    let request = reads::open(model, purpose, call);
    model.histories.entry(target).freshness.asked(request);
    model.touch();
}

/// Our own submissions that an answer about this target is about, by CloudFront's ids.
fn watched_by_us(model: &Model, target: &Target) -> BTreeMap<InvalidationId, SubmissionId> {
    let scope = model.scope();
    scope.map_or_else(BTreeMap::new, |scope| model.queue.in_progress(target, scope))
}

/// A target's newest invalidations came, which were asked for at this time.
pub(super) fn first_page(
    model: &mut Model,
    target: &Target,
    watched: &[InvalidationId],
    asked: DateTime<Utc>,
    result: Result<Page<InvalidationSummary>, Failure>,
) {
    match result {
        Ok(page) => take_first_page(model, target, watched, asked, page),
        Err(failure) => {
            let history = model.histories.entry(target);
            history.failures += 1;
            if history.freshness.failed(failure) {
                model.touch();
            }
        }
    }
    if looked_at(model) == Some(target) {
        model.restart_timer(Due::Reread, REREAD_AFTER);
    }
    follow(model, target);
}

fn take_first_page(
    model: &mut Model,
    target: &Target,
    watched: &[InvalidationId],
    asked: DateTime<Utc>,
    page: Page<InvalidationSummary>,
) {
    let now = model.now;
    let statuses: Vec<_> = page
        .items
        .iter()
        .map(|row| (row.id.clone(), row.status.clone()))
        .collect();
    let history = model.histories.entry(target);
    history.failures = 0;
    let moved = |row: &&InvalidationSummary| history.get(&row.id).is_some_and(|known| known.status != row.status);
    let moved: Vec<_> = page.items.iter().filter(moved).map(|row| row.id.clone()).collect();
    // What a person asked for was seen to be on its way, so that its end is news even when it brings none.
    let was_seen = history.freshness.loading.is_some();
    let changed = history.take_first_page(page, now);
    for id in moved {
        show_change(model, RowKey::Invalidation(target.clone(), id));
    }
    if changed {
        model.rows_changed();
        model.tell(News::RowsCame);
    }
    if changed || was_seen {
        model.touch();
    }
    let ours = watched_by_us(model, target);
    let mut missing: BTreeSet<_> = watched.iter().cloned().collect();
    for (id, status) in statuses {
        missing.remove(&id);
        if let Some(submission) = ours.get(&id) {
            super::queue::change(model, submission, Event::Looked(status, asked));
        }
    }
    for id in missing {
        let call = Call::GetInvalidation {
            target: target.clone(),
            id: id.clone(),
        };
        reads::watch(model, Purpose::Look(target.clone(), id), call);
    }
}

/// An invalidation in flight was looked at, having been asked about at this time.
pub(super) fn looked_whole(
    model: &mut Model,
    target: &Target,
    id: &InvalidationId,
    asked: DateTime<Utc>,
    result: Result<Invalidation, Failure>,
) {
    match result {
        Ok(invalidation) => {
            let history = model.histories.entry(target);
            history.failures = 0;
            // That a list may not be read stays true when one row may.
            let listing = history.freshness.failure.as_ref().and_then(Failure::refusal);
            if listing.map(crate::domain::failure::Refusal::kind) != Some(RefusalKind::AccessDenied)
                && history.freshness.failure.take().is_some()
            {
                model.touch();
            }
            let status = invalidation.status.clone();
            remember(model, target, invalidation);
            if let Some(submission) = watched_by_us(model, target).get(id) {
                super::queue::change(model, submission, Event::Looked(status, asked));
            }
        }
        Err(failure) => look_failed(model, target, id, &failure),
    }
    follow(model, target);
}

fn look_failed(model: &mut Model, target: &Target, id: &InvalidationId, failure: &Failure) {
    match failure.refusal().map(|refusal| (refusal.kind(), refusal.code.clone())) {
        Some((RefusalKind::AccessDenied, code)) => {
            let right = target.operation("GetInvalidation");
            let sentence = format!("{code}: this identity may create but not look; {right} is missing");
            model
                .histories
                .unreadable
                .insert((target.clone(), id.clone()), Unreadable::for_good(sentence.clone()));
            model.say(Level::Warning, sentence);
        }
        Some((RefusalKind::NotFound, code)) if !is_young(model, target, id) => {
            model.histories.unreadable.insert(
                (target.clone(), id.clone()),
                Unreadable::for_good(format!("{code}: CloudFront no longer knows it")),
            );
            model.touch();
        }
        Some((RefusalKind::NotFound, _)) => {}
        Some(_) | None => {
            let history = model.histories.entry(target);
            history.failures += 1;
            if history.freshness.failed(failure.clone()) {
                model.touch();
            }
        }
    }
}

fn is_young(model: &Model, target: &Target, id: &InvalidationId) -> bool {
    let created = model
        .histories
        .get(target)
        .and_then(|history| history.get(id))
        .map(|row| row.create_time);
    created.is_some_and(|created| model.now - created < UNKNOWN_AT_FIRST)
}

fn remember(model: &mut Model, target: &Target, invalidation: Invalidation) {
    if model.histories.remember(target, invalidation) {
        model.rows_changed();
        model.touch();
    }
}
