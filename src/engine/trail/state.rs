//! Who made invalidations, as far as that was looked up.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::domain::trail::{Outcome, Search, TrailKey};
use crate::engine::effect::RequestId;

/// Who made invalidations, where that was looked up.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    /// How the lookups ended.
    pub(in crate::engine) outcomes: BTreeMap<TrailKey, Outcome>,
    /// The searches that were left, to be resumed with the next page.
    pub(in crate::engine) left: BTreeMap<TrailKey, Search>,
    /// The lookup under way; there is one at a time.
    pub(in crate::engine) current: Option<Lookup>,
    /// When CloudTrail was asked last.
    pub(in crate::engine) asked: Option<DateTime<Utc>>,
    /// Whether the missing right was reported.
    pub(in crate::engine) denial_is_told: bool,
}

/// A lookup under way.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Lookup {
    pub(in crate::engine) key: TrailKey,
    pub(in crate::engine) search: Search,
    /// The request to the ledger or to CloudTrail; `None` while it waits for its turn.
    pub(in crate::engine) request: Option<RequestId>,
    /// Whether the ledger has nothing about it.
    pub(in crate::engine) is_asking: bool,
}

impl Trail {
    /// Forgets everything, because it belongs to other credentials. The pace stays.
    pub(crate) fn forget(&mut self) {
        *self = Self {
            asked: self.asked,
            ..Self::default()
        };
    }
}
