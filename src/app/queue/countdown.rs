//! The seconds in which what was confirmed can still be stopped: the only cancelling that CloudFront allows is before it is
//! asked.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::apply;
use crate::app::drafts;
use crate::app::model::{Draft, Level, Model};
use crate::app::news::News;
use crate::app::unsaved::{self, Matter};
use crate::domain::distribution::Target;
use crate::domain::submission::{Event, State, Submission, SubmissionId};

/// No countdown is longer: one that seems to be comes from a clock that was set back.
const LONGEST: TimeDelta = TimeDelta::minutes(1);

/// What is counted down to, and what stopping it brings back.
#[derive(Clone, Debug)]
pub struct Countdown {
    /// The submissions that leave then.
    pub ids: Vec<SubmissionId>,
    /// The list as it was composed.
    draft: Option<Draft>,
    /// A person stopped it, and the ledger has yet to answer for the plan.
    stopping: bool,
}

impl Countdown {
    /// Whether a person stopped it already.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping
    }
}

/// Begins to count: what is planned leaves only then.
pub(super) fn begin(model: &mut Model, ids: &[SubmissionId], draft: Option<&Draft>) {
    if model.preferences.sending.countdown > TimeDelta::zero() {
        model.queue.countdowns.push(Countdown {
            ids: ids.to_vec(),
            draft: draft.cloned(),
            stopping: false,
        });
        model.touch();
    }
}

/// The ledger answered for the plan: a person who stopped it meanwhile gets their way.
pub(super) fn planned(model: &mut Model) {
    close(model);
    if model.queue.countdowns.iter().any(Countdown::is_stopping) {
        stop(model);
    }
}

/// The plan as the ledger holds it: what waits for its turn is queued there. What can be stopped says so, and is asked
/// about should the program end.
pub(super) fn as_held(model: &Model, submissions: Vec<Submission>) -> Vec<Submission> {
    let countdown = model.preferences.sending.countdown;
    let hold = |mut submission: Submission| {
        if countdown > TimeDelta::zero() {
            submission.state = State::Counting {
                until: submission.created + countdown,
            };
        }
        submission.held()
    };
    submissions.into_iter().map(hold).collect()
}

/// The ledger holds it: from its confirmation on the time is counted.
pub(super) fn count(model: &mut Model, id: &SubmissionId) {
    let countdown = model.preferences.sending.countdown;
    if countdown > TimeDelta::zero()
        && let Some(created) = model.queue.get(id).map(|s| s.created)
    {
        apply(model, id, Event::CountDown(created + countdown));
    }
}

/// Lets those go whose time is over. A clock that was set back begins the countdown again.
pub(super) fn release(model: &mut Model) {
    let (now, countdown) = (model.now, model.preferences.sending.countdown);
    let counting: Vec<_> = model
        .queue
        .submissions
        .open()
        .filter(|s| !model.queue.is_held(&s.id))
        .filter_map(|s| match s.state {
            State::Counting { until } => Some((s.id.clone(), until)),
            _ => None,
        })
        .collect();
    let mut counted = Vec::new();
    for (id, until) in counting {
        let set_back = until - now > LONGEST;
        if set_back && countdown > TimeDelta::zero() {
            apply(model, &id, Event::CountDown(now + countdown));
        } else if (set_back || until <= now) && apply(model, &id, Event::Counted) {
            counted.push(id);
        }
    }
    keep_counted(model, &counted);
    close(model);
}

/// From now on a start carries them on like any other.
fn keep_counted(model: &mut Model, counted: &[SubmissionId]) {
    let counted: Vec<_> = counted.iter().cloned().map(Matter::Submission).collect();
    unsaved::save(model, &counted);
}

/// Forgets those of which nothing is left to be stopped.
fn close(model: &mut Model) {
    let mut countdowns = std::mem::take(&mut model.queue.countdowns);
    let queue = &model.queue;
    let stoppable = |id: &SubmissionId| queue.get(id).is_some_and(|s| is_stoppable(&s.state));
    let before = countdowns.len();
    countdowns.retain(|countdown| countdown.ids.iter().any(stoppable));
    if countdowns.len() < before {
        model.touch();
    }
    model.queue.countdowns = countdowns;
}

fn is_stoppable(state: &State) -> bool {
    *state == State::Planned || state.is_counting()
}

/// When the last of them leaves; `None` while the ledger is being asked.
#[must_use]
pub(crate) fn until(model: &Model, countdown: &Countdown) -> Option<DateTime<Utc>> {
    let states = countdown.ids.iter().filter_map(|id| model.queue.get(id));
    states
        .filter_map(|s| match s.state {
            State::Counting { until } => Some(until),
            _ => None,
        })
        .max()
}

/// A person stops it: nothing was sent, and the list is a draft again. One transaction does both.
pub(in crate::app) fn stop(model: &mut Model) {
    model.touch();
    let queue = &model.queue;
    let is_planned = |id| queue.get(id).is_some_and(|s| s.state == State::Planned);
    let Some(waits) = queue.countdowns.first().map(|first| first.ids.iter().any(is_planned)) else {
        return;
    };
    if waits {
        model.queue.countdowns[0].stopping = true;
        return;
    }
    let countdown = model.queue.countdowns.remove(0);
    let stopped: Vec<_> = countdown
        .ids
        .iter()
        .filter(|id| model.queue.get(id).is_some_and(|s| is_stoppable(&s.state)))
        .cloned()
        .collect();
    for id in &stopped {
        apply(model, id, Event::Cancel);
    }
    // What has left already is in the ledger as what it is: its list is no draft.
    let draft = countdown.draft.filter(|_| stopped.len() == countdown.ids.len());
    let targets = targets(model, &stopped);
    let mut matters: Vec<_> = stopped.into_iter().map(Matter::Submission).collect();
    let key = draft.as_ref().map(|draft| draft.key);
    if let Some(Draft { key, targets, text }) = draft {
        matters.push(Matter::Draft(key));
        drafts::set(model, key, &targets, text);
    }
    unsaved::save(model, &matters);
    match key {
        Some(key) => model.tell(News::Stopped(targets, key)),
        None => model.say(Level::Info, "stopped: nothing was sent"),
    }
}

fn targets(model: &Model, ids: &[SubmissionId]) -> Vec<Target> {
    let submissions = ids.iter().filter_map(|id| model.queue.get(id));
    let mut met = HashSet::new();
    let targets = submissions.map(|submission| &submission.target);
    targets.filter(|target| met.insert(*target)).cloned().collect()
}
