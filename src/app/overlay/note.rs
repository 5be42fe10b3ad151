//! The note: one line in the ledger that says why an invalidation is made.

use tui_input::Input;

use super::Overlay;
use crate::app::keys::selected_row;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::secret;
use crate::domain::submission::SubmissionId;
use crate::engine::effect::{Effect, LedgerOperation};
use crate::engine::notices::Level;
use crate::engine::past;
use crate::engine::purpose::Purpose;
use crate::engine::queue;
use crate::engine::row::RowKey;
use crate::engine::unsaved;

/// Characters of a note at most.
pub const LONGEST: usize = 500;

/// The state of the layer.
#[derive(Clone, Debug)]
pub struct Noting {
    /// Whose note it is; `None`: that of the review below.
    subject: Option<SubmissionId>,
    /// What is typed.
    pub input: Input,
    /// What went wrong.
    pub mistake: Option<String>,
}

impl Noting {
    /// Whether it is the note of what is about to be sent.
    #[must_use]
    pub fn is_of_review(&self) -> bool {
        self.subject.is_none()
    }
}

/// The one of ours that a note would be written to, with its present note.
///
/// # Errors
/// Why there is none, in a sentence.
pub fn subject(model: &Model) -> Result<(SubmissionId, Option<String>), String> {
    match (selected_row(model), model.screen()) {
        (Some(RowKey::Submission(id)), Screen::History(page)) => {
            let note = page.selected().and_then(|record| record.note.clone());
            Ok((id.clone(), note))
        }
        (Some(RowKey::Submission(id)), _) => {
            let submission = past::submission(&model.engine, id).ok_or("it is still loading")?;
            Ok((id.clone(), submission.note.clone()))
        }
        (Some(RowKey::Invalidation(..)), _) => Err("only submissions from this machine can have a note".to_owned()),
        (None, _) => Err("no invalidation selected".to_owned()),
    }
}

/// Opens the layer for the selected one of ours.
pub(in crate::app) fn open(model: &mut Model) {
    if let Ok((id, note)) = subject(model) {
        push(model, Some(id), note);
    }
}

/// Opens it for what is reviewed.
pub(in crate::app) fn open_for_review(model: &mut Model) {
    if let Some(Overlay::Review(review)) = model.overlays.last() {
        let note = review.note.clone();
        push(model, None, note);
    }
}

fn push(model: &mut Model, subject: Option<SubmissionId>, note: Option<String>) {
    model.overlays.push(Overlay::Note(Box::new(Noting {
        subject,
        input: note.unwrap_or_default().into(),
        mistake: None,
    })));
    model.engine.touch();
}

/// Takes what is typed: the ledger first, where it is to be kept; the layer stays until it is.
pub(in crate::app) fn accept(model: &mut Model) {
    let Some(noting) = layer(model) else { return };
    let typed = secret::redacted(noting.input.value().trim());
    let typed: String = typed.chars().take(LONGEST).collect();
    let note = (!typed.is_empty()).then_some(typed);
    noting.mistake = None;
    let Some(id) = noting.subject.clone() else {
        return note_review(model, note);
    };
    let request = model.engine.request(Purpose::Note(id.clone(), note.clone()));
    let operation = LedgerOperation::Note { submission: id, note };
    model.engine.ask(Effect::Ledger { request, operation });
    model.engine.touch();
}

fn note_review(model: &mut Model, note: Option<String>) {
    close(model);
    if let Some(Overlay::Review(review)) = model.overlays.last_mut() {
        review.note = note;
    }
    model.engine.touch();
}

/// The ledger holds the note, or could not: then what was typed stays.
pub(in crate::app) fn kept(
    model: &mut Model,
    id: &SubmissionId,
    note: Option<&String>,
    result: Result<(), LedgerFailure>,
) {
    let waits = layer(model).is_some_and(|noting| noting.subject.as_ref() == Some(id));
    match result {
        Ok(()) => {
            let said = if note.is_some() { "Note saved" } else { "Note removed" };
            spread(model, id, note);
            if waits {
                close(model);
            }
            model.engine.say(Level::Done, said);
        }
        Err(failure) if model.ending.is_some() && failure.may_pass() => {
            unsaved::note_failed(&mut model.engine, id, note.cloned(), &failure);
        }
        Err(failure) => {
            let reason = failure.sentence;
            if let Some(noting) = layer(model).filter(|_| waits) {
                noting.mistake = Some(reason.clone());
            }
            model.engine.say(Level::Error, reason);
        }
    }
}

/// Wherever the submission is held.
fn spread(model: &mut Model, id: &SubmissionId, note: Option<&String>) {
    queue::noted(&mut model.engine, id, note);
    model.engine.past.noted(id, note);
    for screen in &mut model.screens {
        if let Screen::History(page) = screen {
            page.noted(id, note);
        }
    }
}

fn close(model: &mut Model) {
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Note(_)));
}

fn layer(model: &mut Model) -> Option<&mut Noting> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Note(noting) => Some(&mut **noting),
        _ => None,
    })
}
