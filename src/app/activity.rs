//! The invalidations in progress and those that ended most recently, for all targets.

use chrono::TimeDelta;

use crate::domain::distribution::Target;
use crate::domain::observation::Took;
use crate::domain::submission::Submission;
use crate::engine::data::TargetInvalidations;
use crate::engine::row::RowKey;
use crate::engine::state::Engine;

/// Returns everything in progress in this ledger, newest first, then ended submissions, most recently confirmed first;
/// at most `most` in total.
#[must_use]
pub fn rows(engine: &Engine, most: usize) -> Vec<RowKey> {
    let here = |s: &&Submission| engine.is_here(&s.scope);
    let mut open: Vec<&Submission> = engine.queue.open().filter(here).collect();
    open.sort_by(|one, other| other.id.cmp(&one.id));
    let ended = engine.queue.iter().rev().filter(|s| s.state.is_final()).filter(here);
    let found = open.into_iter().chain(ended).take(most);
    found.map(|s| RowKey::Submission(s.id.clone())).collect()
}

/// Returns the newest invalidations of a target, ours and others, newest first; at most `most`.
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

/// Returns the newest measured durations, in chronological order.
#[must_use]
pub fn times(engine: &Engine, target: &Target, most: usize) -> Vec<TimeDelta> {
    let taken = engine.sent_to(target).rev();
    let taken = taken.filter_map(|s| s.state.took().and_then(Took::measured));
    let mut taken: Vec<_> = taken.take(most).collect();
    taken.reverse();
    taken
}
