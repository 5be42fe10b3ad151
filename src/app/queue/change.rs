//! Every change of a submission passes here: it is written down, shown and told.

use super::{Room, await_login, is_ours, left_over, pump, search};
use crate::app::effect::LedgerOperation;
use crate::app::model::{Level, Model};
use crate::app::row::RowKey;
use crate::app::unsaved::{self, Matter};
use crate::app::{fleet, telling, watch, whose};
use crate::domain::submission::{Event, State, SubmissionId};

/// What a person should hear of where a submission stands now, and what follows from it.
pub(super) fn tell(model: &mut Model, id: &SubmissionId) {
    let Some(submission) = model.queue.get(id) else { return };
    let label = submission.label.clone();
    match submission.state.clone() {
        State::Rejected { failure } => {
            let edit = model.hints.edit.clone();
            model.say(
                Level::Error,
                format!("{label}: {failure}; its items are kept, {edit} edits and sends them again"),
            );
        }
        State::Reconciling { .. } => search::begin(model, id),
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

/// Moves a submission on and writes it down when that changed anything; returns whether it did.
pub(in crate::app) fn change(model: &mut Model, id: &SubmissionId, event: Event) -> bool {
    if !apply(model, id, event) {
        return false;
    }
    let Some(submission) = model.queue.get(id).cloned() else {
        return false;
    };
    model.queue.add_duration(&submission);
    telling::moved_on(model, &submission);
    let completed = submission.state.seen_completed().is_some();
    unsaved::save(model, &[Matter::Submission(id.clone())]);
    if completed {
        model.queue.room = Room::PerhapsMore;
    }
    true
}

/// What is written of a submission, as it stands; nothing of one that the ledger has yet to hold, or that another window
/// carries on.
pub(in crate::app) fn as_it_stands(model: &Model, id: &SubmissionId) -> Option<LedgerOperation> {
    let submission = model.queue.submissions.get(id)?;
    (submission.state != State::Planned).then(|| LedgerOperation::Progress(Box::new(submission.clone())))
}

pub(super) fn apply(model: &mut Model, id: &SubmissionId, event: Event) -> bool {
    let now = model.now;
    let submissions = &mut model.queue.submissions;
    let changed = submissions.change(id, |submission| submission.apply(event, now));
    let changed = changed.unwrap_or_default();
    if changed {
        model.rows_changed();
        model.touch();
    }
    // The steps on the way to CloudFront follow each other at once; what comes from there is worth a glance.
    let told = model.queue.get(id).is_some_and(|submission| submission.state.is_news());
    if changed && told {
        watch::show_change(model, RowKey::Submission(id.clone()));
    }
    changed
}

/// A person decides about this one: it is no longer held. What waits for a login is asked again with fresh credentials.
pub(in crate::app) fn by_hand(model: &mut Model, id: &SubmissionId, event: &Event) {
    let Some(submission) = model.queue.get(id) else {
        return;
    };
    if let Err(sentence) = whose::may_decide(model, submission, *event == Event::RetryNow) {
        return model.say(Level::Info, sentence);
    }
    let state = submission.state.clone();
    // What is being divided is no longer itself: a word to the whole would not reach its parts.
    if model.queue.leaving.as_ref() == Some(id) {
        return model.say(Level::Info, "it is just being sent or divided; try again in a moment");
    }
    if matches!(state, State::Reconciling { .. }) && !is_ours(model, id) {
        return model.say(Level::Warning, "it was made with other credentials than those in use");
    }
    model.queue.held.remove(id);
    match (event, state) {
        (Event::RetryNow, State::NeedsLogin { .. }) => fleet::reconnect(model),
        (Event::RetryNow, _) => left_over::carry_on(model, id),
        _ => drop(change(model, id, event.clone())),
    }
    pump(model);
}

/// Why it was made is told otherwise; nothing else changes.
pub(in crate::app) fn noted(model: &mut Model, id: &SubmissionId, note: Option<&String>) {
    let changed = model
        .queue
        .submissions
        .change(id, |submission| submission.note = note.cloned());
    if changed.is_some() {
        model.rows_changed();
    }
}
