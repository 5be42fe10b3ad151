//! The month, counted while the dashboard is open: one question a second at most, and only where nothing else waits.

use crate::domain::failure::Failure;
use crate::domain::month::{MonthKey, MonthWrite};
use crate::domain::price::{FREE_PATHS, free_words};
use crate::domain::text::grouped;
use crate::engine::effect::{Answer, Call, Effect, LedgerContents, LedgerOperation};
use crate::engine::month;
use crate::engine::notices::Level;
use crate::engine::pending::{CallRequest, LedgerRequest};
use crate::engine::reads;
use crate::engine::state::Engine;

use chrono::{DateTime, Utc};

/// Reads what the ledger knows of this month, unless it is known.
pub(crate) fn look(engine: &mut Engine) {
    let Some(key) = key(engine) else { return };
    let is_known = engine.counting.count.as_ref().is_some_and(|count| count.key == key);
    if is_known || is_asking(engine) || !engine.ledger.is_open() {
        return;
    }
    engine.counting.count = None;
    read(engine, key);
}

/// Reads the count from the ledger, which knows which references are its own.
fn read(engine: &mut Engine, key: MonthKey) {
    let request = engine.request(LedgerRequest::Month);
    engine.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::Month(key),
    });
}

/// The ledger told.
pub(crate) fn known(engine: &mut Engine, result: Result<Option<Box<LedgerContents>>, String>) {
    match result {
        Ok(contents) => {
            let count = contents.and_then(|contents| contents.month).map(|count| *count);
            engine.counting.count = count.filter(|count| Some(&count.key) == key(engine).as_ref());
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

/// A person wants it counted, or no longer.
pub(crate) fn switch(engine: &mut Engine) {
    if engine.counting.goes_on {
        stop(engine);
    } else if key(engine).is_none() || !engine.ledger.is_open() {
        engine.say(Level::Warning, "counting needs a connection and the ledger");
    } else {
        engine.counting.goes_on = true;
        engine.counting.failure = None;
        // What the ledger knows may still be on its way.
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

/// What has left is heard to its end; nothing more is asked.
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

/// Returns whether CloudFront or the ledger is being asked.
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

/// A question was answered: what it told is on its way to the ledger before the next question leaves.
pub(crate) fn answered(engine: &mut Engine, call: &Call, asked: DateTime<Utc>, result: Result<Answer, Failure>) {
    let Some(count) = &mut engine.counting.count else {
        return;
    };
    match month::answered(count, call, asked, result) {
        Ok(writes) => {
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
    let operation = LedgerOperation::KeepMonth(count.key.clone(), writes);
    let request = engine.request(LedgerRequest::Keep);
    engine.ask(Effect::Ledger { request, operation });
}

/// What is known of the month's free paths, in words: what was counted, or else what was seen here.
#[must_use]
pub fn free_paths(engine: &Engine) -> String {
    let (seen, counting) = (engine.known_use(), &engine.counting);
    let is_of_now = counting.count.as_ref().map(|count| &count.key) == key(engine).as_ref();
    match counting.figures().filter(|_| is_of_now) {
        Some(figures) if figures.paths >= seen => {
            let at_least = if figures.exact { "" } else { "≥ " };
            let (paths, free) = (grouped(figures.paths), grouped(FREE_PATHS));
            format!("{at_least}{paths} of {free} free paths used, counted")
        }
        Some(_) | None => free_words(seen),
    }
}
