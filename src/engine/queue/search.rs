//! Searches a target's invalidations for one with a given reference: newest first, no further back than the first
//! attempt, one call at a time, in the lane shared by all reads.

use crate::engine::queue::state::Search;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationSummary, Page};
use crate::domain::submission::{Event, State, Submission, SubmissionId};
use crate::domain::text::count;
use crate::engine::effect::Call;
use crate::engine::pending::CallRequest;
use crate::engine::queue::change::{change, tell};
use crate::engine::queue::divide;
use crate::engine::queue::logins::is_ours;
use crate::engine::queue::send::{accept, pump};
use crate::engine::reads;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;

/// How far back before the first attempt the search goes, because clocks differ.
const MARGIN: TimeDelta = TimeDelta::minutes(5);

/// The number of newest invalidations examined regardless of their age, because the local clock may be off by hours.
const NEWEST: usize = 10;

/// Maximum number of invalidations examined when no start time bounds the search. Each one costs a call.
const MOST: usize = 100;

/// The time after which CloudFront no longer accepts a request: a signature is valid for five minutes, and the two
/// clocks may differ by another five. A timer measures this, because the clock may be changed in the meantime.
const VALID: Duration = Duration::from_mins(10);

/// The delay before checking again whether the credentials match the submission.
const CREDENTIALS: Duration = Duration::from_mins(1);

/// Starts the search for a submission's reference.
pub(super) fn begin(engine: &mut Engine, id: &SubmissionId) {
    let last = refusal(engine, id).is_some_and(Refusal::is_about_the_bytes);
    look(engine, id, last);
}

/// Searches again once requests sent before the refusal can no longer arrive. An invalidation that does not exist by
/// then never will.
pub(crate) fn search_again(engine: &mut Engine, id: &SubmissionId) {
    if refusal(engine, id).is_none() || engine.queue.is_held(id) {
        return;
    }
    if is_ours(engine, id) {
        look(engine, id, true);
    } else {
        engine.timer(TimerKind::Search(id.clone()), CREDENTIALS);
    }
}

fn look(engine: &mut Engine, id: &SubmissionId, last: bool) {
    let is_of_it = |kind: &CallRequest| matches!(kind, CallRequest::SearchPage(of) | CallRequest::SearchCandidate(of, _) if of == id);
    // Responses to an earlier search describe an outdated state.
    engine.pending.of_mut().retain(|_, kind| !is_of_it(kind));
    let search = Search {
        last,
        ..Search::default()
    };
    engine.queue.searches.insert(id.clone(), search);
    ask_page(engine, id, None);
}

/// Returns the refusal that becomes final unless the invalidation is found.
fn refusal<'a>(engine: &'a Engine, id: &SubmissionId) -> Option<&'a Refusal> {
    match &engine.queue.get(id)?.state {
        State::Reconciling { refused } => refused.as_deref(),
        _ => None,
    }
}

/// Returns why the submission's reference is being searched for.
pub(super) fn why(engine: &Engine, id: &SubmissionId) -> String {
    refusal(engine, id).map_or_else(
        || "this CallerReference was used before".to_owned(),
        |refusal| format!("{refusal}; an earlier request may have been accepted"),
    )
}

/// Ends all searches and returns the ids of their submissions. Pending responses are ignored.
pub(super) fn abandon(engine: &mut Engine) -> Vec<SubmissionId> {
    engine
        .pending
        .of_mut()
        .retain(|_, kind| !matches!(kind, CallRequest::SearchPage(_) | CallRequest::SearchCandidate(..)));
    std::mem::take(&mut engine.queue.searches).into_keys().collect()
}

fn ask_page(engine: &mut Engine, id: &SubmissionId, marker: Option<String>) {
    let Some(target) = engine.queue.get(id).map(|s| s.target.clone()) else {
        return;
    };
    let call = Call::ListInvalidations { target, marker };
    reads::open(engine, CallRequest::SearchPage(id.clone()), call);
}

/// Makes the recent invalidations on a page the candidates of the search, and requests the first candidate.
pub(crate) fn searched_page(
    engine: &mut Engine,
    id: &SubmissionId,
    result: Result<Page<InvalidationSummary>, Failure>,
) {
    let page = match result {
        Ok(page) => page,
        Err(failure) => return failed(engine, id, &failure),
    };
    let Some(since) = engine.queue.get(id).map(since) else {
        return;
    };
    let Some(search) = engine.queue.searches.get_mut(id) else {
        return;
    };
    let reached_the_bound = page.items.iter().any(|row| row.create_time < since);
    let newest = NEWEST.saturating_sub(search.seen);
    let rows = page.items.into_iter().enumerate();
    search.candidates = rows
        .filter(|(place, row)| row.create_time >= since || *place < newest)
        .map(|(_, row)| row.id)
        .collect();
    search.candidates.reverse();
    search.next = page.next.filter(|_| !reached_the_bound && search.seen < MOST);
    ask_candidate(engine, id);
}

/// Returns the earliest time at which the submission's invalidation may have been created. There is no limit for a
/// reference chosen by a script, which may be as old as the script.
fn since(submission: &Submission) -> DateTime<Utc> {
    if submission.reference.is_chosen() {
        return DateTime::<Utc>::MIN_UTC;
    }
    submission.first_sent.unwrap_or(submission.created) - MARGIN
}

fn ask_candidate(engine: &mut Engine, id: &SubmissionId) {
    let Some(target) = engine.queue.get(id).map(|s| s.target.clone()) else {
        return;
    };
    let Some(search) = engine.queue.searches.get_mut(id) else {
        return;
    };
    if let Some(candidate) = search.candidates.pop() {
        search.seen += 1;
        let kind = CallRequest::SearchCandidate(id.clone(), candidate.clone());
        reads::open(engine, kind, Call::GetInvalidation { target, id: candidate });
    } else if let Some(marker) = search.next.take() {
        ask_page(engine, id, Some(marker));
    } else {
        unsettled(engine, id);
    }
}

/// Accepts a candidate that matches the submission's reference; otherwise, requests the next candidate.
pub(crate) fn searched_candidate(engine: &mut Engine, id: &SubmissionId, result: Result<Invalidation, Failure>) {
    let found = match result {
        Ok(found) if is_cut(engine.queue.get(id), &found) => {
            let cut = Failure::Unknown(format!("the response about {} was truncated", found.id));
            return failed(engine, id, &cut);
        }
        Ok(invalidation) => invalidation,
        Err(failure) => return failed(engine, id, &failure),
    };
    if is_it(engine.queue.get(id), &found) {
        engine.queue.searches.remove(id);
        accept(engine, id, found, None);
        pump(engine);
    } else {
        ask_candidate(engine, id);
    }
}

fn is_it(submission: Option<&Submission>, found: &Invalidation) -> bool {
    submission
        .is_some_and(|s| matches!(s.state, State::Reconciling { .. }) && s.reference.as_str() == found.caller_reference)
}

/// Returns whether the response lacks the reference, or contains only the beginning of what may be our reference.
fn is_cut(submission: Option<&Submission>, found: &Invalidation) -> bool {
    submission.is_some_and(|s| s.reference.is_cut_to(&found.caller_reference))
}

/// Ends a search in which no candidate matched: makes the refusal final, schedules a final search, or leaves the
/// decision to the user.
fn unsettled(engine: &mut Engine, id: &SubmissionId) {
    let Some(search) = engine.queue.searches.remove(id) else {
        return;
    };
    match refusal(engine, id).map(Refusal::kind) {
        Some(kind) if search.last => stand(engine, id, kind),
        Some(_) => await_last(engine, id),
        None => leave_to_a_person(engine, id, search.seen),
    }
}

/// Makes the refusal final.
fn stand(engine: &mut Engine, id: &SubmissionId, kind: RefusalKind) {
    change(engine, id, Event::Absent);
    // Record the size of a batch that is too large, so that it is not sent again just to be refused again.
    divide::helps(engine, id, kind);
    tell(engine, id);
    pump(engine);
}

/// Schedules a final search, because a request whose response was lost may still arrive. The search is repeated when
/// that is no longer possible.
fn await_last(engine: &mut Engine, id: &SubmissionId) {
    let due = TimerKind::Search(id.clone());
    if !engine.is_timed(&due) {
        engine.timer(due, VALID);
    }
}

/// Cancels the timer for the final search because another request is being sent, which may also arrive late. The wait
/// then starts over.
pub(super) fn forget_timer(engine: &mut Engine, id: &SubmissionId) {
    engine.cancel_timer(&TimerKind::Search(id.clone()));
}

fn leave_to_a_person(engine: &mut Engine, id: &SubmissionId, seen: usize) {
    let Some(submission) = engine.queue.get(id) else { return };
    let (why, seen) = (why(engine, id), count(seen, "invalidation"));
    let reason = if submission.reference.is_chosen() {
        format!("{why}; not found among the newest {seen}")
    } else {
        let since = since(submission).format("%Y-%m-%d %H:%M");
        format!("{why}; not found among {seen} since {since} UTC")
    };
    end(engine, id, Event::Unsettled(reason));
}

/// Ends a failed search. It is retried later, unless a permission is missing.
fn failed(engine: &mut Engine, id: &SubmissionId, failure: &Failure) {
    engine.queue.searches.remove(id);
    let event = match failure.refusal().map(Refusal::kind) {
        Some(RefusalKind::AccessDenied) => Event::Unsettled(format!(
            "{}, and the target's invalidations cannot be listed: {failure}",
            why(engine, id)
        )),
        _ => Event::SearchFailed(failure.to_string()),
    };
    end(engine, id, event);
}

fn end(engine: &mut Engine, id: &SubmissionId, event: Event) {
    change(engine, id, event);
    tell(engine, id);
    pump(engine);
}
