//! The submissions of this program: what waits, what is under way, what ended; and the order in which they are sent.
//!
//! A submission leaves in three steps, each waiting for the one before: the ledger holds its plan, the ledger holds the
//! attempt, the request is sent.

mod divide;
mod left_over;
mod search;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

pub(super) use divide::divided;
pub(super) use left_over::{adopt, discard_held, resume_held, resume_young};
pub(super) use search::{searched_candidate, searched_page};

use super::effect::{Answer, Call, Effect, LedgerOperation};
use super::model::{Due, Level, Model, Purpose, Session};
use crate::domain::batch::{Batch, CallerReference, Sizes};
use crate::domain::distribution::{AccountId, Target};
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId};
use crate::domain::pace::Lane;
use crate::domain::submission::{Event, Ownership, Scope, State, Submission, SubmissionId};
use search::Search;

/// No delay of ours is longer: one that seems to be comes from a clock that was set back.
const LONGEST_DELAY: TimeDelta = TimeDelta::minutes(2);

/// How often new credentials are looked for while something waits for them.
const LOGIN_AGAIN: std::time::Duration = std::time::Duration::from_secs(30);

/// All submissions, and the lane they leave by.
#[derive(Clone, Debug)]
pub struct Queue {
    submissions: BTreeMap<SubmissionId, Submission>,
    /// Those that an earlier run left and that a person has not yet been asked about: never sent.
    held: Vec<SubmissionId>,
    /// Whether those held waited in this run, while the machine slept, and not in an earlier one.
    slept: bool,
    searches: BTreeMap<SubmissionId, Search>,
    lane: Lane,
    /// The one that is being sent: its attempt is being written, or its request is under way.
    leaving: Option<SubmissionId>,
    /// What was seen to be refused for a quota with nothing of ours in flight, halved: larger batches are not tried again.
    learned: Option<Sizes>,
    /// Whether the account of the session was told, or is known to be beyond our rights.
    pub(super) account_told: bool,
    /// When what waits was last seen to; a long gap means that the machine slept.
    awake: Option<DateTime<Utc>>,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            submissions: BTreeMap::new(),
            held: Vec::new(),
            slept: false,
            searches: BTreeMap::new(),
            lane: Lane::creates(),
            leaving: None,
            learned: None,
            account_told: false,
            awake: None,
        }
    }
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

    /// How many CloudFront has not accepted and still may without a person's word: those of this run and those left by an
    /// earlier one.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.iter()
            .filter(|s| s.state.waits_to_be_sent() && !s.state.needs_a_person())
            .count()
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

    /// Whether those that wait for a person's word do so because the machine slept, or its clock was set.
    #[must_use]
    pub fn has_slept(&self) -> bool {
        self.slept
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
                | State::Split { .. }
                | State::Cancelled => None,
            })
            .collect()
    }

    fn is_held(&self, id: &SubmissionId) -> bool {
        self.held.contains(id)
    }

    /// Those that are sent without anybody's word, each with its time.
    fn due(&self) -> impl Iterator<Item = (&Submission, DateTime<Utc>)> {
        self.iter()
            .filter(|s| !self.is_held(&s.id))
            .filter_map(|s| s.due().map(|due| (s, due)))
    }
}

/// Makes the submissions of a job, target by target, and asks the ledger to hold them. Nothing else happens until it does.
pub(super) fn plan(
    model: &mut Model,
    scope: &Scope,
    targets: &[(Target, String)],
    batches: &[Batch],
    note: Option<&str>,
) -> Vec<SubmissionId> {
    let note = note.map(str::to_owned);
    let job = model.job_id();
    let mut submissions = Vec::new();
    for (target, label) in targets {
        for (number, batch) in (1..).zip(batches) {
            let id = model.submission_id();
            submissions.push(Submission {
                reference: CallerReference::for_batch(id.as_str(), number, batch),
                id,
                job: job.clone(),
                scope: scope.clone(),
                target: target.clone(),
                label: label.clone(),
                number,
                batch: batch.clone(),
                created: model.now,
                version: model.preferences.version.clone(),
                state: State::Planned,
                maybe_sent: false,
                attempts: 0,
                first_sent: None,
                request_id: None,
                note: note.clone(),
            });
        }
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
    let Some(scope) = open_scope(model).filter(|_| model.queue.leaving.is_none()) else {
        return;
    };
    left_over::hold_forgotten(model);
    guard(model, &scope);
    let Some((id, due)) = next(model, &scope) else {
        model.queue.awake = None;
        return;
    };
    model.queue.awake = Some(model.now);
    let wait = due - model.now;
    let wait = if wait > TimeDelta::zero() && wait <= LONGEST_DELAY {
        Some(wait)
    } else if divide::is_too_large(model, &id) {
        return divide::divide(model, &id, None);
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

/// The credentials to send with; none while they are being looked for, since then the connection may already be another.
fn open_scope(model: &Model) -> Option<Scope> {
    let connecting = model.pending.values().any(|purpose| *purpose == Purpose::Connect);
    match &model.session {
        Session::Connected(scope) if !connecting && !model.preferences.read_only => Some(scope.clone()),
        Session::Connected(_) | Session::Connecting | Session::Failed(_) => None,
    }
}

/// What was made for other credentials than those in use waits for its own.
fn guard(model: &mut Model, scope: &Scope) {
    let foreign: Vec<_> = model
        .queue
        .iter()
        .filter(|s| s.due().is_some() || matches!(s.state, State::NeedsLogin { .. }))
        .filter(|s| !model.queue.is_held(&s.id))
        .filter_map(|s| Some((s.id.clone(), s.label.clone(), foreign(model, s, scope)?)))
        .collect();
    for (id, label, reason) in foreign {
        if change(model, &id, Event::Guarded(reason.clone())) {
            model.say(Level::Warning, format!("{label} waits: {reason}"));
        }
    }
}

/// Why a submission is not sent with these credentials. Those that may not tell their account are not those that could.
fn foreign(model: &Model, submission: &Submission, scope: &Scope) -> Option<String> {
    match submission.ownership(scope) {
        Ownership::Foreign(reason) => Some(reason),
        Ownership::NotYetKnown if model.queue.account_told => Some(format!(
            "made for account {}; the credentials may not tell whose they are",
            submission.scope.account.as_ref().map_or("", AccountId::as_str)
        )),
        Ownership::NotYetKnown | Ownership::Ours => None,
    }
}

/// The earliest that is due and ours. One whose account is known waits until the session's is told.
fn next(model: &Model, scope: &Scope) -> Option<(SubmissionId, DateTime<Utc>)> {
    model
        .queue
        .due()
        .filter(|(s, _)| s.ownership(scope) == Ownership::Ours)
        .min_by_key(|(s, due)| (*due, &s.id))
        .map(|(s, due)| (s.id.clone(), due))
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
    // Between the writing and now the credentials may have changed.
    let result = result.and_then(|()| {
        is_ours(model, id)
            .then_some(())
            .ok_or_else(|| "the credentials were changed".to_owned())
    });
    match result {
        Ok(()) => send(model, id),
        Err(reason) => {
            model.queue.leaving = None;
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
        Ok(other) => fail(
            model,
            id,
            Failure::Unknown(format!("an answer to another question came: {other:?}")),
        ),
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
        return tell(model, id);
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
    if let Some(kind) = kind
        && divide::helps(model, id, kind)
    {
        return divide::divide(model, id, Some(failure));
    }
    change(model, id, Event::Failed(failure));
    tell(model, id);
}

/// What a person should hear of where a submission stands now, and what follows from it.
fn tell(model: &mut Model, id: &SubmissionId) {
    let Some(submission) = model.queue.get(id) else { return };
    let label = submission.label.clone();
    match submission.state.clone() {
        State::Rejected { failure } => {
            model.say(
                Level::Error,
                format!("{label}: {failure}; its items are kept, c composes them anew"),
            );
        }
        State::Reconciling => search::begin(model, id),
        State::NeedsLogin { reason } => {
            model.say(Level::Warning, reason);
            await_login(model);
        }
        State::Unknown { reason, until: None } => {
            model.say(
                Level::Warning,
                format!("{label}: {reason}; it is not asked again by itself"),
            );
        }
        State::Planned
        | State::Queued
        | State::Sending
        | State::Retrying { .. }
        | State::Unknown { .. }
        | State::InProgress { .. }
        | State::Completed { .. }
        | State::Split { .. }
        | State::Cancelled => {}
    }
}

/// Moves a submission on and writes it down when that changed anything; returns whether it did.
pub(super) fn change(model: &mut Model, id: &SubmissionId, event: Event) -> bool {
    if !apply(model, id, event) {
        return false;
    }
    let Some(submission) = model.queue.get(id).cloned() else {
        return false;
    };
    super::telling::completed(model, &submission);
    let request = model.request(Purpose::Progress);
    model.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::Progress(Box::new(submission)),
    });
    true
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
        | State::Split { .. }
        | State::Rejected { .. } => true,
    });
    if changed && told {
        super::watch::show_change(model, super::screen::invalidations::RowKey::Submission(id.clone()));
    }
    changed
}

/// A person decides about this one: it is no longer held. What waits for a login is asked again with fresh credentials.
pub(super) fn by_hand(model: &mut Model, id: &SubmissionId, event: &Event) {
    let Some(state) = model.queue.get(id).map(|s| s.state.clone()) else {
        return;
    };
    if state == State::Reconciling && !is_ours(model, id) {
        return model.say(Level::Warning, "it was made with other credentials than those in use");
    }
    model.queue.held.retain(|held| held != id);
    match (event, state) {
        (Event::RetryNow, State::NeedsLogin { .. }) => super::fleet::reconnect(model),
        (Event::RetryNow, _) => left_over::carry_on(model, id),
        _ => drop(change(model, id, event.clone())),
    }
    pump(model);
}

/// Whether the credentials in use are those it was made with.
fn is_ours(model: &Model, id: &SubmissionId) -> bool {
    match (open_scope(model), model.queue.get(id)) {
        (Some(scope), Some(submission)) => submission.ownership(&scope) == Ownership::Ours,
        _ => false,
    }
}

/// Those that wait for credentials and are not known to be others'.
fn waiting_for_login(model: &Model, scope: &Scope) -> Vec<SubmissionId> {
    model
        .queue
        .iter()
        .filter(|s| matches!(s.state, State::NeedsLogin { .. }) && foreign(model, s, scope).is_none())
        .filter(|s| !model.queue.is_held(&s.id))
        .map(|s| s.id.clone())
        .collect()
}

/// Looks again later while something waits for credentials, or to know whose they are.
pub(super) fn await_login(model: &mut Model) {
    if !model.is_timed(&Due::Login) && model.queue.waiting() > 0 {
        model.timer(Due::Login, LOGIN_AGAIN);
    }
}

/// It is time to see whether somebody has logged in, or whose credentials these are.
pub(super) fn look_for_login(model: &mut Model) {
    let Session::Connected(scope) = model.session.clone() else {
        return;
    };
    if !waiting_for_login(model, &scope).is_empty() {
        super::fleet::reconnect(model);
        await_login(model);
    } else if !model.queue.account_told {
        super::fleet::refresh(model);
    }
}

/// Whether anything waits for credentials, those of others included: then asking again begins with them.
pub(super) fn needs_login(model: &Model) -> bool {
    model.queue.iter().any(|s| matches!(s.state, State::NeedsLogin { .. }))
}

/// Credentials work again: what waited for them goes on.
pub(super) fn logged_in(model: &mut Model, scope: &Scope) {
    for id in waiting_for_login(model, scope) {
        change(model, &id, Event::LoggedIn);
    }
    pump(model);
}

/// Another profile is chosen: what was learned of the old account is forgotten, and searches in its history end.
pub(super) fn change_scope(model: &mut Model) {
    model.queue.lane = Lane::creates();
    model.queue.learned = None;
    for id in search::abandon(model) {
        change(
            model,
            &id,
            Event::SearchFailed("another profile was chosen during the search".to_owned()),
        );
    }
}
