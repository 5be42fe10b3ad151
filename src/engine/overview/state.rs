//! The automatic reads for visible distributions: which are finished and which are in progress.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::distribution::Target;
use crate::domain::invalidation::InvalidationId;
use crate::engine::effect::RequestId;

/// Minimum time between two automatic reads of the same target.
pub(in crate::engine) const FRESH: TimeDelta = TimeDelta::minutes(5);

/// A read that is queued or awaits its response.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Reading {
    pub(in crate::engine) request: RequestId,
    pub(in crate::engine) target: Target,
    pub(in crate::engine) id: Option<InvalidationId>,
}

/// The progress of the automatic reads.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// The targets whose newest invalidations have been requested.
    pub(in crate::engine) asked: BTreeSet<Target>,
    /// The invalidations whose items have been requested.
    pub(in crate::engine) whole: BTreeSet<(Target, InvalidationId)>,
    pub(in crate::engine) reading: Option<Reading>,
    /// The target that was read last. If that read failed because of permissions, credentials or the network, reads of
    /// the others will fail too.
    pub(in crate::engine) last: Option<Target>,
    /// When the user last refreshed. Data loaded before then is reloaded, however recent it is.
    pub(in crate::engine) asked_again: Option<DateTime<Utc>>,
}

impl Overview {
    /// Returns whether the newest invalidations of this target are shown with the distributions.
    pub(crate) fn shows(&self, target: &Target) -> bool {
        self.asked.contains(target)
    }

    /// Starts over because the user refreshed.
    pub(crate) fn begin_again(&mut self, now: DateTime<Utc>) {
        self.asked_again = Some(now);
        self.asked.clear();
        self.whole.clear();
        self.last = None;
    }
}
