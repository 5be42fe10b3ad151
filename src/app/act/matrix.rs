//! Actions for the job overlay, which apply to one of the job's submissions or to all of them.

use crate::app::act::{details, resend, review};
use crate::app::action::Action;
use crate::app::model::Model;
use crate::app::overlay::matrix::Matrix;
use crate::app::selection::selected_row;
use crate::domain::submission::{Event, State, Submission, SubmissionId};
use crate::engine::notices::Level;
use crate::engine::queue;
use crate::engine::row::{RowKey, row};

/// Returns the selected submission if its job has several.
///
/// # Errors
/// A sentence explaining why there is nothing to show.
pub(in crate::app) fn of_selected(model: &Model) -> Result<&Submission, String> {
    let submission = selected_row(model)
        .and_then(|key| row(&model.engine, key))
        .and_then(|row| row.submission)
        .ok_or("only submissions from this machine have a job")?;
    if !model.engine.queue.has_several_parts(&submission.job) {
        return Err("only one request to one target; nothing more to show".to_owned());
    }
    Ok(submission)
}

/// Opens the job overlay and selects the submission of the selected row.
pub(in crate::app) fn open(model: &mut Model) {
    let Ok(submission) = of_selected(model) else { return };
    let job = model.engine.queue.job(&submission.job);
    let place = |at: Option<usize>| at.unwrap_or(0);
    let matrix = Matrix {
        job: submission.job.clone(),
        row: place(job.targets().iter().position(|target| **target == submission.target)),
        column: place(job.numbers().iter().position(|number| *number == submission.number)),
    };
    model.open(matrix);
}

/// Returns the number of targets to choose from.
pub(in crate::app) fn lines(model: &Model) -> usize {
    let matrix = model.overlays.top::<Matrix>();
    matrix.map_or(0, |matrix| matrix.job(&model.engine).targets().len())
}

/// Carries out one of the overlay's actions.
pub(in crate::app) fn act(model: &mut Model, action: Action) {
    match action {
        Action::CellLeft => step(model, -1),
        Action::CellRight => step(model, 1),
        Action::SendAgain => again(model, &chosen(model)),
        Action::SendAllAgain => again(model, &failed(model)),
        _ => {}
    }
}

fn step(model: &mut Model, by: isize) {
    let Some(matrix) = model.overlays.top::<Matrix>() else {
        return;
    };
    let last = matrix.job(&model.engine).numbers().len().saturating_sub(1);
    if let Some(matrix) = model.overlays.top_mut::<Matrix>() {
        matrix.column = matrix.column.saturating_add_signed(by).min(last);
        model.engine.touch();
    }
}

/// Checks whether the action is available now.
///
/// # Errors
/// A sentence explaining why it is not.
pub(in crate::app) fn is_available(model: &Model, action: Action) -> Result<(), String> {
    let nothing = match action {
        Action::SendAgain => "only refused, cancelled or waiting batches can be sent again",
        Action::SendAllAgain => "no refused batches",
        _ => return Ok(()),
    };
    let ids = if action == Action::SendAgain {
        chosen(model)
    } else {
        failed(model)
    };
    review::blocked(&model.engine)?;
    if ids.is_empty() {
        return Err(nothing.to_owned());
    }
    Ok(())
}

/// Returns the selected submission if actions can be applied to it.
fn chosen(model: &Model) -> Vec<SubmissionId> {
    let selected = model
        .overlays
        .top::<Matrix>()
        .and_then(|matrix| matrix.selected(&matrix.job(&model.engine)));
    let can = |state: &State| state.did_nothing() || state.is_delayed();
    let selected = selected.filter(|part| can(&part.state));
    selected.map(|part| part.id.clone()).into_iter().collect()
}

/// Returns the refused submissions, and those that continue only at the user's request.
fn failed(model: &Model) -> Vec<SubmissionId> {
    let Some(matrix) = model.overlays.top::<Matrix>() else {
        return Vec::new();
    };
    let parts = matrix.job(&model.engine);
    let failed = |state: &State| matches!(state, State::Rejected { .. }) || state.needs_a_person();
    parts
        .parts()
        .filter(|part| failed(&part.state))
        .map(|part| part.id.clone())
        .collect()
}

/// Sends submissions again. A submission that may have reached CloudFront is retried with the same CallerReference. A
/// submission that certainly had no effect is billed again, so it is reviewed first.
fn again(model: &mut Model, ids: &[SubmissionId]) {
    let over = |id: &&SubmissionId| model.engine.queue.get(id).is_some_and(|part| part.state.did_nothing());
    let (anew, waiting): (Vec<&SubmissionId>, Vec<&SubmissionId>) = ids.iter().partition(over);
    let anew: Vec<_> = anew.into_iter().cloned().collect();
    for id in &waiting {
        queue::by_hand(&mut model.engine, id, &Event::RetryNow);
    }
    if !waiting.is_empty() {
        model.engine.say(Level::Info, "Retrying with the same CallerReference");
    }
    if !anew.is_empty() {
        resend::open(model, anew);
    }
}

/// Opens the details page of the selected submission.
pub(in crate::app) fn choose(model: &mut Model) {
    let Some(matrix) = model.overlays.top::<Matrix>() else {
        return;
    };
    let part = matrix.selected(&matrix.job(&model.engine)).map(|part| part.id.clone());
    if let Some(id) = part {
        model.overlays.pop();
        details::open(model, RowKey::Submission(id));
    }
}
