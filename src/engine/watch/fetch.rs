//! Fetches missing data: the items of rows, and older rows.

use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::distribution::Target;
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page};
use crate::engine::data::Unreadable;
use crate::engine::effect::{Call, LedgerOperation};
use crate::engine::news::News;
use crate::engine::notices::state::Level;
use crate::engine::pending::{CallRequest, LedgerRequest};
use crate::engine::reads;
use crate::engine::refused::state::GET;
use crate::engine::row::key::RowKey;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;

/// Maximum number of visible rows whose items are fetched at the same time.
const FETCHED_AT_ONCE: usize = 4;
/// How long the selection must stay put before anything is fetched for the selected row.
pub(crate) const REST: Duration = Duration::from_millis(250);
/// How long scrolling waits before it retries an older page that failed to load.
const OLDER_AGAIN: TimeDelta = TimeDelta::seconds(20);

/// Fetches the items of these rows, a few at a time; each response triggers the next.
pub(crate) fn fetch_items(engine: &mut Engine, keys: &[RowKey]) {
    if engine.reads.are_locked() {
        return;
    }
    let mut soonest: Option<TimeDelta> = None;
    for key in keys {
        let RowKey::Invalidation(target, id) = key else {
            continue;
        };
        match lacking(engine, target, id) {
            Lacking::Items if give_up_denied(engine, target, id) => {}
            Lacking::Until(wait) => soonest = Some(soonest.map_or(wait, |other| other.min(wait))),
            Lacking::Items if engine.histories.fetching.len() < FETCHED_AT_ONCE => {
                if let Err(wait) = reads::may_open(engine) {
                    engine.restart_timer(TimerKind::Rest, wait);
                    return;
                }
                engine.histories.fetching.insert((target.clone(), id.clone()));
                let call = Call::get(target, id);
                reads::open(engine, CallRequest::Items(target.clone(), id.clone()), call);
            }
            Lacking::Items | Lacking::Nothing => {}
        }
    }
    if let Some(wait) = soonest {
        engine.restart_timer(TimerKind::Rest, wait.to_std().unwrap_or_default().max(REST));
    }
}

/// Marks a row as denied without a request if other rows of this target were denied. Returns whether it did.
fn give_up_denied(engine: &mut Engine, target: &Target, id: &InvalidationId) -> bool {
    let right = (target.operation(GET), Some(target.clone()));
    let Some(sentence) = engine.rights.denied(&right) else {
        return false;
    };
    let unreadable = Unreadable::for_good(sentence.to_owned(), RefusalKind::AccessDenied);
    engine
        .histories
        .unreadable
        .insert((target.clone(), id.clone()), unreadable);
    engine.touch();
    true
}

/// The data that a row is missing.
enum Lacking {
    /// No data: the items are loaded or being fetched, or requesting them would be useless.
    Nothing,
    /// The items. Fetching them failed recently, so they may be requested again only after this time.
    Until(TimeDelta),
    /// The items.
    Items,
}

fn lacking(engine: &Engine, target: &Target, id: &InvalidationId) -> Lacking {
    let pair = (target.clone(), id.clone());
    if engine.histories.invalidation(target, id).is_some() || engine.histories.fetching.contains(&pair) {
        return Lacking::Nothing;
    }
    let Some(unreadable) = engine.histories.unreadable.get(&pair) else {
        return Lacking::Items;
    };
    match unreadable.again {
        None => Lacking::Nothing,
        Some(again) if again > engine.now => Lacking::Until(again - engine.now),
        Some(_) => Lacking::Items,
    }
}

/// Stores the items of a row, or the reason why they could not be fetched.
pub(crate) fn items(engine: &mut Engine, target: &Target, id: &InvalidationId, result: Result<Invalidation, Failure>) {
    let key = (target.clone(), id.clone());
    engine.histories.fetching.remove(&key);
    match result {
        Ok(invalidation) => {
            engine.histories.unreadable.remove(&key);
            keep(engine, target, &invalidation);
            crate::engine::watch::remember(engine, target, invalidation);
        }
        Err(failure) => {
            let kind = failure.refusal().map(Refusal::kind);
            let lasts = kind.filter(|kind| matches!(kind, RefusalKind::AccessDenied | RefusalKind::NotFound));
            let unreadable = if let Some(kind) = lasts {
                Unreadable::for_good(failure.to_string(), kind)
            } else {
                let earlier = engine.histories.unreadable.get(&key).map_or(0, |row| row.failures);
                Unreadable::for_now(&failure, earlier, engine.now)
            };
            engine.histories.unreadable.insert(key, unreadable);
            engine.touch();
        }
    }
    engine.tell(News::ItemsCame);
}

/// Stores a row's details in the ledger if the ledger works. Otherwise, the details can be requested again later.
pub(super) fn keep(engine: &mut Engine, target: &Target, invalidation: &Invalidation) {
    if engine.ledger.failure().is_some() {
        return;
    }
    engine.ask_ledger(
        LedgerRequest::Keep,
        LedgerOperation::Remember {
            target: target.clone(),
            invalidation: invalidation.without_secrets(),
        },
    );
}

/// Loads a target's older invalidations, unless there are none, they are being loaded, or loading failed a moment ago.
/// Scrolling further after a failure retries, but not in a loop.
pub(crate) fn read_older(engine: &mut Engine, target: &Target) {
    let history = engine.histories.entry(target);
    let Some(marker) = history.older.clone().filter(|_| history.loading_older.is_none()) else {
        return;
    };
    if history
        .older_failed
        .is_some_and(|failed| engine.now - failed < OLDER_AGAIN)
    {
        return;
    }
    if let Err(wait) = reads::may_open(engine) {
        engine.restart_timer(TimerKind::Rest, wait);
        return;
    }
    let call = Call::list(target, Some(marker));
    let request = reads::open(engine, CallRequest::OlderPage(target.clone()), call);
    engine.histories.entry(target).loading_older = Some(request);
    engine.touch();
}

/// Adds a page of older invalidations, or reports that it could not be loaded.
pub(crate) fn older_page(engine: &mut Engine, target: &Target, result: Result<Page<InvalidationSummary>, Failure>) {
    let now = engine.now;
    let history = engine.histories.entry(target);
    match result {
        Ok(page) => history.take_older_page(page),
        Err(failure) => {
            history.loading_older = None;
            history.older_failed = Some(now);
            engine.say(
                Level::Warning,
                format!("older invalidations could not be loaded: {failure}"),
            );
        }
    }
    engine.redraw_rows();
    engine.tell(News::RowsCame);
}
