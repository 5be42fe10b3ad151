//! The parts of the queue that the ledger stores.

use crate::domain::batch::Learned;
use crate::domain::submission::{State, SubmissionId};
use crate::engine::effect::LedgerOperation;
use crate::engine::queue::state::Owner;
use crate::engine::state::Engine;

/// Returns the operation that writes a submission's current state; `None` if the ledger does not contain the submission
/// yet, or another window has claimed it.
pub(in crate::engine) fn as_it_stands(engine: &Engine, id: &SubmissionId) -> Option<LedgerOperation> {
    let submission = engine.queue.submissions.get(id)?;
    (submission.state != State::Planned).then(|| LedgerOperation::Progress(Box::new(submission.clone())))
}

/// Returns the batch sizes to store for an account, if the account is known.
pub(in crate::engine) fn learned(engine: &Engine, owner: &Owner) -> Option<Learned> {
    let sizes = *engine.queue.learned.get(owner)?;
    let (account, endpoint) = owner.clone();
    account.map(|account| Learned {
        account,
        endpoint,
        sizes,
    })
}
