//! Submissions claimed by other windows. The ledger reports them, so that all windows show the same submissions.

use std::collections::BTreeSet;

use crate::domain::invalidation::{InvalidationSummary, Status};
use crate::domain::observation::Took;
use crate::domain::submission::{Submission, SubmissionId};
use crate::engine::queue::send::add_use;
use crate::engine::row::key::RowKey;
use crate::engine::state::Engine;
use crate::engine::watch::following;
use crate::engine::whose;

/// Replaces the known submissions that other windows have claimed, and those that no window has claimed.
pub(crate) fn others_have(engine: &mut Engine, elsewhere: Vec<Submission>, left: Vec<SubmissionId>) {
    let own = &engine.queue.submissions;
    let left = left.into_iter().filter(|id| !own.contains(id)).collect();
    let elsewhere = elsewhere.into_iter().filter(|s| !own.contains(&s.id));
    let others = elsewhere.map(|s| as_written(s, &left)).collect();
    let before = std::mem::replace(&mut engine.queue.others, others);
    let left_before = std::mem::replace(&mut engine.queue.left, left);
    if engine.queue.others == before && engine.queue.left == left_before {
        return;
    }
    // This month's usage already includes the ledger's contents at startup.
    if engine.ledger.is_open() {
        let now: Vec<Submission> = engine.queue.others.iter().cloned().collect();
        for submission in now {
            moved(engine, before.get(&submission.id), &submission);
        }
    }
    whose::tell_left(engine);
    engine.redraw_rows();
}

/// Returns a submission as the ledger stores it: no longer being written and, if no window has claimed it, no longer
/// being sent.
fn as_written(mut submission: Submission, left: &BTreeSet<SubmissionId>) -> Submission {
    if left.contains(&submission.id) {
        submission.wake();
    }
    submission.held()
}

/// Adds submissions that ended in another window to the queue, and their durations to the typical times.
pub(crate) fn others_ended(engine: &mut Engine, ended: Vec<Submission>) {
    for submission in ended {
        if engine.queue.submissions.contains(&submission.id) {
            continue;
        }
        let known = engine.queue.others.remove(&submission.id);
        moved(engine, known.as_ref(), &submission);
        tell_history(engine, &submission);
        engine.queue.add_duration(&submission);
        engine.queue.submissions.insert(submission);
        engine.redraw_rows();
    }
}

/// Highlights the row of a submission whose state changed, and adds newly accepted items to the usage.
fn moved(engine: &mut Engine, known: Option<&Submission>, now: &Submission) {
    if known == Some(now) {
        return;
    }
    if now.state.is_news() {
        following::show_change(engine, RowKey::Submission(now.id.clone()));
    }
    let was_accepted = known.is_some_and(|known| known.state.accepted().is_some());
    if now.state.accepted().is_some() && !was_accepted {
        add_use(engine, &now.scope, now.batch.items().len() as u64);
    }
}

/// Updates the target's list, which may still show a completed invalidation as in progress.
fn tell_history(engine: &mut Engine, submission: &Submission) {
    let (Some((id, create_time)), Some(_)) = (submission.state.accepted(), submission.state.seen_completed()) else {
        return;
    };
    let history = engine.histories.entry(&submission.target);
    if history.get(id).is_some() {
        history.put(InvalidationSummary {
            id: id.clone(),
            status: Status::new("Completed"),
            create_time,
        });
    }
}

impl crate::engine::queue::state::Queue {
    /// Adds a submission's duration to the typical times, if it was watched until completion.
    pub(super) fn add_duration(&mut self, submission: &Submission) {
        let span = submission.state.took().and_then(Took::measured);
        self.durations
            .extend(&submission.scope.endpoint, &submission.target, span);
    }
}
