//! The entry point for headless commands, the counterpart of the keys in the dashboard. A command's requests go through
//! the same rules as submissions confirmed in the review. None of those rules is implemented here.

pub(crate) mod state;

pub use state::{Ask, Job, Known, Part, Refused, Script};

use std::collections::BTreeSet;

use crate::domain::batch::Sizes;
use crate::domain::distribution::Target;
use crate::domain::invalidation::{InvalidationId, Page};
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::submission::{State, Submission, SubmissionId};
use crate::engine::effect::{LedgerContents, LedgerOperation};
use crate::engine::pending::LedgerRequest;
use crate::engine::queue::state::Cell;
use crate::engine::queue::{divide, left_over, plan};
use crate::engine::state::Engine;
use crate::engine::watch::following;
use crate::engine::{edge, telling, watch, whose};

/// Returns whether the account of the current credentials is known, or cannot be determined.
#[must_use]
pub fn knows_account(engine: &Engine) -> bool {
    engine.queue.account_told
}

/// Carries out a command's request.
pub(crate) fn on_ask(engine: &mut Engine, ask: Ask) {
    match ask {
        Ask::Job(job) => begin(engine, job),
        Ask::Resume => resume(engine),
        Ask::Follow(pairs) => follow(engine, pairs),
        Ask::Look(subject) => {
            let plan = edge::look_at(engine, &subject);
            engine.script.looks.push((subject, plan));
        }
        Ask::Known(known) => know(engine, known),
        Ask::Announce(text, facts) => telling::ring(engine, text, facts),
    }
}

/// Follows these invalidations: records all of them first, then polls each target once.
fn follow(engine: &mut Engine, pairs: Vec<(Target, InvalidationId)>) {
    let targets: BTreeSet<Target> = pairs.iter().map(|(target, _)| target.clone()).collect();
    engine.script.followed.extend(pairs);
    for target in targets {
        watch::poll(engine, &target);
    }
}

fn know(engine: &mut Engine, known: Known) {
    let now = engine.now;
    let page = Page {
        items: known.distributions,
        next: None,
    };
    engine.fleet.take_page(page, now);
    known
        .tenants
        .into_iter()
        .for_each(|tenant| engine.tenants.describe(tenant));
    for (target, invalidation) in known.invalidations {
        engine.histories.remember(&target, invalidation, now);
    }
}

fn begin(engine: &mut Engine, job: Job) {
    let Some(scope) = engine.scope().cloned() else {
        return;
    };
    if engine.is_read_only() {
        engine.script.refused = Some(Refused::ReadOnly);
        return;
    }
    let sizes = divide::sizes(engine, &scope);
    let cells: Vec<Cell> = job.parts.iter().flat_map(|part| cells(part, sizes)).collect();
    let chosen = cells
        .iter()
        .filter_map(|cell| Some((cell.target.clone(), cell.reference.clone()?)));
    let chosen: Vec<_> = chosen.collect();
    if chosen.is_empty() {
        engine.script.submissions = plan::plan_cells(engine, &scope, cells, job.note.as_deref());
        return;
    }
    engine.script.waiting = Some((cells, job.note));
    engine.ask_ledger(LedgerRequest::Referenced, LedgerOperation::TakeUp(chosen));
}

fn cells(part: &Part, sizes: Sizes) -> Vec<Cell> {
    let each = (1..).zip(part.requests(sizes));
    each.map(|(number, (batch, reference))| Cell {
        target: part.target.clone(),
        label: part.label.clone(),
        number,
        batch,
        reference,
        when_deployed: part.when_deployed,
    })
    .collect()
}

/// Resumes the submissions found under the job's references, and plans the missing ones. Submissions that no process
/// had claimed have been claimed by now.
pub(crate) fn referenced(engine: &mut Engine, result: Result<Option<Box<LedgerContents>>, LedgerFailure>) {
    let Some((cells, note)) = engine.script.waiting.take() else {
        return;
    };
    match result {
        Ok(contents) => {
            let contents = contents.map(|contents| *contents).unwrap_or_default();
            go_on(engine, cells, note.as_deref(), contents);
        }
        Err(failure) => engine.script.refused = Some(Refused::Ledger(failure)),
    }
    engine.touch();
}

fn go_on(engine: &mut Engine, cells: Vec<Cell>, note: Option<&str>, contents: LedgerContents) {
    let Some(scope) = engine.scope().cloned() else {
        return;
    };
    // The account may have become known since startup.
    if engine.is_read_only() {
        engine.script.refused = Some(Refused::ReadOnly);
        return;
    }
    if let Some(theirs) = contents.elsewhere.first() {
        let sentence = format!(
            "the CallerReference {} is being sent by another run with profile {}; wait for it to finish, then run this \
                again",
            theirs.reference, theirs.scope.profile
        );
        engine.script.refused = Some(Refused::Taken(sentence));
        return;
    }
    let known: Vec<Submission> = contents.unfinished.iter().chain(&contents.finished).cloned().collect();
    let of = |cell: &Cell| {
        let is_it = |s: &&Submission| s.target == cell.target && Some(&s.reference) == cell.reference.as_ref();
        known.iter().find(is_it)
    };
    if let Some(refused) = cells.iter().find_map(|cell| refusal(engine, cell, of(cell)?)) {
        engine.script.refused = Some(refused);
        return;
    }
    left_over::adopt(engine, contents.unfinished, contents.finished);
    let missing: Vec<Cell> = cells.into_iter().filter(|cell| of(cell).is_none()).collect();
    for submission in &known {
        take_up(engine, submission);
    }
    let planned = plan::plan_cells(engine, &scope, missing, note);
    engine.script.submissions.extend(planned);
}

/// Returns why nothing is sent under a reference that the ledger already contains.
fn refusal(engine: &Engine, cell: &Cell, held: &Submission) -> Option<Refused> {
    let here = engine.scope().is_some_and(|scope| scope.is_same_place(&held.scope));
    if !here {
        return Some(Refused::Taken(format!(
            "the CallerReference {} was already used with {}; use a different --reference, or a different \
                XDG_STATE_HOME",
            held.reference, held.scope.endpoint
        )));
    }
    let differs = !held.batch.is_same_set(cell.batch.items());
    differs.then(|| Refused::OtherItems(Box::new(held.clone()), cell.batch.items().to_vec()))
}

/// Resumes a submission of an earlier run. If it had no effect, it is sent again under its own reference; if it was
/// accepted, it is left unchanged.
fn take_up(engine: &mut Engine, submission: &Submission) {
    if matches!(submission.state, State::Split { .. }) {
        return;
    }
    let id = &submission.id;
    if submission.state.accepted().is_some() {
        engine.script.accepted_before.insert(id.clone());
        following::follow(engine, &submission.target);
    }
    left_over::reopen(engine, id);
    engine.script.submissions.push(id.clone());
}

/// Resumes the unfinished submissions of earlier runs for these credentials.
fn resume(engine: &mut Engine) {
    engine.script.resumes = true;
    watch::look_at_ledger(engine);
}

/// Takes over unfinished work of earlier runs once everything unclaimed has been claimed, or records why the ledger
/// failed.
pub(super) fn looked_for_rest(engine: &mut Engine, result: Result<(), LedgerFailure>) {
    if !engine.script.resumes {
        return;
    }
    match result {
        Ok(()) => {
            taken_over(engine);
            engine.script.looked_for_rest = true;
        }
        // After the first success, a failure only hides changes by other processes.
        Err(_) if engine.script.looked_for_rest => {}
        Err(failure) => engine.script.refused = Some(Refused::Ledger(failure)),
    }
}

/// Takes over the unfinished submissions of earlier runs. They are resumed regardless of their age, because the user
/// asked for it. Submissions with other credentials are left alone, and their owner is reported.
fn taken_over(engine: &mut Engine) {
    whose::tell_left(engine);
    let open = engine.queue.own_open().filter(|s| engine.is_ours(s));
    let (ours, targets): (Vec<SubmissionId>, BTreeSet<Target>) = open.map(|s| (s.id.clone(), s.target.clone())).unzip();
    let known: BTreeSet<SubmissionId> = engine.script.submissions.iter().cloned().collect();
    let news = ours.iter().filter(|id| !known.contains(id)).cloned();
    engine.script.submissions.extend(news);
    left_over::resume_held(engine, &ours);
    for target in targets {
        following::follow(engine, &target);
    }
}
