//! The archived submissions that have been loaded.

use std::collections::VecDeque;

use crate::domain::submission::{Submission, SubmissionId};

/// Maximum number of archived submissions kept in memory, including the current one.
pub(in crate::engine) const HELD: usize = 32;

/// Archived submissions that were read from the ledger, the most recently read one last.
#[derive(Clone, Debug, Default)]
pub struct ArchivedSubmissions {
    pub(in crate::engine) read: VecDeque<Submission>,
    /// The submission that is being read so that the composer can take over its items.
    pub(in crate::engine) compose: Option<SubmissionId>,
}

impl ArchivedSubmissions {
    /// Returns the submission with this id, if it has been read.
    #[must_use]
    pub fn get(&self, id: &SubmissionId) -> Option<&Submission> {
        self.read.iter().find(|submission| submission.id == *id)
    }

    /// Removes all archived submissions.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Updates the note on a submission.
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
