//! Automatically reads the latest invalidations of the visible distributions, one at a time and at polling priority,
//! which means at most one read per second. Nothing is read again until the user refreshes.

pub(crate) mod state;

pub use state::Overview;

use crate::domain::distribution::Target;
use crate::domain::failure::{Refusal, RefusalKind};
use crate::domain::invalidation::InvalidationId;
use crate::engine::effect::{Call, RequestId};
use crate::engine::latest::latest;
use crate::engine::ledger::state::LedgerState;
use crate::engine::overview::state::{FRESH, Reading};
use crate::engine::pending::CallRequest;
use crate::engine::preferences::Front;
use crate::engine::reads;
use crate::engine::refused::state::GET;
use crate::engine::row::key::RowKey;
use crate::engine::row::row;
use crate::engine::session::Session;
use crate::engine::state::Engine;

/// Returns whether automatic reads may run: they are enabled, the terminal has the focus, the session is connected, and
/// neither the distributions nor the ledger are still loading.
pub(crate) fn may_read(engine: &Engine) -> bool {
    let known = engine.fleet.freshness.loading.is_none() && engine.ledger != LedgerState::Opening;
    let connected = matches!(engine.session, Session::Connected(_));
    engine.preferences.front == Front::Overview && engine.focused && connected && known && !engine.ends
}

/// Returns whether automatic reads of these targets continue: they may run, some targets have not been read yet, and the
/// last read did not fail for a reason that affects the others too.
#[must_use]
pub fn goes_on(engine: &Engine, targets: &[Target]) -> bool {
    let is_left = || targets.iter().any(|target| !engine.overview.asked.contains(target));
    let may_go_on = may_read(engine) && !last_failed(engine) && !engine.reads.are_locked();
    may_go_on && (is_reading(engine) || is_left())
}

/// Finds the first target with missing data and reads that data, unless a read is in progress.
pub(crate) fn read(engine: &mut Engine, targets: &[Target]) {
    if is_reading(engine) || last_failed(engine) || engine.reads.are_locked() {
        return;
    }
    if let Some(target) = targets.iter().find(|target| !engine.overview.asked.contains(target)) {
        return read_target(engine, target, targets);
    }
    if engine.rights.is_denied_everywhere(GET) {
        return;
    }
    let lacking = targets.iter().find_map(|target| lacking(engine, target));
    if let Some((target, id)) = lacking {
        read_items(engine, &target, id);
    }
}

/// Stops the automatic reads because the page is no longer visible, and drops a queued read.
pub(crate) fn stop(engine: &mut Engine) {
    // By the time the user returns to the page, reads may succeed again.
    engine.overview.last = None;
    let Some(reading) = engine
        .overview
        .reading
        .take_if(|reading| !engine.reads.has_left(reading.request))
    else {
        return;
    };
    if engine.pending.take::<CallRequest>(reading.request).is_none() {
        return;
    }
    match reading.id {
        None => drop(engine.overview.asked.remove(&reading.target)),
        Some(id) => {
            let key = (reading.target, id);
            engine.histories.fetching.remove(&key);
            engine.overview.whole.remove(&key);
        }
    }
}

fn is_reading(engine: &Engine) -> bool {
    let reading = engine.overview.reading.as_ref();
    reading.is_some_and(|reading| engine.pending.of::<CallRequest>().contains_key(&reading.request))
}

fn last_failed(engine: &Engine) -> bool {
    let last = engine.overview.last.as_ref();
    let history = last.and_then(|target| engine.histories.get(target));
    let failure = history.and_then(|history| history.freshness.failure.as_ref());
    // One missing target does not mean that reads of the others will fail.
    failure.is_some_and(|failure| failure.refusal().map(Refusal::kind) != Some(RefusalKind::NotFound))
}

fn read_target(engine: &mut Engine, target: &Target, targets: &[Target]) {
    engine.overview.asked.insert(target.clone());
    let as_of = engine.histories.get(target).and_then(|history| history.freshness.as_of);
    let since = engine.overview.asked_again;
    let is_fresh = |as_of| engine.now - as_of < FRESH && since.is_none_or(|since| as_of >= since);
    if as_of.is_some_and(is_fresh) {
        return read(engine, targets);
    }
    engine.overview.last = Some(target.clone());
    let call = Call::list(target, None);
    let request = reads::watch(engine, CallRequest::FirstPage(target.clone(), Vec::new()), call);
    remember(engine, request, target, None);
}

/// Returns a target's newest invalidation if the invalidation's items are unknown.
fn lacking(engine: &Engine, target: &Target) -> Option<(Target, InvalidationId)> {
    let RowKey::Invalidation(target, id) = latest(engine, target)? else {
        return None;
    };
    let key = (target, id);
    if engine.overview.whole.contains(&key) || engine.histories.fetching.contains(&key) {
        return None;
    }
    let key_of_row = RowKey::Invalidation(key.0.clone(), key.1.clone());
    let row = row(engine, &key_of_row)?;
    (row.items.is_none() && row.unreadable.is_none()).then_some(key)
}

fn read_items(engine: &mut Engine, target: &Target, id: InvalidationId) {
    engine.overview.whole.insert((target.clone(), id.clone()));
    engine.histories.fetching.insert((target.clone(), id.clone()));
    let call = Call::get(target, &id);
    let request = reads::watch(engine, CallRequest::Items(target.clone(), id.clone()), call);
    remember(engine, request, target, Some(id));
}

fn remember(engine: &mut Engine, request: Option<RequestId>, target: &Target, id: Option<InvalidationId>) {
    engine.overview.reading = request.map(|request| Reading {
        request,
        target: target.clone(),
        id,
    });
}
