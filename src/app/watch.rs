//! Watching: what is in flight is looked at until it is done, and the page one looks at stays fresh.

use std::collections::BTreeSet;
use std::time::Duration;

use super::effect::{Call, Effect, LedgerOperation};
use super::model::{Due, Level, Model, Purpose};
use super::polling::{REREAD_AFTER, UNKNOWN_AT_FIRST, calls, delay, delay_after_failures, delay_unseen};
use super::reads;
use super::screen::Screen;
use super::screen::invalidations::RowKey;
use crate::domain::distribution::Target;
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page, Status};
use crate::domain::submission::{Event, SubmissionId};

/// Items that may be fetched at once for the rows one looks at.
const FETCHED_AT_ONCE: usize = 4;
/// Rows around the selected one whose items are fetched without being asked for.
const FETCHED_AROUND: usize = 20;
/// How long the selection rests before anything is fetched for it.
const REST: Duration = Duration::from_millis(250);

/// How long a changed row is shown as one.
const SHOWN: Duration = Duration::from_millis(700);

/// The target of the page one looks at, if it is one target's invalidations.
fn looked_at(model: &Model) -> Option<&Target> {
    match model.screen() {
        Screen::Invalidations(screen) => screen.target.as_ref(),
        Screen::Distributions(_) | Screen::Details(_) | Screen::Composer(_) => None,
    }
}

/// What is in flight on a target: ours, and others' that one looks at.
fn in_flight(model: &Model, target: &Target) -> Vec<(InvalidationId, chrono::DateTime<chrono::Utc>)> {
    let mut watched = model.queue.watched(target);
    if looked_at(model) == Some(target) {
        let others = model
            .histories
            .get(target)
            .into_iter()
            .flat_map(super::data::History::summaries);
        for row in others.filter(|row| !row.status.is_completed()) {
            if watched.iter().all(|(id, _)| *id != row.id) {
                watched.push((row.id.clone(), row.create_time));
            }
        }
    }
    watched.retain(|(id, _)| !model.histories.unreadable.contains_key(&(target.clone(), id.clone())));
    watched
}

/// Sees to it that what is in flight on this target is looked at in time.
pub(super) fn follow(model: &mut Model, target: &Target) {
    let watched = in_flight(model, target);
    let due = Due::Poll(target.clone());
    let Some(youngest) = watched.iter().map(|(_, created)| *created).max() else {
        model.cancel_timers(|other| *other == due);
        return;
    };
    let failures = model.histories.entry(target).failures;
    let age = model.now - youngest;
    let after = match (failures, model.focused) {
        (1.., _) => delay_after_failures(failures),
        (0, true) => delay(age),
        (0, false) => delay_unseen(age),
    };
    model.restart_timer(due, after);
    tick(model);
}

/// While something in flight is on the screen, its seconds are counted.
fn tick(model: &mut Model) {
    let visible = matches!(model.screen(), Screen::Invalidations(_) | Screen::Details(_));
    if visible && model.focused && model.queue.in_flight() > 0 {
        if !model.is_timed(&Due::Tick) {
            model.timer(Due::Tick, Duration::from_secs(1));
        }
    } else {
        model.cancel_timers(|due| *due == Due::Tick);
    }
}

/// A second passed.
pub(super) fn ticked(model: &mut Model) {
    model.touch();
    tick(model);
}

/// It is time to look at what is in flight on a target.
pub(super) fn poll(model: &mut Model, target: &Target) {
    let watched: Vec<_> = in_flight(model, target).into_iter().map(|(id, _)| id).collect();
    let refused = |history: &super::data::History| {
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
        model.cancel_timers(|due| *due == Due::Poll(target.clone()));
        poll(model, &target);
    }
    looked_at_changed(model);
    model.touch();
}

/// Another page is looked at: it is read at once when nothing of it is known or what is known is old.
pub(super) fn looked_at_changed(model: &mut Model) {
    model.cancel_timers(|due| *due == Due::Reread);
    tick(model);
    rest(model);
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
    if reads::open(model).is_err() {
        // It waits in the line of what is watched.
        return reads::watch(model, purpose, call);
    }
    let request = model.request(purpose);
    model.histories.entry(target).freshness.asked(request);
    model.ask(Effect::CloudFront { request, call });
    model.touch();
}

/// A target's newest invalidations came.
pub(super) fn first_page(
    model: &mut Model,
    target: &Target,
    watched: &[InvalidationId],
    result: Result<Page<InvalidationSummary>, Failure>,
) {
    match result {
        Ok(page) => take_first_page(model, target, watched, page),
        Err(failure) => {
            slow_down(model, &failure);
            let history = model.histories.entry(target);
            history.failures += 1;
            history.freshness.failed(failure);
            model.touch();
        }
    }
    if looked_at(model) == Some(target) {
        model.restart_timer(Due::Reread, REREAD_AFTER);
    }
    follow(model, target);
}

fn take_first_page(model: &mut Model, target: &Target, watched: &[InvalidationId], page: Page<InvalidationSummary>) {
    let now = model.now;
    let statuses: Vec<_> = page
        .items
        .iter()
        .map(|row| (row.id.clone(), row.status.clone()))
        .collect();
    model.reads.passed();
    let history = model.histories.entry(target);
    history.failures = 0;
    let moved = |row: &&InvalidationSummary| history.get(&row.id).is_some_and(|known| known.status != row.status);
    let moved: Vec<_> = page.items.iter().filter(moved).map(|row| row.id.clone()).collect();
    let changed = history.take_first_page(page, now);
    for id in moved {
        show_change(model, RowKey::Invalidation(target.clone(), id));
    }
    if changed {
        super::screen::refill(model);
    }
    // The same rows again are news, too: how fresh they are, and that they are no longer being read.
    model.touch();
    let mut missing: BTreeSet<_> = watched.iter().cloned().collect();
    for (id, status) in statuses {
        missing.remove(&id);
        looked(model, target, &id, status);
    }
    for id in missing {
        let call = Call::GetInvalidation {
            target: target.clone(),
            id: id.clone(),
        };
        reads::watch(model, Purpose::Look(target.clone(), id), call);
    }
    rest(model);
}

/// CloudFront may say that reads come too fast, too.
fn slow_down(model: &mut Model, failure: &Failure) {
    let kind = failure.refusal().map(crate::domain::failure::Refusal::kind);
    if kind == Some(RefusalKind::Throttled) {
        let now = model.now;
        model.reads.throttled(now);
    }
}

/// An invalidation in flight was looked at.
pub(super) fn looked_whole(
    model: &mut Model,
    target: &Target,
    id: &InvalidationId,
    result: Result<Invalidation, Failure>,
) {
    match result {
        Ok(invalidation) => {
            model.reads.passed();
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
            looked(model, target, id, status);
        }
        Err(failure) => look_failed(model, target, id, &failure),
    }
    follow(model, target);
}

fn look_failed(model: &mut Model, target: &Target, id: &InvalidationId, failure: &Failure) {
    match failure.refusal().map(|refusal| (refusal.kind(), refusal.code.clone())) {
        Some((RefusalKind::AccessDenied, code)) => {
            let sentence = format!("{code}: this identity may create but not look; GetInvalidation is missing");
            model
                .histories
                .unreadable
                .insert((target.clone(), id.clone()), sentence.clone());
            model.say(Level::Warning, sentence);
        }
        Some((RefusalKind::NotFound, code)) if !is_young(model, target, id) => {
            model.histories.unreadable.insert(
                (target.clone(), id.clone()),
                format!("{code}: CloudFront no longer knows it"),
            );
            model.touch();
        }
        Some((RefusalKind::NotFound, _)) => {}
        Some(_) | None => {
            slow_down(model, failure);
            let history = model.histories.entry(target);
            history.failures += 1;
            history.freshness.failed(failure.clone());
            model.touch();
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

/// The status of one that may be ours came.
fn looked(model: &mut Model, target: &Target, id: &InvalidationId, status: Status) {
    let ours: Option<SubmissionId> = model
        .queue
        .iter()
        .find(|s| s.target == *target && s.state.in_progress().is_some_and(|(own, _)| own == id))
        .map(|s| s.id.clone());
    let Some(submission) = ours else { return };
    super::queue::change(model, &submission, Event::Looked(status));
}

fn remember(model: &mut Model, target: &Target, invalidation: Invalidation) {
    if model.histories.remember(target, invalidation) {
        super::screen::refill(model);
        model.touch();
    }
}

/// The selection moved: what its row lacks is fetched once it rests.
pub(super) fn rest(model: &mut Model) {
    match model.screen() {
        Screen::Distributions(_) | Screen::Invalidations(_) | Screen::Details(_) => {
            model.restart_timer(Due::Rest, REST);
        }
        Screen::Composer(_) => {}
    }
}

/// The selection rests.
pub(super) fn rested(model: &mut Model) {
    older_if_near_the_end(model);
    let keys = match model.screen() {
        Screen::Invalidations(screen) => {
            let from = screen.list.selected().saturating_sub(FETCHED_AROUND / 2);
            screen
                .list
                .rows()
                .iter()
                .skip(from)
                .take(FETCHED_AROUND)
                .cloned()
                .collect()
        }
        Screen::Details(screen) => vec![screen.key.clone()],
        Screen::Distributions(_) => return super::fleet::describe_selected(model),
        Screen::Composer(_) => return,
    };
    fetch_items(model, &keys);
}

/// Fetches what these rows hold, a few at a time; each answer lets the next one go.
pub(super) fn fetch_items(model: &mut Model, keys: &[RowKey]) {
    for key in keys {
        let RowKey::Invalidation(target, id) = key else {
            continue;
        };
        let pair = (target.clone(), id.clone());
        let known = model.histories.invalidation(target, id).is_some()
            || model.histories.fetching.contains(&pair)
            || model.histories.unreadable.contains_key(&pair);
        if !known && model.histories.fetching.len() < FETCHED_AT_ONCE {
            if let Err(wait) = reads::open(model) {
                model.restart_timer(Due::Rest, wait);
                return;
            }
            model.histories.fetching.insert(pair);
            let request = model.request(Purpose::Items(target.clone(), id.clone()));
            let call = Call::GetInvalidation {
                target: target.clone(),
                id: id.clone(),
            };
            model.ask(Effect::CloudFront { request, call });
        }
    }
}

/// What a row holds came.
pub(super) fn items(model: &mut Model, target: &Target, id: &InvalidationId, result: Result<Invalidation, Failure>) {
    let key = (target.clone(), id.clone());
    model.histories.fetching.remove(&key);
    match result {
        Ok(invalidation) => {
            let request = model.request(Purpose::Keep);
            let operation = LedgerOperation::Remember {
                target: target.clone(),
                invalidation: invalidation.clone(),
            };
            model.ask(Effect::Ledger { request, operation });
            remember(model, target, invalidation);
        }
        Err(failure) => {
            model.histories.unreadable.insert(key, failure.to_string());
            model.touch();
        }
    }
    super::overlay::import::earlier::items_came(model);
    rested(model);
}

/// History loads page by page as one scrolls, and never to the end by itself.
fn older_if_near_the_end(model: &mut Model) {
    const NEAR: usize = 30;
    let Screen::Invalidations(screen) = model.screen() else {
        return;
    };
    let (rows, selected) = (screen.list.rows().len(), screen.list.selected());
    let Some(target) = screen.target.clone() else { return };
    if screen.list.is_filtered() || selected + NEAR < rows {
        return;
    }
    let history = model.histories.entry(&target);
    let Some(marker) = history.older.clone().filter(|_| history.loading_older.is_none()) else {
        return;
    };
    if let Err(wait) = reads::open(model) {
        model.restart_timer(Due::Rest, wait);
        return;
    }
    let request = model.request(Purpose::OlderPage(target.clone()));
    model.histories.entry(&target).loading_older = Some(request);
    model.ask(Effect::CloudFront {
        request,
        call: Call::ListInvalidations {
            target,
            marker: Some(marker),
        },
    });
}

/// An older page came.
pub(super) fn older_page(model: &mut Model, target: &Target, result: Result<Page<InvalidationSummary>, Failure>) {
    let history = model.histories.entry(target);
    match result {
        Ok(page) => history.take_older_page(page),
        Err(failure) => {
            history.loading_older = None;
            model.say(
                Level::Warning,
                format!("older invalidations could not be read: {failure}"),
            );
        }
    }
    super::screen::refill(model);
    model.touch();
    rest(model);
}
