//! Unfinished work from an earlier run or from before a long pause. Recent work is resumed; otherwise, the user is
//! asked.

use std::collections::{BTreeSet, HashSet};

use crate::domain::duration::short;
use crate::domain::submission::{Event, FORGOTTEN_AFTER, Scope, State, Submission, SubmissionId};
use crate::engine::news::News;
use crate::engine::notices::state::Level;
use crate::engine::queue::change::change;
use crate::engine::queue::send::pump;
use crate::engine::queue::state::Pause;
use crate::engine::queue::{countdown, search};
use crate::engine::state::Engine;

/// Takes over submissions from earlier runs. Those that still have to be sent are held until they are resumed
/// automatically or the user decides.
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

/// Resumes the held submissions of this scope that may resume without asking the user. Returns the number of
/// submissions that still need the user's decision.
pub(crate) fn resume_young(engine: &mut Engine, scope: &Scope) -> usize {
    let now = engine.now;
    let read_only = engine.is_read_only();
    resume(engine, |s| !read_only && s.may_resume(scope, now));
    engine.queue.held.len()
}

/// Resumes these leftover submissions at the user's request.
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

/// Resumes a submission of an earlier run under its original reference, whatever its outcome. A submission that
/// CloudFront accepted stays unchanged.
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

/// Cancels these leftover submissions at the user's request.
pub(crate) fn discard_held(engine: &mut Engine, ids: &[SubmissionId]) {
    for id in ids {
        engine.queue.held.remove(id);
        change(engine, id, Event::Cancel);
        // A submission that is being searched for cannot be cancelled, so the search is ended instead.
        let reason = format!("{}; the search was stopped", search::why(engine, id));
        change(engine, id, Event::Unsettled(reason));
    }
}

/// Discards these submissions at the user's request, whatever they are waiting for. Returns the number that had
/// already been sent.
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

/// Holds submissions that have waited unattended for too long, so that a forgotten `/*` is not sent until the user
/// decides.
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
        Pause::StoodStill => "the machine slept, or its clock was changed".to_owned(),
        Pause::NoCredentials => format!("there were no credentials for {}", short(passed)),
    };
    engine.queue.held.extend(waiting);
    engine.queue.pause = Some(pause);
    engine.queue.awake = None;
    engine.say(
        Level::Warning,
        format!("{cause}, so you will be asked before waiting invalidations are sent"),
    );
    engine.tell(News::LeftOver(None));
}
