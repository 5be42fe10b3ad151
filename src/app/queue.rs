//! The submissions of this program: what waits, what is under way, what ended; and the order in which they are sent.
//!
//! A submission leaves in three steps, each waiting for the one before: the ledger holds its plan, the ledger holds the
//! attempt, the request is sent.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::effect::{Answer, Call, Effect, LedgerOperation};
use super::model::{Due, Level, Model, Purpose};
use crate::domain::batch::{Batch, CallerReference};
use crate::domain::distribution::Target;
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page};
use crate::domain::pace::Lane;
use crate::domain::submission::{Event, Scope, State, Submission, SubmissionId};

/// How far before the first attempt the search for a reference goes back: clocks differ.
const SEARCH_MARGIN: TimeDelta = TimeDelta::minutes(5);

/// All submissions, and the lane they leave by.
#[derive(Clone, Debug)]
pub struct Queue {
    submissions: BTreeMap<SubmissionId, Submission>,
    /// Those that an earlier run left and that a person has not yet been asked about: never sent.
    held: Vec<SubmissionId>,
    searches: BTreeMap<SubmissionId, Search>,
    lane: Lane,
    /// The one that is being sent: its attempt is being written, or its request is under way.
    leaving: Option<SubmissionId>,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            submissions: BTreeMap::new(),
            held: Vec::new(),
            searches: BTreeMap::new(),
            lane: Lane::creates(),
            leaving: None,
        }
    }
}

/// Looking for the invalidation that was made with a reference: candidates of the pages read, and where the next page begins.
#[derive(Clone, Debug, Default)]
struct Search {
    candidates: Vec<InvalidationId>,
    next: Option<String>,
}

impl Queue {
    /// All of them, the oldest first.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Submission> {
        self.submissions.values()
    }

    /// The submission with this id.
    #[must_use]
    pub fn get(&self, id: &SubmissionId) -> Option<&Submission> {
        self.submissions.get(id)
    }

    /// How many CloudFront has not accepted and still may, those of this run and those left by an earlier one.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.iter().filter(|s| s.state.waits_to_be_sent()).count()
    }

    /// How many are under way: waiting, or accepted and not completed.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.iter().filter(|s| !s.state.is_final()).count()
    }

    /// Those that wait for a person's word.
    #[must_use]
    pub fn held(&self) -> &[SubmissionId] {
        &self.held
    }

    /// The ids of a target's invalidations that are in flight and ours.
    #[must_use]
    pub fn watched(&self, target: &Target) -> Vec<(InvalidationId, DateTime<Utc>)> {
        self.iter()
            .filter(|s| s.target == *target)
            .filter_map(|s| match &s.state {
                State::InProgress { id, create_time, .. } => Some((id.clone(), *create_time)),
                State::Planned
                | State::Queued
                | State::Sending
                | State::Retrying { .. }
                | State::Unknown { .. }
                | State::Reconciling
                | State::NeedsLogin { .. }
                | State::Completed { .. }
                | State::Rejected { .. }
                | State::Cancelled => None,
            })
            .collect()
    }

    fn is_held(&self, id: &SubmissionId) -> bool {
        self.held.contains(id)
    }

    /// The one to send next: the earliest that is due and not held.
    fn next_due(&self) -> Option<(&Submission, DateTime<Utc>)> {
        self.iter()
            .filter(|s| !self.is_held(&s.id))
            .filter_map(|s| s.due().map(|due| (s, due)))
            .min_by_key(|(s, due)| (*due, s.id.clone()))
    }
}

/// Makes the submissions of a job and asks the ledger to hold them. Nothing else happens until it does.
pub(super) fn plan(model: &mut Model, scope: &Scope, targets: &[(Target, String)], batch: &Batch) -> Vec<SubmissionId> {
    let job = model.job_id();
    let mut submissions = Vec::new();
    for (number, (target, label)) in (1..).zip(targets) {
        let id = model.submission_id();
        submissions.push(Submission {
            reference: CallerReference::for_batch(id.as_str(), number, batch),
            id,
            job: job.clone(),
            scope: scope.clone(),
            target: target.clone(),
            label: label.clone(),
            batch: batch.clone(),
            created: model.now,
            version: model.preferences.version.clone(),
            state: State::Planned,
            maybe_sent: false,
            attempts: 0,
            first_sent: None,
            request_id: None,
        });
    }
    let ids: Vec<_> = submissions.iter().map(|s| s.id.clone()).collect();
    model
        .queue
        .submissions
        .extend(submissions.iter().map(|s| (s.id.clone(), s.clone())));
    let request = model.request(Purpose::Plan(ids.clone()));
    model.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::Plan(submissions),
    });
    ids
}

/// The ledger holds the plan, or could not.
pub(super) fn planned(model: &mut Model, ids: &[SubmissionId], result: Result<(), String>) {
    for id in ids {
        let event = match &result {
            Ok(()) => Event::Stored,
            Err(reason) => Event::NotStored(reason.clone()),
        };
        apply(model, id, event);
    }
    if let Err(reason) = result {
        model.say(Level::Error, format!("nothing was sent: {reason}"));
    }
    pump(model);
}

/// Sends the next submission if one is due, it is its turn and the pace allows; else asks to be woken when that may be.
pub(super) fn pump(model: &mut Model) {
    if model.queue.leaving.is_some() || model.preferences.read_only {
        return;
    }
    let Some((id, due)) = model.queue.next_due().map(|(s, due)| (s.id.clone(), due)) else {
        return;
    };
    let wait = if due > model.now {
        Some(due - model.now)
    } else {
        model.queue.lane.take(model.now).err()
    };
    match wait {
        Some(wait) => {
            // A clock that jumps ahead must not leave it waiting for ever: look again within a minute.
            let wait = wait.min(TimeDelta::minutes(1)).to_std().unwrap_or_default();
            model.restart_timer(Due::Pump, wait);
        }
        None => write_attempt(model, &id),
    }
}

fn write_attempt(model: &mut Model, id: &SubmissionId) {
    apply(model, id, Event::Sent);
    let Some(submission) = model.queue.get(id).cloned() else {
        return;
    };
    model.queue.leaving = Some(id.clone());
    let request = model.request(Purpose::Attempt(id.clone()));
    model.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::Progress(Box::new(submission)),
    });
}

/// The ledger holds the attempt, or could not: then nothing leaves, and it is tried again.
pub(super) fn attempted(model: &mut Model, id: &SubmissionId, result: Result<(), String>) {
    match result {
        Ok(()) => send(model, id),
        Err(reason) => {
            model.queue.leaving = None;
            let reason = format!("the ledger could not hold the attempt: {reason}");
            change(model, id, Event::NotSent(reason));
            pump(model);
        }
    }
}

fn send(model: &mut Model, id: &SubmissionId) {
    let Some(submission) = model.queue.get(id) else { return };
    let call = Call::CreateInvalidation {
        target: submission.target.clone(),
        batch: submission.batch.clone(),
        reference: submission.reference.clone(),
    };
    let request = model.request(Purpose::Create(id.clone()));
    model.ask(Effect::CloudFront { request, call });
}

/// A create was answered, or ended without an answer.
pub(super) fn created(model: &mut Model, id: &SubmissionId, result: Result<Answer, Failure>) {
    model.queue.leaving = None;
    match result {
        Ok(Answer::Created {
            invalidation,
            request_id,
        }) => accept(model, id, invalidation, request_id),
        Ok(_) => {}
        Err(failure) => fail(model, id, failure),
    }
    pump(model);
}

fn accept(model: &mut Model, id: &SubmissionId, invalidation: Invalidation, request_id: Option<String>) {
    model.queue.lane.passed();
    change(model, id, Event::Accepted(invalidation.clone(), request_id));
    let Some(submission) = model.queue.get(id) else { return };
    let (target, billable) = (submission.target.clone(), submission.batch.items().len() as u64);
    if submission.state.waits_to_be_sent() {
        return;
    }
    add_use(model, billable);
    model.histories.remember(&target, invalidation);
    super::watch::follow(model, &target);
    super::screen::refill(model);
}

fn add_use(model: &mut Model, billable: u64) {
    let account = model.account().cloned();
    match model.used_this_month.iter_mut().find(|(owner, _)| *owner == account) {
        Some((_, used)) => *used += billable,
        None => model.used_this_month.push((account, billable)),
    }
}

fn fail(model: &mut Model, id: &SubmissionId, failure: Failure) {
    let kind = failure.refusal().map(crate::domain::failure::Refusal::kind);
    if matches!(kind, Some(RefusalKind::Throttled | RefusalKind::TooManyInProgress)) {
        let now = model.now;
        model.queue.lane.throttled(now);
    }
    change(model, id, Event::Failed(failure));
    let Some(submission) = model.queue.get(id).cloned() else {
        return;
    };
    match &submission.state {
        State::Rejected { failure } => {
            model.say(
                Level::Error,
                format!(
                    "{}: {failure}; its items are kept, c composes them anew",
                    submission.label
                ),
            );
        }
        State::Reconciling => search(model, id),
        State::NeedsLogin { reason } => model.say(Level::Warning, reason.clone()),
        State::Unknown { reason, until: None } => {
            model.say(
                Level::Warning,
                format!("{}: {reason}; it is not asked again by itself", submission.label),
            );
        }
        State::Planned
        | State::Queued
        | State::Sending
        | State::Retrying { .. }
        | State::Unknown { .. }
        | State::InProgress { .. }
        | State::Completed { .. }
        | State::Cancelled => {}
    }
}

/// Begins to look for the reference in the target's history, newest first.
fn search(model: &mut Model, id: &SubmissionId) {
    model.queue.searches.insert(id.clone(), Search::default());
    search_page(model, id, None);
}

fn search_page(model: &mut Model, id: &SubmissionId, marker: Option<String>) {
    let Some(target) = model.queue.get(id).map(|s| s.target.clone()) else {
        return;
    };
    let request = model.request(Purpose::SearchPage(id.clone()));
    model.ask(Effect::CloudFront {
        request,
        call: Call::ListInvalidations { target, marker },
    });
}

/// A page of the history that is searched came: those young enough are candidates.
pub(super) fn searched_page(model: &mut Model, id: &SubmissionId, result: Result<Page<InvalidationSummary>, Failure>) {
    let page = match result {
        Ok(page) => page,
        Err(failure) => return search_failed(model, id, &failure),
    };
    let Some(since) = model
        .queue
        .get(id)
        .map(|s| s.first_sent.unwrap_or(s.created) - SEARCH_MARGIN)
    else {
        return;
    };
    let reached_the_bound = page.items.iter().any(|row| row.create_time < since);
    let Some(search) = model.queue.searches.get_mut(id) else {
        return;
    };
    search.candidates = page
        .items
        .into_iter()
        .filter(|row| row.create_time >= since)
        .map(|row| row.id)
        .rev()
        .collect();
    search.next = page.next.filter(|_| !reached_the_bound);
    search_candidate(model, id);
}

fn search_candidate(model: &mut Model, id: &SubmissionId) {
    let Some(search) = model.queue.searches.get_mut(id) else {
        return;
    };
    if let Some(candidate) = search.candidates.pop() {
        let Some(target) = model.queue.get(id).map(|s| s.target.clone()) else {
            return;
        };
        let request = model.request(Purpose::SearchCandidate(id.clone(), candidate.clone()));
        model.ask(Effect::CloudFront {
            request,
            call: Call::GetInvalidation { target, id: candidate },
        });
    } else if let Some(marker) = search.next.take() {
        search_page(model, id, Some(marker));
    } else {
        model.queue.searches.remove(id);
        change(model, id, Event::NotFound);
    }
}

/// A candidate came: it is the one, or the next is asked for.
pub(super) fn searched_candidate(model: &mut Model, id: &SubmissionId, result: Result<Invalidation, Failure>) {
    let found = match result {
        Ok(invalidation) => invalidation,
        Err(failure) => return search_failed(model, id, &failure),
    };
    if model
        .queue
        .get(id)
        .is_some_and(|s| s.reference.as_str() == found.caller_reference)
    {
        model.queue.searches.remove(id);
        accept(model, id, found, None);
        pump(model);
    } else {
        search_candidate(model, id);
    }
}

fn search_failed(model: &mut Model, id: &SubmissionId, failure: &Failure) {
    model.queue.searches.remove(id);
    change(model, id, Event::SearchFailed(failure.to_string()));
    pump(model);
}

/// Moves a submission on and writes it down when that changed anything.
pub(super) fn change(model: &mut Model, id: &SubmissionId, event: Event) {
    if !apply(model, id, event) {
        return;
    }
    let Some(submission) = model.queue.get(id).cloned() else {
        return;
    };
    super::telling::completed(model, &submission);
    let request = model.request(Purpose::Progress);
    model.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::Progress(Box::new(submission)),
    });
}

fn apply(model: &mut Model, id: &SubmissionId, event: Event) -> bool {
    let now = model.now;
    let changed = model
        .queue
        .submissions
        .get_mut(id)
        .is_some_and(|submission| submission.apply(event, now));
    if changed {
        super::screen::refill(model);
        model.touch();
    }
    // The steps on the way to CloudFront follow each other at once; what comes from there is worth a glance.
    let told = model.queue.get(id).is_some_and(|submission| match &submission.state {
        State::Planned | State::Queued | State::Sending | State::Cancelled => false,
        State::Retrying { .. }
        | State::Unknown { .. }
        | State::Reconciling
        | State::NeedsLogin { .. }
        | State::InProgress { .. }
        | State::Completed { .. }
        | State::Rejected { .. } => true,
    });
    if changed && told {
        super::watch::show_change(model, super::screen::invalidations::RowKey::Submission(id.clone()));
    }
    changed
}

/// Takes what earlier runs left. What may go on by itself does; the rest is held until a person says so.
pub(super) fn adopt(model: &mut Model, unfinished: Vec<Submission>, finished: Vec<Submission>) {
    model
        .queue
        .submissions
        .extend(finished.into_iter().map(|s| (s.id.clone(), s)));
    for mut submission in unfinished {
        submission.wake();
        if submission.state.waits_to_be_sent() {
            model.queue.held.push(submission.id.clone());
        }
        model.queue.submissions.insert(submission.id.clone(), submission);
    }
}

/// Lets go what may be carried on in this scope without asking. Returns how many still wait for a person's word.
pub(super) fn resume_young(model: &mut Model, scope: &Scope) -> usize {
    let held = std::mem::take(&mut model.queue.held);
    let (young, old): (Vec<_>, Vec<_>) = held.into_iter().partition(|id| {
        !model.preferences.read_only && model.queue.get(id).is_some_and(|s| s.may_resume(scope, model.now))
    });
    model.queue.held = old;
    for id in &young {
        carry_on(model, id);
    }
    pump(model);
    model.queue.held.len()
}

/// A person wants what was left to go on, where it belongs to the account, endpoint and profile in use.
pub(super) fn resume_held(model: &mut Model, scope: &Scope) {
    let held = std::mem::take(&mut model.queue.held);
    let (ours, others): (Vec<_>, Vec<_>) = held
        .into_iter()
        .partition(|id| model.queue.get(id).is_some_and(|s| s.belongs_to(scope)));
    model.queue.held = others;
    for id in &ours {
        carry_on(model, id);
    }
    pump(model);
}

fn carry_on(model: &mut Model, id: &SubmissionId) {
    let reconciling = model.queue.get(id).is_some_and(|s| s.state == State::Reconciling);
    if reconciling {
        search(model, id);
    } else {
        change(model, id, Event::RetryNow);
    }
}

/// A person takes back what was left and never sent.
pub(super) fn discard_held(model: &mut Model) {
    for id in std::mem::take(&mut model.queue.held) {
        change(model, &id, Event::Cancel);
    }
}

/// A person decides about this one: it is no longer held.
pub(super) fn release(model: &mut Model, id: &SubmissionId) {
    model.queue.held.retain(|held| held != id);
}

/// Credentials work again: what waited for them goes on.
pub(super) fn logged_in(model: &mut Model, scope: &Scope) {
    let waiting: Vec<_> = model
        .queue
        .iter()
        .filter(|s| matches!(s.state, State::NeedsLogin { .. }) && s.belongs_to(scope))
        .map(|s| s.id.clone())
        .collect();
    for id in waiting {
        change(model, &id, Event::LoggedIn);
    }
    pump(model);
}
