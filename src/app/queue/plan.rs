//! From what a person confirmed to submissions that the ledger holds.

use super::{apply, countdown, pump};
use crate::app::effect::{Effect, LedgerOperation};
use crate::app::model::{Draft, Due, Level, Model, Purpose};
use crate::app::screen::composer;
use crate::domain::batch::{Batch, CallerReference};
use crate::domain::distribution::Target;
use crate::domain::submission::{Event, Scope, State, Submission, SubmissionId};

/// Makes the submissions of a job, target by target, and asks the ledger to hold them. Nothing else happens until it does.
pub(in crate::app) fn plan(
    model: &mut Model,
    scope: &Scope,
    targets: &[(Target, String)],
    batches: &[Batch],
    note: Option<&str>,
    draft: Draft,
) -> Vec<SubmissionId> {
    // The items live on in the ledger: nothing takes the text for a draft again.
    model.cancel_timer(&Due::Draft);
    model.drafts.remove(&draft.targets);
    let job = model.job_id();
    let mut submissions = Vec::new();
    for (target, label) in targets {
        for (number, batch) in (1..).zip(batches) {
            let id = model.submission_id();
            submissions.push(Submission {
                reference: CallerReference::for_batch(id.as_str(), number, batch),
                id,
                job: job.clone(),
                scope: scope.clone(),
                target: target.clone(),
                label: label.clone(),
                number,
                batch: batch.clone(),
                created: model.now,
                version: model.preferences.version.clone(),
                state: State::Planned,
                maybe_sent: false,
                attempts: 0,
                first_sent: None,
                request_id: None,
                note: note.map(str::to_owned),
            });
        }
    }
    keep(model, submissions, Some(draft))
}

/// Sends what surely did nothing once more: the same items for the same target, as the same part of its job, under a new
/// reference.
pub(in crate::app) fn resend(model: &mut Model, ids: &[SubmissionId]) {
    let over = |id| model.queue.get(id).filter(|s| s.state.did_nothing() && !s.maybe_sent);
    let over: Vec<Submission> = ids.iter().filter_map(over).cloned().collect();
    let mut submissions = Vec::new();
    for old in over {
        let id = model.submission_id();
        submissions.push(Submission {
            reference: CallerReference::for_batch(id.as_str(), old.number, &old.batch),
            id,
            created: model.now,
            version: model.preferences.version.clone(),
            state: State::Planned,
            attempts: 0,
            first_sent: None,
            request_id: None,
            ..old
        });
    }
    if !submissions.is_empty() {
        keep(model, submissions, None);
        model.rows_changed();
    }
}

/// Asks the ledger to hold them.
fn keep(model: &mut Model, submissions: Vec<Submission>, draft: Option<Draft>) -> Vec<SubmissionId> {
    let ids: Vec<_> = submissions.iter().map(|s| s.id.clone()).collect();
    model.queue.submissions.extend(submissions.iter().cloned());
    let plan = LedgerOperation::Plan(countdown::counting(model, submissions));
    // The list is in the submissions or in the draft: never in both, never in neither.
    let operation = match &draft {
        Some(draft) => LedgerOperation::Together(vec![plan, forgotten(draft)]),
        None => plan,
    };
    countdown::begin(model, &ids, draft.as_ref());
    let request = model.request(Purpose::Plan(ids.clone(), draft));
    model.ask(Effect::Ledger { request, operation });
    ids
}

fn forgotten(draft: &Draft) -> LedgerOperation {
    LedgerOperation::Draft {
        targets: draft.targets.clone(),
        text: String::new(),
    }
}

/// The ledger holds the plan, or could not: then the draft is there again.
pub(in crate::app) fn planned(
    model: &mut Model,
    ids: &[SubmissionId],
    draft: Option<Draft>,
    result: Result<(), String>,
) {
    for id in ids {
        let event = match &result {
            Ok(()) => Event::Stored,
            Err(reason) => Event::NotStored(reason.clone()),
        };
        apply(model, id, event);
        countdown::count(model, id);
    }
    countdown::planned(model);
    if let Err(reason) = result {
        if let Some(draft) = draft {
            composer::restore_draft(model, draft);
        }
        model.say(Level::Error, format!("nothing was sent: {reason}"));
    }
    pump(model);
}
