//! The job overlay: a table of targets and batches with their states, and actions for one submission or all of them.

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::job::Job;
use crate::domain::submission::{JobId, Submission};
use crate::engine::state::Engine;

/// The state of the job overlay.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The id of the job.
    pub job: JobId,
    /// The index of the selected target.
    pub row: usize,
    /// The index of the selected batch.
    pub column: usize,
}

impl Matrix {
    /// Returns the job in its current state.
    #[must_use]
    pub fn job<'a>(&self, engine: &'a Engine) -> Job<'a> {
        engine.queue.job(&self.job)
    }

    /// Returns the selected submission; `None` if the target has no batch in the selected column.
    #[must_use]
    pub fn selected<'a>(&self, job: &Job<'a>) -> Option<&'a Submission> {
        let number = *job.numbers().get(self.column)?;
        job.part(self.row, number)
    }
}

impl Parts for Matrix {
    fn keys(&self) -> Keys {
        keys::MATRIX
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.row)
    }
}
