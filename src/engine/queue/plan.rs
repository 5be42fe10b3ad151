//! Turns what the user confirmed into submissions, and has the ledger store them.

use crate::domain::batch::{Batch, CallerReference};
use crate::domain::distribution::Target;
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::submission::{Event, Scope, State, Submission, SubmissionId};
use crate::engine::drafts::state::Draft;
use crate::engine::effect::{Effect, LedgerOperation};
use crate::engine::notices::state::Level;
use crate::engine::pending::LedgerRequest;
use crate::engine::queue::change::apply;
use crate::engine::queue::countdown;
use crate::engine::queue::send::pump;
use crate::engine::queue::state::Cell;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;
use crate::engine::unsaved::state::UnsavedChange;
use crate::engine::{drafts, unsaved};

/// A job as the user confirmed it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan<'a> {
    /// The scope of the credentials.
    pub(crate) scope: &'a Scope,
    /// The targets with their labels.
    pub(crate) targets: &'a [(Target, String)],
    /// The batches, each of which is sent to every target.
    pub(crate) batches: &'a [Batch],
    /// The user's note.
    pub(crate) note: Option<&'a str>,
    /// The targets whose first request waits until they are deployed.
    pub(crate) when_deployed: &'a [Target],
}

/// Creates the submissions of a job, target by target, and asks the ledger to store them. Nothing is sent before they
/// are stored.
pub(crate) fn plan(engine: &mut Engine, plan: &Plan<'_>, draft: Option<Draft>) -> Vec<SubmissionId> {
    if let Some(draft) = &draft {
        // The items are about to be stored as submissions, so the text must not become a draft again.
        engine.cancel_timer(&TimerKind::Draft);
        drafts::set(engine, draft.key, &draft.targets, String::new());
    }
    let mut cells: Vec<Cell> = Vec::new();
    for (target, label) in plan.targets {
        cells.extend((1..).zip(plan.batches).map(|(number, batch)| Cell {
            target: target.clone(),
            label: label.clone(),
            number,
            batch: batch.clone(),
            reference: None,
            when_deployed: plan.when_deployed.contains(target),
        }));
    }
    let submissions = submissions(engine, plan.scope, cells, plan.note);
    keep(engine, submissions, draft)
}

/// Plans a job cell by cell, because targets may have different items and the ledger may already contain some cells.
pub(crate) fn plan_cells(
    engine: &mut Engine,
    scope: &Scope,
    cells: Vec<Cell>,
    note: Option<&str>,
) -> Vec<SubmissionId> {
    let submissions = submissions(engine, scope, cells, note);
    if submissions.is_empty() {
        return Vec::new();
    }
    keep(engine, submissions, None)
}

fn submissions(engine: &mut Engine, scope: &Scope, cells: Vec<Cell>, note: Option<&str>) -> Vec<Submission> {
    let job = engine.job_id();
    let mut submissions = Vec::new();
    for cell in cells {
        let id = engine.submission_id();
        let own = || CallerReference::for_batch(id.as_str(), cell.number, &cell.batch);
        submissions.push(Submission {
            reference: cell.reference.unwrap_or_else(own),
            id,
            job: job.clone(),
            scope: scope.clone(),
            target: cell.target,
            label: cell.label,
            number: cell.number,
            batch: cell.batch,
            created: engine.now,
            version: engine.preferences.version.clone(),
            state: State::Planned,
            maybe_sent: false,
            attempts: 0,
            first_sent: None,
            request_id: None,
            note: note.map(str::to_owned),
            when_deployed: cell.when_deployed,
        });
    }
    submissions
}

/// Resends submissions that had no effect, with the same items for the same target, as the same part of the job, but
/// under a new reference.
pub(crate) fn resend(engine: &mut Engine, ids: &[SubmissionId]) {
    let is_ours = |s: &&Submission| engine.unsaved.must_be_savable(&s.id).is_ok();
    let over = |id| engine.queue.get(id).filter(|s| s.state.did_nothing() && !s.maybe_sent);
    let over = |id| over(id).filter(is_ours);
    let over: Vec<Submission> = ids.iter().filter_map(over).cloned().collect();
    let mut submissions = Vec::new();
    for old in over {
        let id = engine.submission_id();
        submissions.push(Submission {
            reference: CallerReference::for_batch(id.as_str(), old.number, &old.batch),
            id,
            created: engine.now,
            version: engine.preferences.version.clone(),
            state: State::Planned,
            attempts: 0,
            first_sent: None,
            request_id: None,
            ..old
        });
    }
    if !submissions.is_empty() {
        keep(engine, submissions, None);
        engine.rows_changed();
    }
}

/// Asks the ledger to store the submissions.
fn keep(engine: &mut Engine, submissions: Vec<Submission>, draft: Option<Draft>) -> Vec<SubmissionId> {
    let ids: Vec<_> = submissions.iter().map(|s| s.id.clone()).collect();
    engine.queue.submissions.extend(submissions.iter().cloned());
    countdown::begin(engine, &ids, draft.as_ref());
    let forgotten = draft.as_ref().and_then(|draft| engine.drafts.write(draft.key));
    let request = engine.request(LedgerRequest::Plan(ids.clone(), draft));
    // A refused or cancelled submission's final state must be stored no later than the plan that replaces it.
    let mut operations = unsaved::beneath(engine, request);
    operations.push(LedgerOperation::Plan(countdown::as_held(engine, submissions)));
    // The list must be either in the submissions or in the draft, never in both or in neither.
    operations.extend(forgotten.map(LedgerOperation::Draft));
    engine.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::Together(operations),
    });
    ids
}

/// Releases the submissions of a plan that the ledger has stored. If it could not be stored, restores the draft.
pub(crate) fn planned(
    engine: &mut Engine,
    ids: &[SubmissionId],
    draft: Option<Draft>,
    result: Result<(), LedgerFailure>,
) {
    for id in ids {
        let event = match &result {
            Ok(()) => Event::Stored,
            Err(failure) => Event::NotStored(failure.to_string()),
        };
        apply(engine, id, event);
        countdown::count(engine, id);
    }
    countdown::planned(engine);
    if let Err(failure) = result {
        doubt(engine, ids.to_vec(), &failure);
        if let Some(draft) = draft {
            drafts::put(engine, draft.key, &draft.targets, draft.text);
        }
        engine.say(Level::Error, format!("nothing was sent: {failure}"));
    }
    pump(engine);
}

/// Discards the changes of submissions whose plan the ledger failed to store. After a disk failure, the ledger may
/// contain the submissions anyway, so they are deleted before anything else is planned.
pub(super) fn doubt(engine: &mut Engine, ids: Vec<SubmissionId>, failure: &LedgerFailure) {
    for id in &ids {
        unsaved::forget(engine, &UnsavedChange::Submission(id.clone()));
    }
    if failure.is_uncertain() {
        let changes: Vec<_> = ids.into_iter().map(UnsavedChange::NotPlanned).collect();
        unsaved::save(engine, &changes);
    }
}
