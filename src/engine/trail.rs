//! Looks up who created an invalidation: first in the ledger, which stores earlier results, then in CloudTrail, page by
//! page, with at most two requests per second. Only one lookup runs at a time, for the visible invalidation; an
//! interrupted one can be resumed.

pub(crate) mod state;

pub use state::Trail;

use chrono::TimeDelta;

use crate::domain::failure::Failure;
use crate::domain::trail::{Event, Events, Next, Outcome, PACE, RIGHT, Search, TrailKey, Wanted};
use crate::engine::effect::{Call, Effect, LedgerContents, LedgerOperation, RequestId};
use crate::engine::notices::Level;
use crate::engine::pending::{CallRequest, LedgerRequest};
use crate::engine::row::{Row, RowKey, row};
use crate::engine::session::Session;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;
use state::Lookup;

/// The state of the lookup of who created an invalidation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<'a> {
    /// Nothing is known, and no lookup is in progress.
    Unasked,
    /// The ledger is being read.
    Reading,
    /// CloudTrail is being searched. The fields are the page number, starting at 1, and whether a failed request is
    /// being retried.
    Asking(usize, bool),
    /// The lookup is finished.
    Ended(&'a Outcome),
}

/// Returns what to search for to find out who created an invalidation, and the key under which the result is stored.
///
/// # Errors
/// A sentence explaining why nothing can be looked up.
pub fn wanted(engine: &Engine, key: &RowKey) -> Result<(TrailKey, Wanted), String> {
    let row = row(engine, key).ok_or("still loading")?;
    let scope = engine.scope().ok_or("not connected yet")?;
    if let Some(submission) = row.submission.filter(|submission| !engine.is_here(&submission.scope)) {
        return Err(format!(
            "created with profile {}; switch to it to look this up",
            submission.scope.profile
        ));
    }
    let wanted = sought(engine, &row)?;
    Ok((wanted.key(&scope.endpoint), wanted))
}

fn sought(engine: &Engine, row: &Row<'_>) -> Result<Wanted, String> {
    let submission = row.submission;
    let reference = submission.map(|submission| submission.reference.to_string());
    let reference = reference.or_else(|| {
        let known = engine.histories.invalidation(row.target, row.id?)?;
        Some(known.caller_reference.clone())
    });
    let (from, to) = match (row.create_time, submission) {
        (Some(made), _) => (made, made),
        (None, Some(submission)) => {
            let first = submission
                .first_sent
                .ok_or("never sent, so CloudTrail has no event for it")?;
            if !submission.state.is_final() {
                return Err("no response from CloudFront yet".to_owned());
            }
            // If a submission's end was not recorded, its attempts cannot have continued beyond the time limit for
            // retries.
            (first, engine.now.min(first + TimeDelta::hours(1)))
        }
        (None, None) => return Err("its CreateTime is unknown".to_owned()),
    };
    Ok(Wanted {
        target: row.target.clone(),
        id: row.id.cloned(),
        reference,
        from,
        to,
    })
}

/// Returns the state of the lookup of who created an invalidation.
#[must_use]
pub fn known<'a>(engine: &'a Engine, key: &TrailKey) -> Known<'a> {
    let trail = &engine.trail;
    match (&trail.current, trail.outcomes.get(key)) {
        (Some(lookup), _) if lookup.key == *key && lookup.is_asking => {
            Known::Asking(lookup.search.pages() + 1, lookup.search.is_repeated())
        }
        (Some(lookup), _) if lookup.key == *key => Known::Reading,
        (_, Some(outcome)) => Known::Ended(outcome),
        (_, None) => Known::Unasked,
    }
}

/// Returns the event that created a row's invalidation, if it was found.
#[must_use]
pub fn event<'a>(engine: &'a Engine, key: &RowKey) -> Option<&'a Event> {
    let (key, _) = wanted(engine, key).ok()?;
    match engine.trail.outcomes.get(&key)? {
        Outcome::Found(event) => Some(event),
        Outcome::Nothing { .. } | Outcome::TooOld | Outcome::Failed(_) => None,
    }
}

/// Discards the outcome of a lookup that found nothing, because the user is retrying it.
pub(crate) fn ask_again(engine: &mut Engine, key: &RowKey) {
    if let Ok((key, _)) = wanted(engine, key) {
        let outcomes = &mut engine.trail.outcomes;
        if !matches!(outcomes.get(&key), Some(Outcome::Found(_))) {
            outcomes.remove(&key);
        }
    }
}

/// Looks up who made the visible invalidation, unless that is known; a `key` of `None` means that none is visible. If
/// `by_itself` is set, the user did not request the lookup, so it is not attempted without the permission.
pub(crate) fn follow(engine: &mut Engine, key: Option<&RowKey>, by_itself: bool) {
    let seen = key.and_then(|key| wanted(engine, key).ok());
    let current = engine.trail.current.as_ref().map(|lookup| &lookup.key);
    if current == seen.as_ref().map(|(key, _)| key) {
        return;
    }
    leave(engine);
    if let Some((key, wanted)) = seen {
        begin(engine, key, wanted, by_itself);
    }
}

/// Interrupts the current lookup. A pending reply is ignored.
fn leave(engine: &mut Engine) {
    let Some(lookup) = engine.trail.current.take() else {
        return;
    };
    if let Some(request) = lookup.request {
        let _ = engine.pending.take::<CallRequest>(request);
        let _ = engine.pending.take::<LedgerRequest>(request);
    }
    engine.cancel_timer(&TimerKind::Trail);
    if lookup.is_asking {
        engine.trail.left.insert(lookup.key, lookup.search);
    }
}

fn begin(engine: &mut Engine, key: TrailKey, wanted: Wanted, by_itself: bool) {
    let is_denied = engine.rights.denied(&(RIGHT.to_owned(), None)).is_some();
    let is_connected = matches!(engine.session, Session::Connected(_));
    if engine.trail.outcomes.contains_key(&key) || !is_connected || (by_itself && is_denied) {
        return;
    }
    let search = engine.trail.left.remove(&key);
    let is_read = search.is_some();
    engine.trail.current = Some(Lookup {
        key: key.clone(),
        search: search.unwrap_or_else(|| Search::new(wanted)),
        request: None,
        is_asking: false,
    });
    engine.touch();
    if is_read || !engine.ledger.is_open() {
        return begin_asking(engine);
    }
    let request = engine.ask_ledger(LedgerRequest::Maker, LedgerOperation::Maker(key));
    await_answer(engine, request);
}

fn await_answer(engine: &mut Engine, request: RequestId) {
    if let Some(lookup) = &mut engine.trail.current {
        lookup.request = Some(request);
    }
}

/// Ends the lookup with the event that the ledger returned. If there is none, searches CloudTrail.
pub(crate) fn read(engine: &mut Engine, result: Result<Option<Box<LedgerContents>>, String>) {
    match result.ok().flatten().and_then(|contents| contents.maker) {
        Some(event) => end(engine, Outcome::Found(event)),
        None => begin_asking(engine),
    }
}

fn begin_asking(engine: &mut Engine) {
    let now = engine.now;
    let Some(lookup) = &mut engine.trail.current else {
        return;
    };
    if lookup.search.is_too_old(now) {
        return end(engine, Outcome::TooOld);
    }
    lookup.is_asking = true;
    lookup.request = None;
    engine.touch();
    ask(engine);
}

/// Requests the next page, as soon as the pace allows.
pub(crate) fn ask(engine: &mut Engine) {
    let Some(lookup) = engine.trail.current.as_ref().filter(|lookup| lookup.request.is_none()) else {
        return;
    };
    let query = lookup.search.query();
    let wait = engine
        .trail
        .asked
        .map_or(TimeDelta::zero(), |asked| asked + PACE - engine.now);
    // A clock that was set back must not stop the search.
    if wait > TimeDelta::zero() && wait <= PACE {
        return wait_for_turn(engine, wait);
    }
    engine.trail.asked = Some(engine.now);
    let request = engine.request(CallRequest::Events);
    engine.ask(Effect::CloudFront {
        request,
        call: Call::LookUpEvents(query),
    });
    await_answer(engine, request);
}

fn wait_for_turn(engine: &mut Engine, wait: TimeDelta) {
    engine.restart_timer(TimerKind::Trail, wait.to_std().unwrap_or_default());
}

/// Passes a page of events, or the failure to read one, to the search, which then continues or ends.
pub(crate) fn answered(engine: &mut Engine, result: Result<Events, Failure>) {
    let Some(lookup) = &mut engine.trail.current else {
        return;
    };
    lookup.request = None;
    match lookup.search.answered(result) {
        Next::Ask(after) if after > TimeDelta::zero() => wait_for_turn(engine, after),
        Next::Ask(_) => ask(engine),
        Next::Ended(outcome) => end(engine, outcome),
    }
    engine.touch();
}

fn end(engine: &mut Engine, outcome: Outcome) {
    let Some(lookup) = engine.trail.current.take() else {
        return;
    };
    match &outcome {
        Outcome::Found(event) if lookup.is_asking => {
            engine.ask_ledger(
                LedgerRequest::Keep,
                LedgerOperation::KeepMaker(lookup.key.clone(), event.clone()),
            );
        }
        Outcome::Failed(failure) if failure.is_denied() => report_denied(engine),
        _ => {}
    }
    engine.trail.outcomes.insert(lookup.key, outcome);
    engine.touch();
}

/// Reports the missing permission once.
fn report_denied(engine: &mut Engine) {
    if !std::mem::replace(&mut engine.trail.denial_is_told, true) {
        engine.say(
            Level::Info,
            format!("cannot look up who created an invalidation without {RIGHT}"),
        );
    }
}
