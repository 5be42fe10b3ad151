//! Looking for the invalidation that was made with a reference, among those of its target: newest first, no further back
//! than its first attempt, one call at a time, by the lane of all reads.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page};
use crate::domain::submission::{Event, State, Submission, SubmissionId};
use crate::domain::text::count;
use crate::engine::effect::Call;
use crate::engine::purpose::Purpose;
use crate::engine::queue::{accept, change, divide, is_ours, pump, tell};
use crate::engine::reads;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;

/// How far before the first attempt the search goes back: clocks differ.
const MARGIN: TimeDelta = TimeDelta::minutes(5);

/// The newest rows that are looked at whatever their time: this machine's clock may be wrong by hours.
const NEWEST: usize = 10;

/// So many are looked at where no time bounds the search: one call each.
const MOST: usize = 100;

/// So long after it was sent CloudFront takes no request any more: a signature is good for five minutes, by clocks that
/// may differ by five. It is measured by a timer, since the clock may be set.
const VALID: Duration = Duration::from_mins(10);

/// How soon it is looked again whether the credentials are those that a submission was made with.
const CREDENTIALS: Duration = Duration::from_mins(1);

/// A search: candidates of the pages read, the newest last, and where the next page begins.
#[derive(Clone, Debug, Default)]
pub(super) struct Search {
    candidates: Vec<InvalidationId>,
    next: Option<String>,
    /// Candidates that were looked at.
    seen: usize,
    /// Whether nothing that was sent before it began can still make the invalidation.
    last: bool,
}

/// Begins to look for the reference.
pub(super) fn begin(engine: &mut Engine, id: &SubmissionId) {
    let last = refusal(engine, id).is_some_and(Refusal::is_about_the_bytes);
    look(engine, id, last);
}

/// No request that left before the refusal can arrive any more: what is not there now never will be.
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
    let is_of_it =
        |purpose: &Purpose| matches!(purpose, Purpose::SearchPage(of) | Purpose::SearchCandidate(of, _) if of == id);
    // What an earlier search asked for tells how things were then.
    engine.pending.retain(|_, purpose| !is_of_it(purpose));
    let search = Search {
        last,
        ..Search::default()
    };
    engine.queue.searches.insert(id.clone(), search);
    ask_page(engine, id, None);
}

/// The refusal that stands unless the invalidation is found.
fn refusal<'a>(engine: &'a Engine, id: &SubmissionId) -> Option<&'a Refusal> {
    match &engine.queue.get(id)?.state {
        State::Reconciling { refused } => refused.as_deref(),
        _ => None,
    }
}

/// Why it is looked for.
pub(super) fn why(engine: &Engine, id: &SubmissionId) -> String {
    refusal(engine, id).map_or_else(
        || "CloudFront says this CallerReference was used before".to_owned(),
        |refusal| format!("{refusal}; an earlier request may have been accepted"),
    )
}

/// Ends every search; returns whose they were. Answers that are on their way find nobody.
pub(super) fn abandon(engine: &mut Engine) -> Vec<SubmissionId> {
    engine
        .pending
        .retain(|_, purpose| !matches!(purpose, Purpose::SearchPage(_) | Purpose::SearchCandidate(..)));
    std::mem::take(&mut engine.queue.searches).into_keys().collect()
}

fn ask_page(engine: &mut Engine, id: &SubmissionId, marker: Option<String>) {
    let Some(target) = engine.queue.get(id).map(|s| s.target.clone()) else {
        return;
    };
    let call = Call::ListInvalidations { target, marker };
    reads::open(engine, Purpose::SearchPage(id.clone()), call);
}

/// A page of the history came: those young enough are candidates.
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

/// How far back it may have been made. A reference that a script chose may be as old as the script.
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
        let purpose = Purpose::SearchCandidate(id.clone(), candidate.clone());
        reads::open(engine, purpose, Call::GetInvalidation { target, id: candidate });
    } else if let Some(marker) = search.next.take() {
        ask_page(engine, id, Some(marker));
    } else {
        unsettled(engine, id);
    }
}

/// A candidate came: it is the one, or the next is asked for.
pub(crate) fn searched_candidate(engine: &mut Engine, id: &SubmissionId, result: Result<Invalidation, Failure>) {
    let found = match result {
        Ok(found) if is_cut(engine.queue.get(id), &found) => {
            let cut = Failure::Unknown(format!("the response about {} was cut short", found.id));
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

/// Whether nothing, or only the beginning of a reference that may be ours, was told.
fn is_cut(submission: Option<&Submission>, found: &Invalidation) -> bool {
    submission.is_some_and(|s| s.reference.is_cut_to(&found.caller_reference))
}

/// All were looked at, and it is not among them.
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

/// The refusal stands.
fn stand(engine: &mut Engine, id: &SubmissionId, kind: RefusalKind) {
    change(engine, id, Event::Absent);
    // What is too large is not sent once more to learn the same.
    divide::helps(engine, id, kind);
    tell(engine, id);
    pump(engine);
}

/// A request whose answer was lost may still be on its way; so it is looked once more when it no longer can be.
fn await_last(engine: &mut Engine, id: &SubmissionId) {
    let due = TimerKind::Search(id.clone());
    if !engine.is_timed(&due) {
        engine.timer(due, VALID);
    }
}

/// Another request of it leaves, which may arrive as late as any: the time is counted anew.
pub(super) fn forget_timer(engine: &mut Engine, id: &SubmissionId) {
    engine.cancel_timer(&TimerKind::Search(id.clone()));
}

fn leave_to_a_person(engine: &mut Engine, id: &SubmissionId, seen: usize) {
    let Some(submission) = engine.queue.get(id) else { return };
    let (why, seen) = (why(engine, id), count(seen, "invalidation"));
    let reason = if submission.reference.is_chosen() {
        format!("{why}; it was not found in the newest {seen}")
    } else {
        let since = since(submission).format("%Y-%m-%d %H:%M");
        format!("{why}; it was not found in {seen} since {since} UTC")
    };
    end(engine, id, Event::Unsettled(reason));
}

/// What cannot be looked at by right is not asked for again; all else is.
fn failed(engine: &mut Engine, id: &SubmissionId, failure: &Failure) {
    engine.queue.searches.remove(id);
    let event = match failure.refusal().map(Refusal::kind) {
        Some(RefusalKind::AccessDenied) => Event::Unsettled(format!(
            "{}, and the target's invalidations cannot be read: {failure}",
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
