//! Splits a batch that CloudFront refuses because of its size or a quota into smaller ones.
//!
//! The whole and its parts are never active at the same time: a single ledger transaction ends the whole and creates
//! the parts. A batch that CloudFront may have received is never split, because its parts have new references.

use crate::domain::batch::{Batch, CallerReference, Learned, Sizes};
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::submission::{Event, Scope, State, Submission, SubmissionId};
use crate::engine::effect::LedgerOperation;
use crate::engine::notices::state::Level;
use crate::engine::pending::LedgerRequest;
use crate::engine::queue::change::{apply, change, tell};
use crate::engine::queue::plan;
use crate::engine::queue::send::pump;
use crate::engine::queue::state::Owner;
use crate::engine::queue::stored::learned;
use crate::engine::state::Engine;
use crate::engine::unsaved;
use crate::engine::unsaved::state::UnsavedChange;

/// The size below which a quota refusal means that other tools have used up the quota, so smaller batches would not
/// help.
const QUOTA_FLOOR: Sizes = Sizes {
    exact: 100,
    wildcards: 1,
};

/// The smallest size: a batch of one item cannot be split.
const SIZE_FLOOR: Sizes = Sizes { exact: 1, wildcards: 1 };

/// Returns whether smaller batches may succeed where this one was refused, and if so, records the smaller size. If a
/// quota was exceeded, smaller batches only help if none of our own submissions is using the quota.
pub(super) fn helps(engine: &mut Engine, id: &SubmissionId, kind: RefusalKind) -> bool {
    let floor = match kind {
        // With a script's key, splitting a batch could send items twice if another run did not split it, or split it
        // differently. So only a refusal that depends solely on the bytes counts, because it is the same in every run.
        RefusalKind::TooManyInProgress if !is_in_flight(engine, id) && !is_chosen(engine, id) => QUOTA_FLOOR,
        RefusalKind::BatchTooLarge => SIZE_FLOOR,
        _ => return false,
    };
    let Some(submission) = engine.queue.get(id).filter(|s| !s.maybe_sent) else {
        return false;
    };
    let sizes = submission.batch.sizes();
    if !sizes.exceeds(floor) {
        return false;
    }
    let owner = owner(engine, &submission.scope);
    let smaller = sizes.halved(floor);
    let known = engine.queue.learned.entry(owner).or_insert(smaller);
    *known = known.smaller(smaller);
    true
}

/// Returns whether a script chose the submission's reference.
fn is_chosen(engine: &Engine, id: &SubmissionId) -> bool {
    engine.queue.get(id).is_some_and(|s| s.reference.is_chosen())
}

fn owner(engine: &Engine, scope: &Scope) -> Owner {
    let account = scope.account.as_ref().or_else(|| engine.account());
    (account.cloned(), scope.endpoint.clone())
}

/// Returns the maximum size of one request, given the settings, the reserve for others, and earlier refusals.
pub(crate) fn sizes(engine: &Engine, scope: &Scope) -> Sizes {
    let set = engine
        .preferences
        .send
        .sizes()
        .smaller(crate::engine::queue::reserve::largest(engine));
    let learned = engine.queue.learned.get(&owner(engine, scope));
    learned.map_or(set, |learned| set.smaller(*learned))
}

/// Takes over the sizes that earlier runs learned.
pub(crate) fn remember(engine: &mut Engine, learned: Vec<Learned>) {
    for Learned {
        account,
        endpoint,
        sizes,
    } in learned
    {
        engine.queue.learned.insert((Some(account), endpoint), sizes);
    }
}

/// Saves the learned sizes for later runs, if the account is known.
fn keep_learned(engine: &mut Engine, scope: &Scope) {
    let owner = owner(engine, scope);
    if learned(engine, &owner).is_some() {
        unsaved::save(engine, &[UnsavedChange::BatchSizes(owner)]);
    }
}

/// Returns whether any of our submissions in this account is in progress.
fn is_in_flight(engine: &Engine, id: &SubmissionId) -> bool {
    let scope = engine.queue.get(id).map(|s| &s.scope);
    let mut open = engine.queue.submissions.open();
    open.any(|s| Some(&s.scope) == scope && s.state.in_progress().is_some())
}

/// Returns whether a waiting submission that certainly had no effect is larger than a size known to be refused. If a
/// script chose its reference, only CloudFront can decide, because another run may have sent the batch whole.
pub(super) fn is_too_large(engine: &Engine, id: &SubmissionId) -> bool {
    let Some(submission) = engine.queue.get(id) else {
        return false;
    };
    let learned = engine.queue.learned.get(&owner(engine, &submission.scope));
    let exceeds = learned.is_some_and(|learned| submission.batch.sizes().exceeds(*learned));
    let waits = submission.attempts == 0 || submission.state == State::Queued;
    exceeds && waits && !submission.maybe_sent && !submission.reference.is_chosen()
}

/// Asks the ledger to replace a submission with smaller ones; if that fails, the submission ends with `refusal`.
pub(super) fn divide(engine: &mut Engine, id: &SubmissionId, refusal: Option<Failure>) {
    let Some(whole) = engine.queue.get(id).cloned() else {
        return;
    };
    let Some(sizes) = engine.queue.learned.get(&owner(engine, &whole.scope)).copied() else {
        return;
    };
    // With a chosen reference, the split must be the same in every run, whatever earlier refusals suggest.
    let halves = whole.batch.sizes().halved(SIZE_FLOOR);
    let sizes = if whole.reference.is_chosen() { halves } else { sizes };
    let into = parts(engine, &whole, sizes);
    let mut ended = whole;
    if !ended.apply(Event::Divided(into.len()), engine.now) {
        return;
    }
    engine.queue.leaving = Some(id.clone());
    let operation = LedgerOperation::Divide {
        whole: Box::new(ended),
        into: into.iter().cloned().map(Submission::held).collect(),
    };
    let request = engine.ask_ledger(LedgerRequest::Divide(id.clone(), into, refusal), operation);
    unsaved::confirmed_by(engine, &UnsavedChange::Submission(id.clone()), request);
}

fn parts(engine: &mut Engine, whole: &Submission, sizes: Sizes) -> Vec<Submission> {
    let of_job = engine.queue.submissions.of_job(&whole.job);
    let same_cell = of_job.filter(|s| s.target == whole.target);
    let last = same_cell.map(|s| s.number).max().unwrap_or(0);
    let batches = Batch::pack(whole.batch.items(), sizes);
    let mut parts = Vec::new();
    for (part, (number, batch)) in (1..).zip((last + 1..).zip(batches)) {
        let id = engine.submission_id();
        let reference = if whole.reference.is_chosen() {
            whole.reference.of_part(part)
        } else {
            CallerReference::for_batch(id.as_str(), number, &batch)
        };
        parts.push(Submission {
            reference,
            id,
            number,
            batch,
            state: State::Planned,
            attempts: 0,
            first_sent: None,
            request_id: None,
            ..whole.clone()
        });
    }
    parts
}

/// Completes a split after the ledger's response. The ledger now contains both the parts and the end of the whole, or
/// neither.
pub(crate) fn divided(
    engine: &mut Engine,
    id: &SubmissionId,
    into: Vec<Submission>,
    refusal: Option<Failure>,
    result: Result<(), LedgerFailure>,
) {
    engine.queue.leaving = None;
    let Some(scope) = engine.queue.get(id).map(|whole| whole.scope.clone()) else {
        return;
    };
    match (result, refusal) {
        (Ok(()), _) => {
            keep_learned(engine, &scope);
            apply(engine, id, Event::Divided(into.len()));
            let ids: Vec<_> = into.iter().map(|part| part.id.clone()).collect();
            engine.queue.submissions.extend(into);
            for id in &ids {
                apply(engine, id, Event::Stored);
            }
        }
        (Err(failure), refusal) => {
            engine.say(Level::Error, format!("the batch could not be split: {failure}"));
            plan::doubt(engine, into.into_iter().map(|part| part.id).collect(), &failure);
            if failure.is_uncertain() {
                // The ledger may have stored the split anyway, so save the state of the whole again.
                unsaved::save(engine, &[UnsavedChange::Submission(id.clone())]);
            }
            // If the ledger fails, discard the smaller size: the same size is retried, or the refusal becomes final.
            let owner = owner(engine, &scope);
            engine.queue.learned.remove(&owner);
            if let Some(refusal) = refusal {
                change(engine, id, Event::Failed(refusal));
                tell(engine, id);
            }
        }
    }
    pump(engine);
}
