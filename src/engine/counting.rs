//! Counts the paths invalidated this month, by anyone, while the dashboard is open. Sends at most one request per
//! second, and only when nothing else is waiting.

use crate::domain::failure::Failure;
use crate::domain::month::{MonthKey, MonthWrite, Total};
use crate::domain::price::{FREE_PATHS, at_most_words, free_words, likely};
use crate::domain::text::grouped;
use crate::engine::effect::{Answer, Call, LedgerContents, LedgerOperation};
use crate::engine::month;
use crate::engine::notices::Level;
use crate::engine::pending::{CallRequest, LedgerRequest};
use crate::engine::reads;
use crate::engine::state::Engine;

use chrono::{DateTime, Utc};

/// Reads this month's count from the ledger, unless it is already loaded.
pub(crate) fn look(engine: &mut Engine) {
    let Some(key) = key(engine) else { return };
    let is_known = engine.counting.count.as_ref().is_some_and(|count| count.key == key);
    if is_known || is_asking(engine) || !engine.ledger.is_open() {
        return;
    }
    engine.counting.count = None;
    engine.counting.total = None;
    read(engine, key);
}

/// Reads the count from the ledger, which can tell this program's references from those of other tools.
fn read(engine: &mut Engine, key: MonthKey) {
    engine.ask_ledger(LedgerRequest::Month, LedgerOperation::Month(key));
}

/// Loads the count that the ledger returned, and starts counting if the user has asked for it.
pub(crate) fn known(engine: &mut Engine, result: Result<Option<Box<LedgerContents>>, String>) {
    match result {
        Ok(contents) => {
            let count = contents.and_then(|contents| contents.month).map(|count| *count);
            engine.counting.count = count.filter(|count| Some(&count.key) == key(engine).as_ref());
            engine.counting.add_up();
            if engine.counting.goes_on {
                begin(engine);
            }
        }
        Err(reason) => {
            engine.counting.goes_on = false;
            engine.say(Level::Error, reason);
        }
    }
    engine.touch();
}

/// Starts or stops the count at the user's request.
pub(crate) fn switch(engine: &mut Engine) {
    if engine.counting.goes_on {
        stop(engine);
    } else if key(engine).is_none() || !engine.ledger.is_open() {
        engine.say(Level::Warning, "counting needs a connection and a working ledger");
    } else {
        engine.counting.goes_on = true;
        engine.counting.failure = None;
        // The stored count may not be loaded yet.
        look(engine);
        begin(engine);
    }
    engine.touch();
}

fn begin(engine: &mut Engine) {
    if let Some(count) = engine.counting.count.take().filter(|_| engine.counting.goes_on) {
        engine.counting.count = Some(month::resumed(count, engine.now));
        ask(engine);
    }
}

/// Stops the count. The response to a request in flight is still stored, but no further requests are sent.
fn stop(engine: &mut Engine) {
    engine.counting.goes_on = false;
    let Engine { reads, pending, .. } = engine;
    let calls = pending.of_mut::<CallRequest>();
    calls.retain(|request, kind| !is_count(kind) || reads.has_left(*request));
    pending
        .of_mut()
        .retain(|_, kind: &mut LedgerRequest| *kind != LedgerRequest::Month);
}

fn is_count(kind: &CallRequest) -> bool {
    matches!(kind, CallRequest::Count(_))
}

/// Returns whether a request for the count, to CloudFront or the ledger, is pending.
fn is_asking(engine: &Engine) -> bool {
    engine.pending.any(is_count) || engine.pending.has(&LedgerRequest::Month)
}

fn key(engine: &Engine) -> Option<MonthKey> {
    let scope = engine.scope()?;
    Some(MonthKey::of(&scope.endpoint, &scope.profile, engine.now))
}

fn ask(engine: &mut Engine) {
    if !engine.counting.goes_on || is_asking(engine) {
        return;
    }
    let next = engine.counting.count.as_ref().and_then(month::next);
    if let Some(call) = next {
        reads::count(engine, CallRequest::Count(Box::new(call.clone())), call);
        return;
    }
    engine.counting.goes_on = false;
    if let Some(key) = key(engine) {
        read(engine, key);
    }
}

/// Handles a response: writes the results to the ledger, then sends the next request.
pub(crate) fn answered(engine: &mut Engine, call: &Call, asked: DateTime<Utc>, result: Result<Answer, Failure>) {
    let Some(count) = &mut engine.counting.count else {
        return;
    };
    match month::answered(count, call, asked, result) {
        Ok(writes) => {
            engine.counting.add_up();
            keep(engine, writes);
            ask(engine);
        }
        Err(failure) => {
            engine.counting.goes_on = false;
            engine.counting.failure = Some(failure);
        }
    }
    engine.touch();
}

fn keep(engine: &mut Engine, writes: Vec<MonthWrite>) {
    let Some(count) = &engine.counting.count else { return };
    engine.ask_ledger(
        LedgerRequest::Keep,
        LedgerOperation::KeepMonth(count.key.clone(), writes),
    );
}

/// This month's known usage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// The number of paths.
    pub paths: u64,
    /// Whether the number is exact; if not, other tools may have sent more.
    pub exact: bool,
    /// How many of the free paths are used: `at least 212 of 1,000 free paths used`.
    pub words: String,
}

/// Returns this month's known usage: from the count, or else from this ledger.
#[must_use]
pub fn used(engine: &Engine) -> Used {
    let (seen, now) = (engine.known_use(), key(engine));
    let total = engine.counting.total.as_ref();
    match total.filter(|total| Some(&total.key) == now.as_ref() && total.paths >= seen) {
        Some(&Total { paths, exact, .. }) => {
            let at_least = if exact { "" } else { "≥ " };
            let words = format!(
                "{at_least}{} of {} free paths used, counted",
                grouped(paths),
                grouped(FREE_PATHS)
            );
            Used { paths, exact, words }
        }
        None => Used {
            paths: seen,
            exact: false,
            words: free_words(seen),
        },
    }
}

/// The price of a number of items, estimated from the known usage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// The upper bound and the likely price: `max. $0.03, likely $0.00`.
    pub words: String,
    /// The known usage of the month's free paths.
    pub free: String,
}

/// Returns the price of this many items.
#[must_use]
pub fn price(engine: &Engine, billable: usize) -> Price {
    let used = used(engine);
    let words = format!("{}, likely {}", at_most_words(billable), likely(billable, used.paths));
    let free = used.words;
    Price { words, free }
}
