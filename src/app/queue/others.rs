//! What other windows of ours carry on: the ledger tells it, and both windows show the same.

use super::send::add_use;
use crate::app::model::Model;
use crate::app::screen::invalidations::RowKey;
use crate::app::watch;
use crate::domain::invalidation::{InvalidationSummary, Status};
use crate::domain::observation::Took;
use crate::domain::submission::{Submission, SubmissionId};

/// These are what others carry on now, and nothing else.
pub(in crate::app) fn others_have(model: &mut Model, elsewhere: Vec<Submission>) {
    let elsewhere = elsewhere.into_iter();
    let others = elsewhere.filter(|s| !model.queue.submissions.contains_key(&s.id));
    let others = others.map(|s| (s.id.clone(), s)).collect();
    let before = std::mem::replace(&mut model.queue.others, others);
    if model.queue.others == before {
        return;
    }
    // What the ledger told at the start is part of this month's use already.
    if model.ledger_open {
        let now: Vec<Submission> = model.queue.others.values().cloned().collect();
        for submission in now {
            moved(model, before.get(&submission.id), &submission);
        }
    }
    model.rows_changed();
    model.touch();
}

/// These ended in another window.
pub(in crate::app) fn others_ended(model: &mut Model, ended: Vec<Submission>) {
    for submission in ended {
        if model.queue.submissions.contains_key(&submission.id) {
            continue;
        }
        let known = model.queue.others.remove(&submission.id);
        moved(model, known.as_ref(), &submission);
        tell_history(model, &submission);
        model.queue.add_duration(&submission);
        model.queue.submissions.insert(submission.id.clone(), submission);
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
        add_use(model, now.scope.account.clone(), now.batch.items().len() as u64);
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
        self.durations.extend(&submission.target, span);
    }

    /// Why a person cannot do anything about it here.
    ///
    /// # Errors
    /// A sentence.
    pub fn must_be_ours(&self, id: &SubmissionId) -> Result<(), String> {
        match self.others.get(id) {
            Some(other) => Err(format!(
                "a window of the profile {} carries it on, or will; decide there",
                other.scope.profile
            )),
            None => Ok(()),
        }
    }
}
