//! What an earlier run left, or a long pause: carried on while it is young, else a person is asked.

use std::collections::{BTreeSet, HashSet};

use super::{change, countdown, pump, search};
use crate::app::model::{Level, Model};
use crate::app::news::News;
use crate::domain::duration::short;
use crate::domain::submission::{Event, FORGOTTEN_AFTER, Scope, State, Submission, SubmissionId};

/// Takes what earlier runs left. What may go on by itself does; the rest is held until a person says so.
pub(in crate::app) fn adopt(model: &mut Model, unfinished: Vec<Submission>, finished: Vec<Submission>) {
    for submission in finished {
        model.queue.add_duration(&submission);
        model.queue.submissions.insert(submission);
    }
    for mut submission in unfinished {
        model.queue.others.remove(&submission.id);
        model.queue.left.remove(&submission.id);
        submission.wake();
        if submission.state.waits_to_be_sent() && !submission.state.needs_a_person() {
            model.queue.held.insert(submission.id.clone());
        }
        model.queue.submissions.insert(submission);
    }
}

/// Lets go what may be carried on in this scope without asking. Returns how many still wait for a person's word.
pub(in crate::app) fn resume_young(model: &mut Model, scope: &Scope) -> usize {
    let now = model.now;
    let read_only = model.preferences.read_only;
    resume(model, |s| !read_only && s.may_resume(scope, now));
    model.queue.held.len()
}

/// A person wants these of what was left to go on.
pub(in crate::app) fn resume_held(model: &mut Model, ids: &[SubmissionId]) {
    let ids: HashSet<_> = ids.iter().collect();
    resume(model, |s| ids.contains(&s.id));
}

fn resume(model: &mut Model, which: impl Fn(&Submission) -> bool) {
    let held = std::mem::take(&mut model.queue.held);
    let (going, staying): (BTreeSet<_>, BTreeSet<_>) =
        held.into_iter().partition(|id| model.queue.get(id).is_some_and(&which));
    model.queue.held = staying;
    model.queue.pause.take_if(|_| model.queue.held.is_empty());
    model.queue.awake = None;
    for id in &going {
        carry_on(model, id);
    }
    pump(model);
}

pub(super) fn carry_on(model: &mut Model, id: &SubmissionId) {
    let reconciling = (model.queue.get(id)).is_some_and(|s| matches!(s.state, State::Reconciling { .. }));
    if reconciling {
        search::begin(model, id);
    } else {
        change(model, id, Event::RetryNow);
    }
}

/// A person cancels these of what was left.
pub(in crate::app) fn discard_held(model: &mut Model, ids: &[SubmissionId]) {
    for id in ids {
        model.queue.held.remove(id);
        change(model, id, Event::Cancel);
        // One that is looked for cannot be cancelled: it stays where it is, and is not looked for.
        let reason = format!("{}; it is no longer looked for", search::why(model, id));
        change(model, id, Event::Unsettled(reason));
    }
}

/// A person throws these away, whatever they wait for. Returns how many could not be: they had left already.
pub(in crate::app) fn discard(model: &mut Model, ids: &[SubmissionId]) -> usize {
    countdown::stop(model);
    let waits = |id: &&SubmissionId| {
        let submission = model.queue.get(id);
        submission.is_some_and(|s| s.state.waits_to_be_sent() && model.queue.leaving.as_ref() != Some(&s.id))
    };
    let waiting: Vec<SubmissionId> = ids.iter().filter(waits).cloned().collect();
    discard_held(model, &waiting);
    let remains = |id: &&SubmissionId| model.queue.get(id).is_some_and(|s| s.state != State::Cancelled);
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
pub(in crate::app) fn hold_forgotten(model: &mut Model) {
    let Some(awake) = model.queue.awake else { return };
    let passed = model.now - awake;
    if passed < FORGOTTEN_AFTER {
        return;
    }
    let waiting: Vec<_> = model.queue.due().map(|(s, _)| s.id.clone()).collect();
    if waiting.is_empty() {
        return;
    }
    let pause = if model.stood_still_since(awake) {
        Pause::StoodStill
    } else {
        Pause::NoCredentials
    };
    let cause = match pause {
        Pause::StoodStill => "the machine slept, or its clock was set".to_owned(),
        Pause::NoCredentials => format!("there were no credentials for {}", short(passed)),
    };
    model.queue.held.extend(waiting);
    model.queue.pause = Some(pause);
    model.queue.awake = None;
    model.say(
        Level::Warning,
        format!("{cause}: what waits to be sent is asked about first"),
    );
    model.tell(News::LeftOver(None));
}
