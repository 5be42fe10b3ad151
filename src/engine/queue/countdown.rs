//! The countdown during which a confirmed job can still be cancelled. Cancelling is only possible before CloudFront
//! receives the request.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::distribution::Target;
use crate::domain::submission::{Event, Scope, State, Submission, SubmissionId};
use crate::engine::drafts::state::Draft;
use crate::engine::news::News;
use crate::engine::notices::state::Level;
use crate::engine::preferences::Front;
use crate::engine::queue::change::apply;
use crate::engine::queue::state::Countdown;
use crate::engine::state::Engine;
use crate::engine::unsaved::state::UnsavedChange;
use crate::engine::{drafts, unsaved};

/// The longest possible countdown. If one appears to be longer, the clock was set back.
const LONGEST: TimeDelta = TimeDelta::minutes(1);

/// Returns how long a submission confirmed with these credentials can be cancelled. A headless command has no
/// countdown, because nobody would see it.
fn span(engine: &Engine, scope: &Scope) -> TimeDelta {
    let preferences = &engine.preferences;
    if preferences.front == Front::Script {
        return TimeDelta::zero();
    }
    let account = scope.account.as_ref();
    let is_production = preferences.account(account).is_some_and(|account| account.production);
    let seconds = preferences
        .guard_of(account)
        .countdown(preferences.send.countdown, is_production);
    TimeDelta::seconds(seconds.into())
}

/// Returns how long a submission that was just planned can be cancelled.
fn span_of(engine: &Engine, id: &SubmissionId) -> TimeDelta {
    let mut countdowns = engine.queue.countdowns.iter();
    let begun = countdowns.find(|countdown| countdown.ids.contains(id));
    begun.map_or(TimeDelta::zero(), |countdown| countdown.span)
}

/// Starts a countdown. The planned submissions are sent only when it ends.
pub(super) fn begin(engine: &mut Engine, ids: &[SubmissionId], draft: Option<&Draft>) {
    let scope = ids.first().and_then(|id| engine.queue.get(id)).map(|s| &s.scope);
    let span = scope.map_or(TimeDelta::zero(), |scope| span(engine, scope));
    if span > TimeDelta::zero() {
        engine.queue.countdowns.push(Countdown {
            ids: ids.to_vec(),
            draft: draft.cloned(),
            stopping: false,
            span,
        });
        engine.touch();
    }
}

/// Carries out a cancellation that the user requested before the ledger confirmed the plan.
pub(super) fn planned(engine: &mut Engine) {
    close(engine);
    if engine.queue.countdowns.iter().any(Countdown::is_stopping) {
        stop(engine);
    }
}

/// Returns the planned submissions as the ledger stores them: queued, or, if they can still be cancelled, in the
/// countdown, so that the user is asked about them if the program exits first.
pub(super) fn as_held(engine: &Engine, submissions: Vec<Submission>) -> Vec<Submission> {
    let hold = |mut submission: Submission| {
        let countdown = span_of(engine, &submission.id);
        if countdown > TimeDelta::zero() {
            submission.state = State::Counting {
                until: submission.created + countdown,
            };
        }
        submission.held()
    };
    submissions.into_iter().map(hold).collect()
}

/// Starts the countdown of a submission once the ledger has stored it. The time is measured from the confirmation.
pub(super) fn count(engine: &mut Engine, id: &SubmissionId) {
    let countdown = span_of(engine, id);
    if countdown > TimeDelta::zero()
        && let Some(created) = engine.queue.get(id).map(|s| s.created)
    {
        apply(engine, id, Event::CountDown(created + countdown));
    }
}

/// Releases the submissions whose countdown is over. If the clock was set back, the countdown restarts.
pub(super) fn release(engine: &mut Engine) {
    let now = engine.now;
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
        let (set_back, countdown) = (until - now > LONGEST, span_of(engine, &id));
        if set_back && countdown > TimeDelta::zero() {
            apply(engine, &id, Event::CountDown(now + countdown));
        } else if (set_back || until <= now) && apply(engine, &id, Event::Counted) {
            counted.push(id);
        }
    }
    keep_counted(engine, &counted);
    close(engine);
}

/// Saves the released submissions, so that the next run resumes them like any others.
fn keep_counted(engine: &mut Engine, counted: &[SubmissionId]) {
    let counted: Vec<_> = counted.iter().cloned().map(UnsavedChange::Submission).collect();
    unsaved::save(engine, &counted);
}

/// Removes the countdowns that no longer have anything to cancel.
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

/// Returns when the last submission of a countdown is sent; `None` while the ledger is still storing the submissions.
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

/// Cancels the countdown at the user's request. If nothing has been sent, the list becomes a draft again, in the same
/// transaction.
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
    // If some submissions were already sent, the ledger contains them, so the list does not become a draft.
    let draft = countdown.draft.filter(|_| stopped.len() == countdown.ids.len());
    let targets = targets(engine, &stopped);
    let mut changes: Vec<_> = stopped.into_iter().map(UnsavedChange::Submission).collect();
    let key = draft.as_ref().map(|draft| draft.key);
    if let Some(Draft { key, targets, text }) = draft {
        changes.push(UnsavedChange::Draft(key));
        drafts::set(engine, key, &targets, text);
    }
    unsaved::save(engine, &changes);
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
