//! A job as a table: target by batch, each with where it stands, and what a person does about one of them or all.

use super::review::blocked;
use super::{Overlay, resend};
use crate::app::action::Action;
use crate::app::keys::selected_row;
use crate::app::model::Model;
use crate::domain::job::Job;
use crate::domain::submission::{Event, JobId, State, Submission, SubmissionId};
use crate::engine::notices::Level;
use crate::engine::queue;
use crate::engine::row::row;

/// The state of the layer.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Which job.
    pub job: JobId,
    /// The selected target, by its place.
    pub row: usize,
    /// The selected batch, by its place.
    pub column: usize,
}

impl Matrix {
    /// The job as it stands.
    #[must_use]
    pub fn job<'a>(&self, model: &'a Model) -> Job<'a> {
        model.engine.queue.job(&self.job)
    }

    /// The part of the job that is selected; none where the target has no batch of that number.
    #[must_use]
    pub fn selected<'a>(&self, job: &Job<'a>) -> Option<&'a Submission> {
        let number = *job.numbers().get(self.column)?;
        job.part(self.row, number)
    }
}

/// The selected submission, where its job has several parts.
///
/// # Errors
/// Why there is nothing to see, in a sentence.
pub(crate) fn of_selected(model: &Model) -> Result<&Submission, String> {
    let submission = selected_row(model)
        .and_then(|key| row(&model.engine, key))
        .and_then(|row| row.submission)
        .ok_or("only submissions from this machine have a job")?;
    if !model.engine.queue.has_several_parts(&submission.job) {
        return Err("single request, single target: nothing more to show".to_owned());
    }
    Ok(submission)
}

/// Opens it at the selected row.
pub(crate) fn open(model: &mut Model) {
    let Ok(submission) = of_selected(model) else { return };
    let job = model.engine.queue.job(&submission.job);
    let place = |at: Option<usize>| at.unwrap_or(0);
    let matrix = Matrix {
        job: submission.job.clone(),
        row: place(job.targets().iter().position(|target| **target == submission.target)),
        column: place(job.numbers().iter().position(|number| *number == submission.number)),
    };
    model.overlays.push(Overlay::Matrix(Box::new(matrix)));
    model.engine.touch();
}

/// An action of the layer.
pub(crate) fn act(model: &mut Model, action: Action) {
    match action {
        Action::CellLeft => step(model, -1),
        Action::CellRight => step(model, 1),
        Action::SendAgain => again(model, &chosen(model)),
        Action::SendAllAgain => again(model, &failed(model)),
        _ => {}
    }
}

fn step(model: &mut Model, by: isize) {
    let Some(matrix) = top(model) else { return };
    let last = matrix.job(model).numbers().len().saturating_sub(1);
    if let Some(Overlay::Matrix(matrix)) = model.overlays.last_mut() {
        matrix.column = matrix.column.saturating_add_signed(by).min(last);
        model.engine.touch();
    }
}

fn top(model: &Model) -> Option<&Matrix> {
    match model.overlays.last() {
        Some(Overlay::Matrix(matrix)) => Some(matrix),
        _ => None,
    }
}

/// Whether the action can be done now.
///
/// # Errors
/// Why not, in a sentence.
pub(crate) fn is_available(model: &Model, action: Action) -> Result<(), String> {
    let nothing = match action {
        Action::SendAgain => "only refused, cancelled or waiting batches can be sent again",
        Action::SendAllAgain => "nothing was refused",
        _ => return Ok(()),
    };
    let ids = if action == Action::SendAgain {
        chosen(model)
    } else {
        failed(model)
    };
    blocked(model)?;
    if ids.is_empty() {
        return Err(nothing.to_owned());
    }
    Ok(())
}

/// The selected part, if anything can be done about it.
fn chosen(model: &Model) -> Vec<SubmissionId> {
    let selected = top(model).and_then(|matrix| matrix.selected(&matrix.job(model)));
    let can = |state: &State| state.did_nothing() || state.is_delayed();
    let selected = selected.filter(|part| can(&part.state));
    selected.map(|part| part.id.clone()).into_iter().collect()
}

/// The parts that were refused, and those that go on only when a person says so.
fn failed(model: &Model) -> Vec<SubmissionId> {
    let Some(matrix) = top(model) else { return Vec::new() };
    let parts = matrix.job(model);
    let failed = |state: &State| matches!(state, State::Rejected { .. }) || state.needs_a_person();
    parts
        .parts()
        .filter(|part| failed(&part.state))
        .map(|part| part.id.clone())
        .collect()
}

/// What may have arrived is asked for with its own reference; what surely did nothing costs again, so it is looked at
/// first.
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
