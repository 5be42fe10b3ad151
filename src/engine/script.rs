//! The entrance for commands without a screen, beside the keys: what they ask goes through the same rules as what a person
//! confirms in the review, and nothing of those rules stands here.

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

/// What a command asks of the core. The ledger is open and the session connected when it does.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Send these items to these targets.
    Job(Job),
    /// Go on with what an earlier run left for these credentials.
    Resume,
    /// Watch these invalidations, which were not made here.
    Follow(Vec<(Target, InvalidationId)>),
    /// Ask the edge what viewers get of an invalidation.
    Look(Subject),
    /// This is known of the targets.
    Known(Known),
    /// Tell outside what was waited for, as the end of a job is told: a sentence, and what a command finds in its environment.
    Announce(String, Vec<(&'static str, String)>),
}

/// What is sent to which targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Target by target.
    pub parts: Vec<Part>,
    /// Why, in a person's words.
    pub note: Option<String>,
}

/// Items for one target, as they are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is aimed at.
    pub target: Target,
    /// What the target is called.
    pub label: String,
    /// What is sent, in wire form and in order.
    pub items: Vec<String>,
    /// What makes it happen once, wherever and however often it is asked for.
    pub key: Option<ReferenceKey>,
}

impl Part {
    /// The requests it takes, each with the CallerReference that its key gives it. Under a key they must be the same on every
    /// machine, whatever that machine has learned or set.
    #[must_use]
    pub fn requests(&self, sizes: Sizes) -> Vec<(Batch, Option<CallerReference>)> {
        let sizes = if self.key.is_some() { Sizes::default() } else { sizes };
        let batches = (1..).zip(Batch::pack(&self.items, sizes));
        let reference = |number| Some(CallerReference::for_key(self.key.as_ref()?, &self.target, number));
        batches.map(|(number, batch)| (batch, reference(number))).collect()
    }
}

/// What was read before the core began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Distributions.
    pub distributions: Vec<Distribution>,
    /// Tenants.
    pub tenants: Vec<Tenant>,
    /// Invalidations with their items.
    pub invalidations: Vec<(Target, Invalidation)>,
}

/// Where a command's work stands.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// What it is about: planned, taken up again, or found to be there already.
    pub submissions: Vec<SubmissionId>,
    /// Those of them that CloudFront had accepted before this run.
    pub accepted_before: BTreeSet<SubmissionId>,
    /// Why the job was not planned: nothing was sent.
    pub refused: Option<Refused>,
    /// What is watched though it was not made here.
    pub(super) followed: BTreeSet<(Target, InvalidationId)>,
    /// What the edge was asked about, and which addresses that are or why there are none.
    pub looks: Vec<(Subject, Result<EdgePlan, String>)>,
    /// What is planned once the ledger told what it holds under its references.
    waiting: Option<(Vec<Cell>, Option<String>)>,
    /// Whether what an earlier run left was looked for.
    pub looked_for_rest: bool,
    /// Whether an earlier run's work is taken up.
    pub(super) resumes: bool,
}

/// Why a job was not planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The reference was used for other items.
    OtherItems(Box<Submission>, Vec<String>),
    /// The reference belongs to work that cannot be gone on with here: a sentence.
    Taken(String),
    /// Nothing may be sent, at all or in the account in use.
    ReadOnly,
    /// The ledger failed.
    Ledger(LedgerFailure),
}

/// Whether it is known whose credentials are in use, or that it cannot be known.
#[must_use]
pub fn knows_account(engine: &Engine) -> bool {
    engine.queue.account_told
}

/// Does what a command asks.
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

/// Each target is looked at once, when all that is followed on it is known.
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

/// The ledger told what it holds under the job's references, and let us have what nobody carries on.
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
    // Whose the keys are may have been told since it began.
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

/// Why nothing is sent under a reference that the ledger holds already.
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

/// Goes on with one of an earlier run: what did nothing is sent again under its own reference, what was accepted stays.
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

/// Takes up what an earlier run left for these credentials.
fn resume(engine: &mut Engine) {
    engine.script.resumes = true;
    watch::look_at_ledger(engine);
}

/// The ledger told what others wrote, and let us have what nobody carries on; or it failed.
pub(super) fn looked_for_rest(engine: &mut Engine, result: Result<(), LedgerFailure>) {
    if !engine.script.resumes {
        return;
    }
    match result {
        Ok(()) => {
            taken_over(engine);
            engine.script.looked_for_rest = true;
        }
        // Later it only tells less of others.
        Err(_) if engine.script.looked_for_rest => {}
        Err(failure) => engine.script.refused = Some(Refused::Ledger(failure)),
    }
}

/// What an earlier run left is this one's now: it goes on, however old it is, since a person asked for that. What belongs to
/// other credentials stays, and whose it is is told.
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
