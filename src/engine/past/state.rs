//! The archived submissions that have been loaded.

use std::collections::VecDeque;

use crate::domain::submission::{Submission, SubmissionId};

/// The number of submissions kept in memory: the current one and those before it.
pub(in crate::engine) const HELD: usize = 32;

/// Ended submissions that were read from the ledger, the most recently read one last.
#[derive(Clone, Debug, Default)]
pub struct ArchivedSubmissions {
    pub(in crate::engine) read: VecDeque<Submission>,
    /// The submission whose items go into the composer once it has been read.
    pub(in crate::engine) compose: Option<SubmissionId>,
}

impl ArchivedSubmissions {
    /// Returns the submission with this id, if it was read.
    #[must_use]
    pub fn get(&self, id: &SubmissionId) -> Option<&Submission> {
        self.read.iter().find(|submission| submission.id == *id)
    }

    /// Removes all of them.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Updates a note that was changed.
    pub(crate) fn noted(&mut self, id: &SubmissionId, note: Option<&String>) {
        for submission in self.read.iter_mut().filter(|submission| submission.id == *id) {
            submission.note = note.cloned();
        }
    }

    pub(in crate::engine) fn put(&mut self, submission: Submission) {
        self.read.retain(|other| other.id != submission.id);
        self.read.push_back(submission);
        if self.read.len() > HELD {
            self.read.pop_front();
        }
    }
}
