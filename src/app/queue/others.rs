//! What other windows of ours carry on: the ledger tells it, and both windows show the same.

use std::collections::BTreeSet;

use super::send::add_use;
use crate::app::model::Model;
use crate::app::row::RowKey;
use crate::app::watch;
use crate::app::whose;
use crate::domain::invalidation::{InvalidationSummary, Status};
use crate::domain::observation::Took;
use crate::domain::submission::{Submission, SubmissionId};

/// These are what others carry on now, or nobody does, and nothing else.
pub(in crate::app) fn others_have(model: &mut Model, elsewhere: Vec<Submission>, left: Vec<SubmissionId>) {
    let own = &model.queue.submissions;
    let left = left.into_iter().filter(|id| !own.contains(id)).collect();
    let elsewhere = elsewhere.into_iter().filter(|s| !own.contains(&s.id));
    let others = elsewhere.map(|s| as_written(s, &left)).collect();
    let before = std::mem::replace(&mut model.queue.others, others);
    let left_before = std::mem::replace(&mut model.queue.left, left);
    if model.queue.others == before && model.queue.left == left_before {
        return;
    }
    // What the ledger told at the start is part of this month's use already.
    if model.ledger.is_open() {
        let now: Vec<Submission> = model.queue.others.iter().cloned().collect();
        for submission in now {
            moved(model, before.get(&submission.id), &submission);
        }
    }
    whose::tell_left(model);
    model.rows_changed();
    model.touch();
}

/// What the ledger holds is no longer being written to it; and what nobody carries on is not under way any more.
fn as_written(mut submission: Submission, left: &BTreeSet<SubmissionId>) -> Submission {
    if left.contains(&submission.id) {
        submission.wake();
    }
    submission.held()
}

/// These ended in another window.
pub(in crate::app) fn others_ended(model: &mut Model, ended: Vec<Submission>) {
    for submission in ended {
        if model.queue.submissions.contains(&submission.id) {
            continue;
        }
        let known = model.queue.others.remove(&submission.id);
        moved(model, known.as_ref(), &submission);
        tell_history(model, &submission);
        model.queue.add_duration(&submission);
        model.queue.submissions.insert(submission);
        model.rows_changed();
        model.touch();
    }
}

/// One stands where it did not stand before: that is shown, and what CloudFront accepted counts.
fn moved(model: &mut Model, known: Option<&Submission>, now: &Submission) {
    if known == Some(now) {
        return;
    }
    if now.state.is_news() {
        watch::show_change(model, RowKey::Submission(now.id.clone()));
    }
    let was_accepted = known.is_some_and(|known| known.state.accepted().is_some());
    if now.state.accepted().is_some() && !was_accepted {
        add_use(model, &now.scope, now.batch.items().len() as u64);
    }
}

/// The list of the target may still say that it is under way.
fn tell_history(model: &mut Model, submission: &Submission) {
    let (Some((id, create_time)), Some(_)) = (submission.state.accepted(), submission.state.seen_completed()) else {
        return;
    };
    let history = model.histories.entry(&submission.target);
    if history.get(id).is_some() {
        history.put(InvalidationSummary {
            id: id.clone(),
            status: Status::new("Completed"),
            create_time,
        });
    }
}

impl super::Queue {
    /// How long it took counts for what is usual, where somebody watched its end.
    pub(super) fn add_duration(&mut self, submission: &Submission) {
        let span = submission.state.took().and_then(Took::measured);
        self.durations
            .extend(&submission.scope.endpoint, &submission.target, span);
    }
}
