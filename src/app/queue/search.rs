//! Looking for the invalidation that was made with a reference, in its target's history: newest first, no further back
//! than its first attempt, one call at a time, by the lane of all reads.

use chrono::TimeDelta;

use super::{accept, change, pump, tell};
use crate::app::effect::Call;
use crate::app::model::{Model, Purpose};
use crate::app::reads;
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page};
use crate::domain::submission::{Event, State, Submission, SubmissionId};

/// How far before the first attempt the search goes back: clocks differ.
const MARGIN: TimeDelta = TimeDelta::minutes(5);

/// The newest rows that are looked at whatever their time: this machine's clock may be wrong by hours.
const NEWEST: usize = 10;

/// A search: candidates of the pages read, the newest last, and where the next page begins.
#[derive(Clone, Debug, Default)]
pub(super) struct Search {
    candidates: Vec<InvalidationId>,
    next: Option<String>,
    /// Candidates that were looked at.
    seen: usize,
}

/// Begins to look for the reference.
pub(super) fn begin(model: &mut Model, id: &SubmissionId) {
    model.queue.searches.insert(id.clone(), Search::default());
    ask_page(model, id, None);
}

/// Ends every search; returns whose they were. Answers that are on their way find nobody.
pub(super) fn abandon(model: &mut Model) -> Vec<SubmissionId> {
    model
        .pending
        .retain(|_, purpose| !matches!(purpose, Purpose::SearchPage(_) | Purpose::SearchCandidate(..)));
    std::mem::take(&mut model.queue.searches).into_keys().collect()
}

fn ask_page(model: &mut Model, id: &SubmissionId, marker: Option<String>) {
    let Some(target) = model.queue.get(id).map(|s| s.target.clone()) else {
        return;
    };
    let call = Call::ListInvalidations { target, marker };
    reads::open(model, Purpose::SearchPage(id.clone()), call);
}

/// A page of the history came: those young enough are candidates.
pub(in crate::app) fn searched_page(
    model: &mut Model,
    id: &SubmissionId,
    result: Result<Page<InvalidationSummary>, Failure>,
) {
    let page = match result {
        Ok(page) => page,
        Err(failure) => return failed(model, id, &failure),
    };
    let Some(since) = model.queue.get(id).map(|s| s.first_sent.unwrap_or(s.created) - MARGIN) else {
        return;
    };
    let Some(search) = model.queue.searches.get_mut(id) else {
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
    search.next = page.next.filter(|_| !reached_the_bound);
    ask_candidate(model, id);
}

fn ask_candidate(model: &mut Model, id: &SubmissionId) {
    let Some(target) = model.queue.get(id).map(|s| s.target.clone()) else {
        return;
    };
    let Some(search) = model.queue.searches.get_mut(id) else {
        return;
    };
    if let Some(candidate) = search.candidates.pop() {
        search.seen += 1;
        let purpose = Purpose::SearchCandidate(id.clone(), candidate.clone());
        reads::open(model, purpose, Call::GetInvalidation { target, id: candidate });
    } else if let Some(marker) = search.next.take() {
        ask_page(model, id, Some(marker));
    } else {
        unsettled(model, id);
    }
}

/// A candidate came: it is the one, or the next is asked for.
pub(in crate::app) fn searched_candidate(model: &mut Model, id: &SubmissionId, result: Result<Invalidation, Failure>) {
    let found = match result {
        Ok(invalidation) => invalidation,
        Err(failure) => return failed(model, id, &failure),
    };
    if is_it(model.queue.get(id), &found) {
        model.queue.searches.remove(id);
        accept(model, id, found, None);
        pump(model);
    } else {
        ask_candidate(model, id);
    }
}

fn is_it(submission: Option<&Submission>, found: &Invalidation) -> bool {
    submission.is_some_and(|s| s.state == State::Reconciling && s.reference.as_str() == found.caller_reference)
}

fn unsettled(model: &mut Model, id: &SubmissionId) {
    let seen = model.queue.searches.remove(id).map_or(0, |search| search.seen);
    let Some(submission) = model.queue.get(id) else { return };
    let since = submission.first_sent.unwrap_or(submission.created) - MARGIN;
    let reason = format!(
        "CloudFront says this CallerReference was used before; none of the {seen} invalidations since {} UTC has it",
        since.format("%Y-%m-%d %H:%M")
    );
    end(model, id, Event::Unsettled(reason));
}

/// What cannot be looked at by right is not asked for again; all else is.
fn failed(model: &mut Model, id: &SubmissionId, failure: &Failure) {
    model.queue.searches.remove(id);
    let event = match failure.refusal().map(crate::domain::failure::Refusal::kind) {
        Some(RefusalKind::AccessDenied) => Event::Unsettled(format!(
            "CloudFront says this CallerReference was used before, and the history cannot be read: {failure}"
        )),
        _ => Event::SearchFailed(failure.to_string()),
    };
    end(model, id, event);
}

fn end(model: &mut Model, id: &SubmissionId, event: Event) {
    change(model, id, event);
    tell(model, id);
    pump(model);
}
