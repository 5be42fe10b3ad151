//! Lists the invalidations of all targets: those in progress, and those that ended most recently.

use std::collections::{BinaryHeap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::distribution::Target;
use crate::domain::observation::Took;
use crate::domain::submission::Submission;
use crate::engine::data::TargetInvalidations;
use crate::engine::row::RowKey;
use crate::engine::state::Engine;
use crate::engine::steps;

/// How many of each target's newest invalidations are searched for invalidations not sent from this machine.
const NEWEST: usize = 16;

/// An invalidation with its creation time.
type Timed = (DateTime<Utc>, RowKey);

/// The recent invalidations of all targets, whether or not they were sent from this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// The invalidations in progress, then those that have ended; each group is sorted newest first.
    pub rows: Vec<RowKey>,
    /// The newest completed invalidation.
    pub last_completed: Option<RowKey>,
}

impl Activity {
    /// Collects the recent invalidations of all targets, at most `most` rows in total.
    #[must_use]
    pub fn of(engine: &Engine, most: usize) -> Self {
        let (mut moving, mut ended) = others(engine, most.max(1));
        let ours = ours_ended(engine).take(NEWEST).filter_map(completed);
        let last_completed = ended.iter().cloned().chain(ours).max().map(|(_, key)| key);
        moving.extend(engine.queue.open().filter(|s| engine.is_here(&s.scope)).map(timed));
        ended.extend(ours_ended(engine).take(most).map(timed));
        for list in [&mut moving, &mut ended] {
            list.sort_by(|one, other| other.cmp(one));
        }
        let found = moving.into_iter().chain(ended).take(most);
        Self {
            rows: found.map(|(_, key)| key).collect(),
            last_completed,
        }
    }
}

/// Returns the current account's submissions that have ended, most recently confirmed first.
fn ours_ended(engine: &Engine) -> impl Iterator<Item = &Submission> {
    let ended = engine.queue.iter().rev().filter(|s| s.state.is_final());
    ended.filter(|s| engine.is_here(&s.scope))
}

fn timed(submission: &Submission) -> Timed {
    let accepted = submission.state.accepted();
    let time = accepted.map_or(submission.created, |(_, time)| time);
    (time, RowKey::Submission(submission.id.clone()))
}

/// Returns an accepted submission with the time when it completed, or was created if the duration is unknown.
fn completed(submission: &Submission) -> Option<Timed> {
    let (_, created) = submission.state.accepted()?;
    let took = submission.state.took().and_then(Took::measured);
    let time = created + took.unwrap_or_default();
    Some((time, RowKey::Submission(submission.id.clone())))
}

/// Returns invalidations that do not belong to any submission in this ledger: those in progress, and up to `most` of
/// the newest completed ones. A heap finds the newest, because each frame needs only a few out of thousands.
fn others(engine: &Engine, most: usize) -> (Vec<Timed>, Vec<Timed>) {
    let all = engine.histories.newest(NEWEST.max(most));
    let mut newest: BinaryHeap<_> = all.inspect(|_| steps::count()).collect();
    let (mut moving, mut ended) = (Vec::new(), Vec::new());
    while let Some((time, target, id, is_completed)) = newest.pop().filter(|_| ended.len() < most) {
        if !engine.queue.is_accepted(target, id) {
            let list = if is_completed { &mut ended } else { &mut moving };
            list.push((time, RowKey::Invalidation(target.clone(), id.clone())));
        }
    }
    (moving, ended)
}

/// Returns up to `most` of a target's newest invalidations, newest first, whether or not they were sent from this
/// machine.
#[must_use]
pub fn of_target(engine: &Engine, target: &Target, most: usize) -> Vec<RowKey> {
    let ours = engine.sent_to(target).rev().take(most).map(|s| {
        let time = s.state.accepted().map_or(s.created, |(_, time)| time);
        (time, RowKey::Submission(s.id.clone()))
    });
    let history = engine
        .histories
        .get(target)
        .into_iter()
        .flat_map(TargetInvalidations::summaries);
    let listed = history.map(|row| (row.create_time, &row.id));
    // Invalidations loaded by an earlier run are known before this run has loaded any.
    let is_listed = |id| engine.histories.get(target).is_some_and(|list| list.get(id).is_some());
    let kept = engine.histories.known_of(target);
    let kept = kept.filter(|one| one.status.is_completed() && !is_listed(&one.id));
    let others = listed.chain(kept.map(|one| (one.create_time, &one.id)));
    let others = others.filter(|(_, id)| !engine.queue.is_accepted(target, id));
    let others = others.map(|(time, id)| (time, RowKey::Invalidation(target.clone(), id.clone())));
    let mut all: Vec<_> = ours.chain(others).collect();
    all.sort_by(|one, other| other.cmp(one));
    all.truncate(most);
    all.into_iter().map(|(_, key)| key).collect()
}

/// Returns a target's invalidation that completed last, whether or not it was sent from this machine.
#[must_use]
pub fn last_completed_of(engine: &Engine, target: &Target) -> Option<RowKey> {
    let ours = engine.sent_to(target).rev().filter(|s| s.state.is_final());
    let ours = ours.take(NEWEST).filter_map(completed);
    let history = engine.histories.get(target).into_iter();
    let listed = history.flat_map(TargetInvalidations::newest);
    let listed = listed.filter(|one| one.status.is_completed());
    // Invalidations loaded by an earlier run are known before this run has loaded any.
    let kept = engine
        .histories
        .known_of(target)
        .filter(|one| one.status.is_completed());
    let all = listed
        .map(|one| (one.create_time, &one.id))
        .chain(kept.map(|one| (one.create_time, &one.id)));
    let newest = all.filter(|(_, id)| !engine.queue.is_accepted(target, id)).max();
    let others = newest.map(|(time, id)| (time, RowKey::Invalidation(target.clone(), id.clone())));
    ours.chain(others).max().map(|(_, key)| key)
}

/// Returns a target's newest measured durations, in chronological order.
#[must_use]
pub fn times(engine: &Engine, target: &Target, most: usize) -> Vec<TimeDelta> {
    let taken = engine.sent_to(target).rev();
    let taken = taken.filter_map(|s| s.state.took().and_then(Took::measured));
    let mut taken: Vec<_> = taken.take(most).collect();
    taken.reverse();
    taken
}

/// An invalidation that has not completed yet.
#[derive(Clone, Copy, Debug)]
pub struct Unfinished<'a> {
    /// When CloudFront accepted it, if it has.
    pub created: Option<DateTime<Utc>>,
    /// The items.
    pub items: &'a [String],
}

impl Unfinished<'_> {
    /// Returns whether it invalidates exactly these items, in any order. Sending them again would clear only what has
    /// been cached since then.
    #[must_use]
    pub fn is_of(&self, items: &[String]) -> bool {
        let set = |items: &[String]| items.iter().cloned().collect::<HashSet<_>>();
        self.items.len() == items.len() && set(self.items) == set(items)
    }
}

/// Returns a target's unfinished invalidations whose items are known, from this window, another one or another tool.
pub fn unfinished<'a>(engine: &'a Engine, target: &'a Target) -> impl Iterator<Item = Unfinished<'a>> {
    let ours = engine.queue.open_of(target).filter(|s| engine.is_here(&s.scope));
    let ours = ours.map(|s| Unfinished {
        created: s.state.accepted().map(|(_, created)| created),
        items: s.batch.items(),
    });
    let history = engine.histories.get(target).into_iter();
    let others = history.flat_map(TargetInvalidations::summaries);
    let others = others.filter(|one| !one.status.is_completed() && !engine.queue.is_accepted(target, &one.id));
    let others = others.filter_map(|one| engine.histories.invalidation(target, &one.id));
    ours.chain(others.map(|one| Unfinished {
        created: Some(one.create_time),
        items: &one.items,
    }))
}
