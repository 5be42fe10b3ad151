//! A job as a table: target by batch, each with where it stands, and what a person does about one of them or all.

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::job::Job;
use crate::domain::submission::{JobId, Submission};
use crate::engine::state::Engine;

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
    pub fn job<'a>(&self, engine: &'a Engine) -> Job<'a> {
        engine.queue.job(&self.job)
    }

    /// The part of the job that is selected; none where the target has no batch of that number.
    #[must_use]
    pub fn selected<'a>(&self, job: &Job<'a>) -> Option<&'a Submission> {
        let number = *job.numbers().get(self.column)?;
        job.part(self.row, number)
    }
}

impl Parts for Matrix {
    fn title(&self) -> &'static str {
        "Job"
    }

    fn keys(&self) -> Keys {
        keys::MATRIX
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.row)
    }
}
