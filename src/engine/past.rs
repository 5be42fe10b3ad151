//! Submissions that have ended and are not in this run's queue. They are read from the ledger when the user opens them.

pub(crate) mod state;

pub use state::ArchivedSubmissions;

use crate::domain::submission::{Submission, SubmissionId};
use crate::engine::effect::{LedgerContents, LedgerOperation};
use crate::engine::news::News;
use crate::engine::notices::state::Level;
use crate::engine::pending::LedgerRequest;
use crate::engine::state::Engine;

/// Returns the submission with this id, from this run or from the ledger.
#[must_use]
pub fn submission<'a>(engine: &'a Engine, id: &SubmissionId) -> Option<&'a Submission> {
    engine.queue.get(id).or_else(|| engine.past.get(id))
}

/// Returns whether a submission is being read from the ledger.
#[must_use]
pub fn is_reading(engine: &Engine, id: &SubmissionId) -> bool {
    engine
        .pending
        .any(|kind| matches!(kind, LedgerRequest::Past(of) if of == id))
}

/// Loads a submission, unless it is already loaded.
pub(crate) fn look(engine: &mut Engine, id: &SubmissionId) {
    if submission(engine, id).is_some() || is_reading(engine, id) {
        return;
    }
    engine.ask_ledger(LedgerRequest::Past(id.clone()), LedgerOperation::Submission(id.clone()));
}

/// Loads a submission, then composes a new job with its items.
pub(crate) fn compose(engine: &mut Engine, id: &SubmissionId) {
    engine.past.compose = Some(id.clone());
    look(engine, id);
}

/// Keeps a submission that was loaded and announces it, or reports why it could not be loaded.
pub(crate) fn came(engine: &mut Engine, id: &SubmissionId, result: Result<Option<Box<LedgerContents>>, String>) {
    let wanted = engine.past.compose.take_if(|wanted| wanted == id).is_some();
    let read = result.map(|contents| contents.and_then(|contents| contents.whole.into_iter().next()));
    match read {
        Ok(Some((_, submission))) => {
            let (target, items) = (submission.target.clone(), submission.batch.items().to_vec());
            engine.past.put(submission);
            engine.rows_changed();
            engine.tell(News::PastRead(wanted.then_some((target, items))));
        }
        Ok(None) => engine.say(Level::Warning, "no longer in the ledger"),
        Err(reason) => engine.say(Level::Error, reason),
    }
    engine.touch();
}
