//! The last invalidation of a target, whether created on this machine or elsewhere, from this run or from the ledger.

use chrono::{DateTime, Utc};

use crate::domain::distribution::Target;
use crate::domain::invalidation::InvalidationId;
use crate::engine::data::TargetInvalidations;
use crate::engine::row::key::RowKey;
use crate::engine::row::row;
use crate::engine::state::Engine;

/// Returns the newest invalidation of a target.
#[must_use]
pub fn latest(engine: &Engine, target: &Target) -> Option<RowKey> {
    let ours = engine.sent_to(target).next_back();
    let ours = ours.map(|submission| RowKey::Submission(submission.id.clone()));
    let other = newest_listed(engine, target)
        .or_else(|| newest_in_ledger(engine, target))
        .map(|(_, id)| RowKey::Invalidation(target.clone(), id.clone()));
    match (ours, other) {
        (Some(ours), Some(other)) => {
            let (one, two) = (row(engine, &ours)?, row(engine, &other)?);
            let later = !one.is_to_come() && two.made() > one.made();
            Some(if later { other } else { ours })
        }
        (ours, other) => ours.or(other),
    }
}

/// Returns the newest invalidation that CloudFront listed in this run.
fn newest_listed<'a>(engine: &'a Engine, target: &Target) -> Option<(DateTime<Utc>, &'a InvalidationId)> {
    let listed = engine
        .histories
        .get(target)
        .into_iter()
        .flat_map(TargetInvalidations::summaries);
    listed.map(|summary| (summary.create_time, &summary.id)).max()
}

/// Returns the newest completed invalidation from an earlier run; the current status of the others is unknown.
fn newest_in_ledger<'a>(engine: &'a Engine, target: &'a Target) -> Option<(DateTime<Utc>, &'a InvalidationId)> {
    let done = engine
        .histories
        .known_of(target)
        .filter(|one| one.status.is_completed());
    done.map(|one| (one.create_time, &one.id)).max()
}
