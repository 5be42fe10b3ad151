//! The last invalidations of the distributions in sight are read without anybody asking: one read at a time, by the lane
//! for watching, so that it is one a second at most. Each is read once, until a person asks for all of it again.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::distribution::Target;
use crate::domain::failure::{Refusal, RefusalKind};
use crate::domain::invalidation::InvalidationId;
use crate::engine::effect::{Call, RequestId};
use crate::engine::latest::latest;
use crate::engine::ledger::LedgerState;
use crate::engine::purpose::Purpose;
use crate::engine::reads;
use crate::engine::refused::GET;
use crate::engine::row::{RowKey, row};
use crate::engine::session::Session;
use crate::engine::state::{Engine, Front};

/// Minimum time between two automatic reads of the same target.
const FRESH: TimeDelta = TimeDelta::minutes(5);

/// A read that waits for its turn or its answer.
#[derive(Clone, Debug)]
struct Reading {
    request: RequestId,
    target: Target,
    id: Option<InvalidationId>,
}

/// What was read so far.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// Targets whose newest invalidations were asked for.
    asked: BTreeSet<Target>,
    /// Invalidations whose items were asked for.
    whole: BTreeSet<(Target, InvalidationId)>,
    reading: Option<Reading>,
    /// The target that was asked about last: where rights, credentials or the network failed it, they fail the others, too.
    last: Option<Target>,
    /// When a person asked for all of it again: what was read before is read again, however young it is.
    asked_again: Option<DateTime<Utc>>,
}

impl Overview {
    /// Whether the newest invalidations of this target are seen with the distributions.
    pub(crate) fn shows(&self, target: &Target) -> bool {
        self.asked.contains(target)
    }

    /// A person asks for all of it again.
    pub(crate) fn begin_again(&mut self, now: DateTime<Utc>) {
        self.asked_again = Some(now);
        self.asked.clear();
        self.whole.clear();
        self.last = None;
    }
}

/// Whether anything may be read by itself: it is wanted, somebody looks, and it is known what the ledger remembers.
pub(crate) fn may_read(engine: &Engine) -> bool {
    let known = engine.fleet.freshness.loading.is_none() && engine.ledger != LedgerState::Opening;
    let connected = matches!(engine.session, Session::Connected(_));
    engine.preferences.front == Front::Overview && engine.focused && connected && known && !engine.ends
}

/// Reads what is missing of the first of these targets that lacks anything, unless something is being read.
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

/// Nobody looks any more: what has not left does not leave.
pub(crate) fn stop(engine: &mut Engine) {
    // Whoever comes back may find that it works again.
    engine.overview.last = None;
    let Some(reading) = engine
        .overview
        .reading
        .take_if(|reading| !engine.reads.has_left(reading.request))
    else {
        return;
    };
    if engine.pending.remove(&reading.request).is_none() {
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
    reading.is_some_and(|reading| engine.pending.contains_key(&reading.request))
}

fn last_failed(engine: &Engine) -> bool {
    let last = engine.overview.last.as_ref();
    let history = last.and_then(|target| engine.histories.get(target));
    let failure = history.and_then(|history| history.freshness.failure.as_ref());
    // That one target is gone says nothing of the others.
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
    let call = Call::ListInvalidations {
        target: target.clone(),
        marker: None,
    };
    let request = reads::watch(engine, Purpose::FirstPage(target.clone(), Vec::new()), call);
    remember(engine, request, target, None);
}

/// The newest invalidation of a target, where its items are not known.
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
    let call = Call::GetInvalidation {
        target: target.clone(),
        id: id.clone(),
    };
    let request = reads::watch(engine, Purpose::Items(target.clone(), id.clone()), call);
    remember(engine, request, target, Some(id));
}

fn remember(engine: &mut Engine, request: Option<RequestId>, target: &Target, id: Option<InvalidationId>) {
    engine.overview.reading = request.map(|request| Reading {
        request,
        target: target.clone(),
        id,
    });
}
