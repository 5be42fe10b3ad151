//! What an earlier run left, or a long pause: carried on while it is young, else a person is asked.

use std::collections::{BTreeSet, HashSet};

use crate::domain::duration::short;
use crate::domain::submission::{Event, FORGOTTEN_AFTER, Scope, State, Submission, SubmissionId};
use crate::engine::news::News;
use crate::engine::notices::Level;
use crate::engine::queue::{change, countdown, pump, search};
use crate::engine::state::Engine;

/// Takes what earlier runs left. What may go on by itself does; the rest is held until a person says so.
pub(crate) fn adopt(engine: &mut Engine, unfinished: Vec<Submission>, finished: Vec<Submission>) {
    for submission in finished {
        engine.queue.add_duration(&submission);
        engine.queue.submissions.insert(submission);
    }
    for mut submission in unfinished {
        engine.queue.others.remove(&submission.id);
        engine.queue.left.remove(&submission.id);
        submission.wake();
        if submission.state.waits_to_be_sent() && !submission.state.needs_a_person() {
            engine.queue.held.insert(submission.id.clone());
        }
        engine.queue.submissions.insert(submission);
    }
}

/// Lets go what may be carried on in this scope without asking. Returns how many still wait for a person's word.
pub(crate) fn resume_young(engine: &mut Engine, scope: &Scope) -> usize {
    let now = engine.now;
    let read_only = engine.is_read_only();
    resume(engine, |s| !read_only && s.may_resume(scope, now));
    engine.queue.held.len()
}

/// A person wants these of what was left to go on.
pub(crate) fn resume_held(engine: &mut Engine, ids: &[SubmissionId]) {
    let ids: HashSet<_> = ids.iter().collect();
    resume(engine, |s| ids.contains(&s.id));
}

fn resume(engine: &mut Engine, which: impl Fn(&Submission) -> bool) {
    let held = std::mem::take(&mut engine.queue.held);
    let (going, staying): (BTreeSet<_>, BTreeSet<_>) = held
        .into_iter()
        .partition(|id| engine.queue.get(id).is_some_and(&which));
    engine.queue.held = staying;
    engine.queue.pause.take_if(|_| engine.queue.held.is_empty());
    engine.queue.awake = None;
    for id in &going {
        carry_on(engine, id);
    }
    pump(engine);
}

/// Goes on with one of an earlier run under its own reference, whatever became of it. What CloudFront accepted stays.
pub(crate) fn reopen(engine: &mut Engine, id: &SubmissionId) {
    engine.queue.held.remove(id);
    if !change(engine, id, Event::Reopened) {
        carry_on(engine, id);
    }
    pump(engine);
}

pub(super) fn carry_on(engine: &mut Engine, id: &SubmissionId) {
    let reconciling = (engine.queue.get(id)).is_some_and(|s| matches!(s.state, State::Reconciling { .. }));
    if reconciling {
        search::begin(engine, id);
    } else {
        change(engine, id, Event::RetryNow);
    }
}

/// A person cancels these of what was left.
pub(crate) fn discard_held(engine: &mut Engine, ids: &[SubmissionId]) {
    for id in ids {
        engine.queue.held.remove(id);
        change(engine, id, Event::Cancel);
        // One that is looked for cannot be cancelled: it stays where it is, and is not looked for.
        let reason = format!("{}; it is no longer looked for", search::why(engine, id));
        change(engine, id, Event::Unsettled(reason));
    }
}

/// A person throws these away, whatever they wait for. Returns how many could not be: they had left already.
pub(crate) fn discard(engine: &mut Engine, ids: &[SubmissionId]) -> usize {
    countdown::stop(engine);
    let waits = |id: &&SubmissionId| {
        let submission = engine.queue.get(id);
        submission.is_some_and(|s| s.state.waits_to_be_sent() && engine.queue.leaving.as_ref() != Some(&s.id))
    };
    let waiting: Vec<SubmissionId> = ids.iter().filter(waits).cloned().collect();
    discard_held(engine, &waiting);
    let remains = |id: &&SubmissionId| engine.queue.get(id).is_some_and(|s| s.state != State::Cancelled);
    ids.iter().filter(remains).count()
}

/// Why nothing could be sent for so long that a person is asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// A timer came far too late: nothing ran meanwhile, or the clock was set.
    StoodStill,
    /// Everything ran, but there were no credentials to send with.
    NoCredentials,
}

/// When nobody saw to what waits for so long, it is asked about first: a forgotten `/*` must not fire then.
pub(crate) fn hold_forgotten(engine: &mut Engine) {
    let Some(awake) = engine.queue.awake else { return };
    let passed = engine.now - awake;
    if passed < FORGOTTEN_AFTER {
        return;
    }
    let waiting: Vec<_> = engine.queue.due().map(|(s, _)| s.id.clone()).collect();
    if waiting.is_empty() {
        return;
    }
    let pause = if engine.stood_still_since(awake) {
        Pause::StoodStill
    } else {
        Pause::NoCredentials
    };
    let cause = match pause {
        Pause::StoodStill => "the machine slept, or its clock was set".to_owned(),
        Pause::NoCredentials => format!("there were no credentials for {}", short(passed)),
    };
    engine.queue.held.extend(waiting);
    engine.queue.pause = Some(pause);
    engine.queue.awake = None;
    engine.say(
        Level::Warning,
        format!("{cause}: what waits to be sent is asked about first"),
    );
    engine.tell(News::LeftOver(None));
}
