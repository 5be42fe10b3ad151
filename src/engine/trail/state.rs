//! The state of the lookups of who made invalidations.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::domain::trail::{Outcome, Search, TrailKey};
use crate::engine::effect::RequestId;

/// The lookups of who made invalidations.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    /// The outcomes of finished lookups.
    pub(in crate::engine) outcomes: BTreeMap<TrailKey, Outcome>,
    /// The interrupted searches, which resume at their next page.
    pub(in crate::engine) left: BTreeMap<TrailKey, Search>,
    /// The lookup in progress; only one runs at a time.
    pub(in crate::engine) current: Option<Lookup>,
    /// When the last request was sent to CloudTrail.
    pub(in crate::engine) asked: Option<DateTime<Utc>>,
    /// Whether the missing permission has been reported.
    pub(in crate::engine) denial_is_told: bool,
}

/// A lookup in progress.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Lookup {
    pub(in crate::engine) key: TrailKey,
    pub(in crate::engine) search: Search,
    /// The pending request to the ledger or CloudTrail; `None` while the next one waits for its turn.
    pub(in crate::engine) request: Option<RequestId>,
    /// Whether CloudTrail is being searched, because the ledger contains no result.
    pub(in crate::engine) is_asking: bool,
}

impl Trail {
    /// Discards everything except the pace, because the rest belongs to other credentials.
    pub(crate) fn forget(&mut self) {
        *self = Self {
            asked: self.asked,
            ..Self::default()
        };
    }
}
