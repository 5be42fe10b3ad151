//! The seconds in which what was confirmed can still be stopped: the only cancelling that CloudFront allows is before it is
//! asked.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::distribution::Target;
use crate::domain::submission::{Event, State, Submission, SubmissionId};
use crate::engine::drafts;
use crate::engine::news::News;
use crate::engine::notices::Level;
use crate::engine::purpose::Draft;
use crate::engine::queue::apply;
use crate::engine::state::Engine;
use crate::engine::unsaved::{self, Matter};

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
pub(super) fn begin(engine: &mut Engine, ids: &[SubmissionId], draft: Option<&Draft>) {
    if engine.preferences.sending.countdown > TimeDelta::zero() {
        engine.queue.countdowns.push(Countdown {
            ids: ids.to_vec(),
            draft: draft.cloned(),
            stopping: false,
        });
        engine.touch();
    }
}

/// The ledger answered for the plan: a person who stopped it meanwhile gets their way.
pub(super) fn planned(engine: &mut Engine) {
    close(engine);
    if engine.queue.countdowns.iter().any(Countdown::is_stopping) {
        stop(engine);
    }
}

/// The plan as the ledger holds it: what waits for its turn is queued there. What can be stopped says so, and is asked
/// about should the program end.
pub(super) fn as_held(engine: &Engine, submissions: Vec<Submission>) -> Vec<Submission> {
    let countdown = engine.preferences.sending.countdown;
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
pub(super) fn count(engine: &mut Engine, id: &SubmissionId) {
    let countdown = engine.preferences.sending.countdown;
    if countdown > TimeDelta::zero()
        && let Some(created) = engine.queue.get(id).map(|s| s.created)
    {
        apply(engine, id, Event::CountDown(created + countdown));
    }
}

/// Lets those go whose time is over. A clock that was set back begins the countdown again.
pub(super) fn release(engine: &mut Engine) {
    let (now, countdown) = (engine.now, engine.preferences.sending.countdown);
    let counting: Vec<_> = engine
        .queue
        .submissions
        .open()
        .filter(|s| !engine.queue.is_held(&s.id))
        .filter_map(|s| match s.state {
            State::Counting { until } => Some((s.id.clone(), until)),
            _ => None,
        })
        .collect();
    let mut counted = Vec::new();
    for (id, until) in counting {
        let set_back = until - now > LONGEST;
        if set_back && countdown > TimeDelta::zero() {
            apply(engine, &id, Event::CountDown(now + countdown));
        } else if (set_back || until <= now) && apply(engine, &id, Event::Counted) {
            counted.push(id);
        }
    }
    keep_counted(engine, &counted);
    close(engine);
}

/// From now on a start carries them on like any other.
fn keep_counted(engine: &mut Engine, counted: &[SubmissionId]) {
    let counted: Vec<_> = counted.iter().cloned().map(Matter::Submission).collect();
    unsaved::save(engine, &counted);
}

/// Forgets those of which nothing is left to be stopped.
fn close(engine: &mut Engine) {
    let mut countdowns = std::mem::take(&mut engine.queue.countdowns);
    let queue = &engine.queue;
    let stoppable = |id: &SubmissionId| queue.get(id).is_some_and(|s| is_stoppable(&s.state));
    let before = countdowns.len();
    countdowns.retain(|countdown| countdown.ids.iter().any(stoppable));
    if countdowns.len() < before {
        engine.touch();
    }
    engine.queue.countdowns = countdowns;
}

fn is_stoppable(state: &State) -> bool {
    *state == State::Planned || state.is_counting()
}

/// When the last of them leaves; `None` while the ledger is being asked.
#[must_use]
pub(crate) fn until(engine: &Engine, countdown: &Countdown) -> Option<DateTime<Utc>> {
    let states = countdown.ids.iter().filter_map(|id| engine.queue.get(id));
    states
        .filter_map(|s| match s.state {
            State::Counting { until } => Some(until),
            _ => None,
        })
        .max()
}

/// A person stops it: nothing was sent, and the list is a draft again. One transaction does both.
pub(crate) fn stop(engine: &mut Engine) {
    engine.touch();
    let queue = &engine.queue;
    let is_planned = |id| queue.get(id).is_some_and(|s| s.state == State::Planned);
    let Some(waits) = queue.countdowns.first().map(|first| first.ids.iter().any(is_planned)) else {
        return;
    };
    if waits {
        engine.queue.countdowns[0].stopping = true;
        return;
    }
    let countdown = engine.queue.countdowns.remove(0);
    let stopped: Vec<_> = countdown
        .ids
        .iter()
        .filter(|id| engine.queue.get(id).is_some_and(|s| is_stoppable(&s.state)))
        .cloned()
        .collect();
    for id in &stopped {
        apply(engine, id, Event::Cancel);
    }
    // What has left already is in the ledger as what it is: its list is no draft.
    let draft = countdown.draft.filter(|_| stopped.len() == countdown.ids.len());
    let targets = targets(engine, &stopped);
    let mut matters: Vec<_> = stopped.into_iter().map(Matter::Submission).collect();
    let key = draft.as_ref().map(|draft| draft.key);
    if let Some(Draft { key, targets, text }) = draft {
        matters.push(Matter::Draft(key));
        drafts::set(engine, key, &targets, text);
    }
    unsaved::save(engine, &matters);
    match key {
        Some(key) => engine.tell(News::Stopped(targets, key)),
        None => engine.say(Level::Info, "Cancelled: nothing was sent"),
    }
}

fn targets(engine: &Engine, ids: &[SubmissionId]) -> Vec<Target> {
    let submissions = ids.iter().filter_map(|id| engine.queue.get(id));
    let mut met = HashSet::new();
    let targets = submissions.map(|submission| &submission.target);
    targets.filter(|target| met.insert(*target)).cloned().collect()
}
