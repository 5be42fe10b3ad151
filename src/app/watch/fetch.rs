//! What rows lack: their items, and older rows.

use std::time::Duration;

use chrono::TimeDelta;

use crate::app::data::Unreadable;
use crate::app::effect::{Call, Effect, LedgerOperation};
use crate::app::model::{Due, Level, Model, Purpose};
use crate::app::news::News;
use crate::app::reads;
use crate::app::row::RowKey;
use crate::domain::distribution::Target;
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page};

/// Items that may be fetched at once for the rows one looks at.
const FETCHED_AT_ONCE: usize = 4;
/// How long the selection rests before anything is fetched for it.
pub(in crate::app) const REST: Duration = Duration::from_millis(250);
/// How long after an older page could not be read scrolling asks for it again.
const OLDER_AGAIN: TimeDelta = TimeDelta::seconds(20);

/// Fetches what these rows hold, a few at a time; each answer lets the next one go.
pub(in crate::app) fn fetch_items(model: &mut Model, keys: &[RowKey]) {
    let mut soonest: Option<TimeDelta> = None;
    for key in keys {
        let RowKey::Invalidation(target, id) = key else {
            continue;
        };
        match lacking(model, target, id) {
            Lacking::Until(wait) => soonest = Some(soonest.map_or(wait, |other| other.min(wait))),
            Lacking::Items if model.histories.fetching.len() < FETCHED_AT_ONCE => {
                if let Err(wait) = reads::may_open(model) {
                    model.restart_timer(Due::Rest, wait);
                    return;
                }
                model.histories.fetching.insert((target.clone(), id.clone()));
                let call = Call::GetInvalidation {
                    target: target.clone(),
                    id: id.clone(),
                };
                reads::open(model, Purpose::Items(target.clone(), id.clone()), call);
            }
            Lacking::Items | Lacking::Nothing => {}
        }
    }
    if let Some(wait) = soonest {
        model.restart_timer(Due::Rest, wait.to_std().unwrap_or_default().max(REST));
    }
}

/// What a row still needs.
enum Lacking {
    /// It is known, on its way, or of no use to ask for.
    Nothing,
    /// Its items, but there was trouble a moment ago.
    Until(TimeDelta),
    /// Its items.
    Items,
}

fn lacking(model: &Model, target: &Target, id: &InvalidationId) -> Lacking {
    let pair = (target.clone(), id.clone());
    if model.histories.invalidation(target, id).is_some() || model.histories.fetching.contains(&pair) {
        return Lacking::Nothing;
    }
    let Some(unreadable) = model.histories.unreadable.get(&pair) else {
        return Lacking::Items;
    };
    match unreadable.again {
        None => Lacking::Nothing,
        Some(again) if again > model.now => Lacking::Until(again - model.now),
        Some(_) => Lacking::Items,
    }
}

/// What a row holds came.
pub(in crate::app) fn items(
    model: &mut Model,
    target: &Target,
    id: &InvalidationId,
    result: Result<Invalidation, Failure>,
) {
    let key = (target.clone(), id.clone());
    model.histories.fetching.remove(&key);
    match result {
        Ok(invalidation) => {
            model.histories.unreadable.remove(&key);
            keep(model, target, &invalidation);
            super::remember(model, target, invalidation);
        }
        Err(failure) => {
            let kind = failure.refusal().map(Refusal::kind);
            let unreadable = if matches!(kind, Some(RefusalKind::AccessDenied | RefusalKind::NotFound)) {
                Unreadable::for_good(failure.to_string())
            } else {
                let earlier = model.histories.unreadable.get(&key).map_or(0, |row| row.failures);
                Unreadable::for_now(failure.to_string(), earlier, model.now)
            };
            model.histories.unreadable.insert(key, unreadable);
            model.touch();
        }
    }
    model.tell(News::ItemsCame);
}

/// Keeps what a row holds, where that is possible: it can be asked for again.
fn keep(model: &mut Model, target: &Target, invalidation: &Invalidation) {
    if model.ledger.failure().is_some() {
        return;
    }
    let request = model.request(Purpose::Keep);
    let operation = LedgerOperation::Remember {
        target: target.clone(),
        invalidation: invalidation.without_secrets(),
    };
    model.ask(Effect::Ledger { request, operation });
}

/// Reads a target's older invalidations, unless they are being read, there are none, or that failed a moment ago: whoever
/// scrolls on after trouble asks again, but not in a loop.
pub(in crate::app) fn read_older(model: &mut Model, target: &Target) {
    let history = model.histories.entry(target);
    let Some(marker) = history.older.clone().filter(|_| history.loading_older.is_none()) else {
        return;
    };
    if history
        .older_failed
        .is_some_and(|failed| model.now - failed < OLDER_AGAIN)
    {
        return;
    }
    if let Err(wait) = reads::may_open(model) {
        model.restart_timer(Due::Rest, wait);
        return;
    }
    let call = Call::ListInvalidations {
        target: target.clone(),
        marker: Some(marker),
    };
    let request = reads::open(model, Purpose::OlderPage(target.clone()), call);
    model.histories.entry(target).loading_older = Some(request);
    model.touch();
}

/// An older page came.
pub(in crate::app) fn older_page(
    model: &mut Model,
    target: &Target,
    result: Result<Page<InvalidationSummary>, Failure>,
) {
    let now = model.now;
    let history = model.histories.entry(target);
    match result {
        Ok(page) => history.take_older_page(page),
        Err(failure) => {
            history.loading_older = None;
            history.older_failed = Some(now);
            model.say(
                Level::Warning,
                format!("older invalidations could not be read: {failure}"),
            );
        }
    }
    model.rows_changed();
    model.touch();
    model.tell(News::RowsCame);
}
