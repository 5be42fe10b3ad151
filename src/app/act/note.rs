//! Actions for the note overlay and for the note in the review. A note explains why an invalidation is made, and is
//! stored in the ledger.

use tui_input::Input;

use crate::app::model::Model;
use crate::app::overlay::note::{LONGEST, Noting};
use crate::app::overlay::review::Review;
use crate::app::screen::Screen;
use crate::app::selection::selected_row;
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::secret;
use crate::domain::submission::SubmissionId;
use crate::engine::effect::LedgerOperation;
use crate::engine::notices::Level;
use crate::engine::pending::LedgerRequest;
use crate::engine::row::RowKey;
use crate::engine::{past, queue, unsaved};

/// Returns the submission that a note would be added to, with its current note.
///
/// # Errors
/// A sentence explaining why there is none.
pub(in crate::app) fn subject(model: &Model) -> Result<(SubmissionId, Option<String>), String> {
    match (selected_row(model), model.screen()) {
        (Some(RowKey::Submission(id)), Screen::History(page)) => {
            let note = page.selected().and_then(|record| record.note.clone());
            Ok((id.clone(), note))
        }
        (Some(RowKey::Submission(id)), _) => {
            let submission = past::submission(&model.engine, id).ok_or("still loading")?;
            Ok((id.clone(), submission.note.clone()))
        }
        (Some(RowKey::Invalidation(..)), _) => Err("only submissions from this machine can have a note".to_owned()),
        (None, _) => Err("no invalidation selected".to_owned()),
    }
}

/// Opens the note overlay for the selected submission.
pub(in crate::app) fn open(model: &mut Model) {
    if let Ok((id, note)) = subject(model) {
        model.open(Noting {
            subject: id,
            input: note.unwrap_or_default().into(),
            mistake: None,
        });
    }
}

/// Moves the keyboard focus to the note field of the review.
pub(in crate::app) fn begin_in_review(model: &mut Model) {
    if let Some(review) = model.overlays.top_mut::<Review>() {
        review.noting = Some(review.note.clone().unwrap_or_default().into());
        model.engine.touch();
    }
}

/// Accepts the note typed in the review.
pub(in crate::app) fn keep_in_review(model: &mut Model) {
    if let Some(review) = model.overlays.top_mut::<Review>()
        && let Some(typed) = review.noting.take()
    {
        review.note = cleaned(&typed);
        model.engine.touch();
    }
}

/// Handles Esc by discarding changes to the note in the review. Returns whether a note was being typed.
pub(in crate::app) fn leave_in_review(model: &mut Model) -> bool {
    let review = model.overlays.top_mut::<Review>();
    review.is_some_and(|review| review.noting.take().is_some())
}

/// Returns the typed note with credentials removed; `None` if nothing remains.
fn cleaned(typed: &Input) -> Option<String> {
    let note: String = secret::redacted(typed.value().trim()).chars().take(LONGEST).collect();
    (!note.is_empty()).then_some(note)
}

/// Writes the typed note to the ledger. The overlay stays open until the note has been written.
pub(in crate::app) fn accept(model: &mut Model) {
    let Some(noting) = model.overlays.find_mut::<Noting>() else {
        return;
    };
    let note = cleaned(&noting.input);
    noting.mistake = None;
    let id = noting.subject.clone();
    model.engine.ask_ledger(
        LedgerRequest::Note(id.clone(), note.clone()),
        LedgerOperation::Note { submission: id, note },
    );
    model.engine.touch();
}

/// Handles the result of writing a note. If the write failed, the typed text is kept.
pub(in crate::app) fn kept(
    model: &mut Model,
    id: &SubmissionId,
    note: Option<&String>,
    result: Result<(), LedgerFailure>,
) {
    let waits = model
        .overlays
        .find_mut::<Noting>()
        .is_some_and(|noting| noting.subject == *id);
    match result {
        Ok(()) => {
            let said = if note.is_some() { "Note saved" } else { "Note removed" };
            spread(model, id, note);
            if waits {
                model.overlays.close::<Noting>();
            }
            model.engine.say(Level::Done, said);
        }
        Err(failure) if model.ending.is_some() && failure.may_pass() => {
            unsaved::note_failed(&mut model.engine, id, note.cloned(), &failure);
        }
        Err(failure) => {
            let reason = failure.sentence;
            if let Some(noting) = model.overlays.find_mut::<Noting>().filter(|_| waits) {
                noting.mistake = Some(reason.clone());
            }
            model.engine.say(Level::Error, reason);
        }
    }
}

/// Updates the note in every copy of the submission.
fn spread(model: &mut Model, id: &SubmissionId, note: Option<&String>) {
    queue::noted(&mut model.engine, id, note);
    model.engine.past.noted(id, note);
    for screen in &mut model.screens {
        if let Screen::History(page) = screen {
            page.noted(id, note);
        }
    }
}
