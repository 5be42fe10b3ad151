//! The entry point for headless commands, parallel to the keys: their requests go through the same rules as what the
//! user confirms in the review, and none of those rules is implemented here.

use std::collections::BTreeSet;

use super::edge::{self, Subject};
use super::effect::{Effect, LedgerContents, LedgerOperation};
use super::purpose::Purpose;
use super::queue::{self, Cell};
use super::state::Engine;
use super::telling;
use super::{watch, whose};
use crate::domain::batch::{Batch, CallerReference, ReferenceKey, Sizes};
use crate::domain::distribution::{Distribution, Target, Tenant};
use crate::domain::edge::Plan as EdgePlan;
use crate::domain::invalidation::{Invalidation, InvalidationId, Page};
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::submission::{State, Submission, SubmissionId};

/// A command's request to the core, made when the ledger is open and the session connected.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Send these items to these targets.
    Job(Job),
    /// Resume what an earlier run left for these credentials.
    Resume,
    /// Watch these invalidations, which were not made here.
    Follow(Vec<(Target, InvalidationId)>),
    /// Check at the edge what viewers get of an invalidation.
    Look(Subject),
    /// Take over what is known of the targets.
    Known(Known),
    /// Announce the end of what was waited for, as for a job: a sentence, and the environment of the user's command.
    Announce(String, Vec<(&'static str, String)>),
}

/// A job: items for one or more targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The parts, target by target.
    pub parts: Vec<Part>,
    /// The user's note.
    pub note: Option<String>,
}

/// Items for one target, as they are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The target.
    pub target: Target,
    /// The target's label.
    pub label: String,
    /// The items in wire form, in order.
    pub items: Vec<String>,
    /// The key that makes it idempotent, wherever and however often it is requested.
    pub key: Option<ReferenceKey>,
}

impl Part {
    /// Returns the batches, each with the CallerReference derived from the key. With a key they must be the same on
    /// every machine, whatever that machine has learned or configured.
    #[must_use]
    pub fn requests(&self, sizes: Sizes) -> Vec<(Batch, Option<CallerReference>)> {
        let sizes = if self.key.is_some() { Sizes::default() } else { sizes };
        let batches = (1..).zip(Batch::pack(&self.items, sizes));
        let reference = |number| Some(CallerReference::for_key(self.key.as_ref()?, &self.target, number));
        batches.map(|(number, batch)| (batch, reference(number))).collect()
    }
}

/// What was read before the core started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The distributions.
    pub distributions: Vec<Distribution>,
    /// The tenants.
    pub tenants: Vec<Tenant>,
    /// The invalidations with their items.
    pub invalidations: Vec<(Target, Invalidation)>,
}

/// The progress of a command's work.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Its submissions: planned, resumed, or found to exist already.
    pub submissions: Vec<SubmissionId>,
    /// The ids of those that CloudFront had accepted before this run.
    pub accepted_before: BTreeSet<SubmissionId>,
    /// Why the job was not planned: nothing was sent.
    pub refused: Option<Refused>,
    /// The watched invalidations that were not made here.
    pub(super) followed: BTreeSet<(Target, InvalidationId)>,
    /// The edge checks, each with its URLs or why there are none.
    pub looks: Vec<(Subject, Result<EdgePlan, String>)>,
    /// The cells and note to plan once the ledger has reported what it holds under the references.
    waiting: Option<(Vec<Cell>, Option<String>)>,
    /// Whether work left by an earlier run was looked for.
    pub looked_for_rest: bool,
    /// Whether work left by an earlier run is resumed.
    pub(super) resumes: bool,
}

/// Why a job was not planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The reference was used for other items.
    OtherItems(Box<Submission>, Vec<String>),
    /// The reference belongs to work that cannot be resumed here: a sentence.
    Taken(String),
    /// Nothing may be sent, either at all or in the current account.
    ReadOnly,
    /// The ledger failed.
    Ledger(LedgerFailure),
}

/// Returns whether the account of the current credentials is known, or known to be unavailable.
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

/// Follows these invalidations: records all of them first, and then polls each target once.
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
        engine.histories.remember(&target, invalidation);
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
    let sizes = queue::sizes(engine, &scope);
    let cells: Vec<Cell> = job.parts.iter().flat_map(|part| cells(part, sizes)).collect();
    let chosen = cells
        .iter()
        .filter_map(|cell| Some((cell.target.clone(), cell.reference.clone()?)));
    let chosen: Vec<_> = chosen.collect();
    if chosen.is_empty() {
        engine.script.submissions = queue::plan_cells(engine, &scope, cells, job.note.as_deref());
        return;
    }
    engine.script.waiting = Some((cells, job.note));
    let request = engine.request(Purpose::Referenced);
    engine.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::TakeUp(chosen),
    });
}

fn cells(part: &Part, sizes: Sizes) -> Vec<Cell> {
    let each = (1..).zip(part.requests(sizes));
    each.map(|(number, (batch, reference))| Cell {
        target: part.target.clone(),
        label: part.label.clone(),
        number,
        batch,
        reference,
    })
    .collect()
}

/// Handles what the ledger holds under the job's references, after claiming what no process holds.
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
    // The account may have become known since the start.
    if engine.is_read_only() {
        engine.script.refused = Some(Refused::ReadOnly);
        return;
    }
    if let Some(theirs) = contents.elsewhere.first() {
        let sentence = format!(
            "the CallerReference {} is being sent by another run of profile {}; wait for it to end and run this again",
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
    queue::adopt(engine, contents.unfinished, contents.finished);
    let missing: Vec<Cell> = cells.into_iter().filter(|cell| of(cell).is_none()).collect();
    for submission in &known {
        take_up(engine, submission);
    }
    let planned = queue::plan_cells(engine, &scope, missing, note);
    engine.script.submissions.extend(planned);
}

/// Returns why nothing is sent under a reference that the ledger already holds.
fn refusal(engine: &Engine, cell: &Cell, held: &Submission) -> Option<Refused> {
    let here = engine.scope().is_some_and(|scope| scope.is_same_place(&held.scope));
    if !here {
        return Some(Refused::Taken(format!(
            "the CallerReference {} was used at {} before; give another --reference, or another XDG_STATE_HOME",
            held.reference, held.scope.endpoint
        )));
    }
    let differs = !held.batch.is_same_set(cell.batch.items());
    differs.then(|| Refused::OtherItems(Box::new(held.clone()), cell.batch.items().to_vec()))
}

/// Resumes a submission of an earlier run: one without effect is sent again under its own reference, an accepted one
/// stays.
fn take_up(engine: &mut Engine, submission: &Submission) {
    if matches!(submission.state, State::Split { .. }) {
        return;
    }
    let id = &submission.id;
    if submission.state.accepted().is_some() {
        engine.script.accepted_before.insert(id.clone());
        watch::follow(engine, &submission.target);
    }
    queue::reopen(engine, id);
    engine.script.submissions.push(id.clone());
}

/// Resumes what an earlier run left for these credentials.
fn resume(engine: &mut Engine) {
    engine.script.resumes = true;
    watch::look_at_ledger(engine);
}

/// Handles what others wrote, after claiming what no process holds; or the ledger's failure.
pub(super) fn looked_for_rest(engine: &mut Engine, result: Result<(), LedgerFailure>) {
    if !engine.script.resumes {
        return;
    }
    match result {
        Ok(()) => {
            taken_over(engine);
            engine.script.looked_for_rest = true;
        }
        // After the first time, a failure only hides changes by others.
        Err(_) if engine.script.looked_for_rest => {}
        Err(failure) => engine.script.refused = Some(Refused::Ledger(failure)),
    }
}

/// Takes over what an earlier run left: it is resumed however old it is, because the user asked for that. What belongs
/// to other credentials stays, and its owner is reported.
fn taken_over(engine: &mut Engine) {
    whose::tell_left(engine);
    let open = engine.queue.own_open().filter(|s| engine.is_ours(s));
    let (ours, targets): (Vec<SubmissionId>, BTreeSet<Target>) = open.map(|s| (s.id.clone(), s.target.clone())).unzip();
    let known: BTreeSet<SubmissionId> = engine.script.submissions.iter().cloned().collect();
    let news = ours.iter().filter(|id| !known.contains(id)).cloned();
    engine.script.submissions.extend(news);
    queue::resume_held(engine, &ours);
    for target in targets {
        watch::follow(engine, &target);
    }
}
