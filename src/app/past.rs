//! Submissions of the ledger that this run's queue does not hold, read whole because somebody looks at them.

use std::collections::VecDeque;

use super::effect::{Effect, LedgerContents, LedgerOperation};
use super::model::{Level, Model, Purpose};
use super::news::News;
use crate::domain::submission::{Submission, SubmissionId};

/// As many are held: the one that is looked at and those before it.
const HELD: usize = 32;

/// Those that were read, the newest reading last.
#[derive(Clone, Debug, Default)]
pub struct Past {
    read: VecDeque<Submission>,
    /// The one whose items go into the composer when they come.
    compose: Option<SubmissionId>,
}

impl Past {
    /// The submission with this id, if it was read.
    #[must_use]
    pub fn get(&self, id: &SubmissionId) -> Option<&Submission> {
        self.read.iter().find(|submission| submission.id == *id)
    }

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// A note was changed.
    pub(super) fn noted(&mut self, id: &SubmissionId, note: Option<&String>) {
        for submission in self.read.iter_mut().filter(|submission| submission.id == *id) {
            submission.note = note.cloned();
        }
    }

    fn put(&mut self, submission: Submission) {
        self.read.retain(|other| other.id != submission.id);
        self.read.push_back(submission);
        if self.read.len() > HELD {
            self.read.pop_front();
        }
    }
}

/// The submission with this id, of this run or of the past.
#[must_use]
pub fn submission<'a>(model: &'a Model, id: &SubmissionId) -> Option<&'a Submission> {
    model.queue.get(id).or_else(|| model.past.get(id))
}

/// Whether it is being read.
#[must_use]
pub fn is_reading(model: &Model, id: &SubmissionId) -> bool {
    model
        .pending
        .values()
        .any(|purpose| matches!(purpose, Purpose::Past(of) if of == id))
}

/// Reads it, unless it is known.
pub(super) fn look(model: &mut Model, id: &SubmissionId) {
    if submission(model, id).is_some() || is_reading(model, id) {
        return;
    }
    let request = model.request(Purpose::Past(id.clone()));
    model.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::Submission(id.clone()),
    });
}

/// Reads it, then composes a new one with its items.
pub(super) fn compose(model: &mut Model, id: &SubmissionId) {
    model.past.compose = Some(id.clone());
    look(model, id);
}

/// It came, or could not be read.
pub(super) fn came(model: &mut Model, id: &SubmissionId, result: Result<Option<Box<LedgerContents>>, String>) {
    let wanted = model.past.compose.take_if(|wanted| wanted == id).is_some();
    let read = result.map(|contents| contents.and_then(|contents| contents.whole.into_iter().next()));
    match read {
        Ok(Some((_, submission))) => {
            let (target, items) = (submission.target.clone(), submission.batch.items().to_vec());
            model.past.put(submission);
            model.rows_changed();
            model.tell(News::PastRead(wanted.then_some((target, items))));
        }
        Ok(None) => model.say(Level::Warning, "the ledger no longer holds it"),
        Err(reason) => model.say(Level::Error, reason),
    }
    model.touch();
}
