//! Applies every change to a submission: writes it to the ledger, displays it, and announces it.

use crate::domain::distribution::{Distribution, Target};
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::submission::{Event, State, Submission, SubmissionId};
use crate::engine::notices::state::Level;
use crate::engine::queue::logins::{await_login, is_ours};
use crate::engine::queue::send::pump;
use crate::engine::queue::state::Room;
use crate::engine::queue::{left_over, search};
use crate::engine::row::key::RowKey;
use crate::engine::state::Engine;
use crate::engine::unsaved::state::UnsavedChange;
use crate::engine::watch::following;
use crate::engine::{connecting, telling, unsaved, whose};

/// Reports a submission's new state to the user, and triggers the next step.
pub(super) fn tell(engine: &mut Engine, id: &SubmissionId) {
    let Some(submission) = engine.queue.get(id) else { return };
    let label = submission.label.clone();
    match submission.state.clone() {
        State::Rejected { failure } => {
            let sentence = refused(engine, submission, &failure);
            engine.say(Level::Error, sentence);
        }
        State::Reconciling { .. } => search::begin(engine, id),
        State::NeedsLogin { reason } => {
            engine.say(Level::Warning, reason);
            await_login(engine);
        }
        State::Unknown {
            reason, until: None, ..
        } => {
            engine.say(
                Level::Warning,
                format!("{label}: {reason}; will not be retried automatically"),
            );
        }
        State::Unknown { .. }
        | State::Planned
        | State::Counting { .. }
        | State::Queued
        | State::Sending
        | State::Retrying { .. }
        | State::InProgress { .. }
        | State::Completed { .. }
        | State::Split { .. }
        | State::Cancelled
        | State::Dismissed { .. } => {}
    }
}

/// Returns the message about a refusal, with the next step near the start so that it stays visible on a narrow line.
fn refused(engine: &Engine, submission: &Submission, failure: &Failure) -> String {
    let (label, hints) = (&submission.label, &engine.hints);
    let is_multi_tenant = match &submission.target {
        Target::Distribution(id) => engine.fleet.get(id).is_some_and(Distribution::is_multi_tenant),
        Target::Tenant(_) => false,
    };
    match failure.refusal() {
        Some(refusal) if is_multi_tenant && refusal.kind() == RefusalKind::NotFound => format!(
            "{label}: {}; use {} to invalidate all of its tenants instead",
            refusal.code, hints.all_tenants
        ),
        _ => format!(
            "{label}: {failure}; the items are kept, and you can edit and resend them with {}",
            hints.edit
        ),
    }
}

/// Applies an event to a submission and writes the result if anything changed; returns whether it did.
pub(crate) fn change(engine: &mut Engine, id: &SubmissionId, event: Event) -> bool {
    if !apply(engine, id, event) {
        return false;
    }
    let Some(submission) = engine.queue.get(id).cloned() else {
        return false;
    };
    engine.queue.add_duration(&submission);
    telling::moved_on(engine, &submission);
    let completed = submission.state.seen_completed().is_some();
    unsaved::save(engine, &[UnsavedChange::Submission(id.clone())]);
    if completed {
        engine.queue.room = Room::PerhapsMore;
    }
    true
}

pub(super) fn apply(engine: &mut Engine, id: &SubmissionId, event: Event) -> bool {
    let now = engine.now;
    let submissions = &mut engine.queue.submissions;
    let changed = submissions.change(id, |submission| submission.apply(event, now));
    let changed = changed.unwrap_or_default();
    if changed {
        engine.redraw_rows();
    }
    // The steps before CloudFront's response follow one another immediately; only the response is worth highlighting.
    let told = engine
        .queue
        .get(id)
        .is_some_and(|submission| submission.state.is_news());
    if changed && told {
        following::show_change(engine, RowKey::Submission(id.clone()));
    }
    changed
}

/// Applies the user's decision about a submission and releases the submission if it was held. Retrying a submission
/// that waits for a login reloads the credentials.
pub(crate) fn by_hand(engine: &mut Engine, id: &SubmissionId, event: &Event) {
    let Some(submission) = engine.queue.get(id) else {
        return;
    };
    if let Err(sentence) = whose::may_decide(engine, submission, *event == Event::RetryNow) {
        return engine.say(Level::Info, sentence);
    }
    let state = submission.state.clone();
    // A submission that is being split cannot be changed, because a decision about the whole would not affect the
    // parts.
    if engine.queue.leaving.as_ref() == Some(id) {
        return engine.say(Level::Info, "still being sent or split; try again in a moment");
    }
    if matches!(state, State::Reconciling { .. }) && !is_ours(engine, id) {
        return engine.say(Level::Warning, "created with different credentials");
    }
    engine.queue.held.remove(id);
    match (event, state) {
        (Event::RetryNow, State::NeedsLogin { .. }) => connecting::reconnect(engine),
        (Event::RetryNow, _) => {
            change(engine, id, Event::NotHeld);
            left_over::carry_on(engine, id);
        }
        _ => drop(change(engine, id, event.clone())),
    }
    pump(engine);
}

/// Updates the note on a submission; nothing else changes.
pub(crate) fn noted(engine: &mut Engine, id: &SubmissionId, note: Option<&String>) {
    let changed = engine
        .queue
        .submissions
        .change(id, |submission| submission.note = note.cloned());
    if changed.is_some() {
        engine.rows_changed();
    }
}
