//! The responses and subjects of edge checks.

use std::collections::{BTreeMap, VecDeque};

use crate::domain::distribution::Target;
use crate::domain::edge::{Address, EdgeSample, Plan};
use crate::engine::row::key::RowKey;

/// The edge responses of this run, and the URLs still to be requested.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    pub(in crate::engine) looks: BTreeMap<Address, Vec<EdgeSample>>,
    pub(in crate::engine) waiting: VecDeque<Address>,
    pub(in crate::engine) asking: Option<Address>,
    /// The checks whose outcome is announced once their last response has arrived.
    pub(in crate::engine) told: Vec<(Subject, Plan)>,
}

impl Edge {
    /// Returns the responses for a URL, oldest first.
    #[must_use]
    pub fn looks(&self, address: &Address) -> &[EdgeSample] {
        self.looks.get(address).map_or(&[], Vec::as_slice)
    }

    /// Returns whether a URL is being requested, or is queued to be requested.
    #[must_use]
    pub fn awaits(&self, address: &Address) -> bool {
        self.asking.as_ref() == Some(address) || self.waiting.contains(address)
    }
}

/// The subject of an edge check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An invalidation.
    Row(RowKey),
    /// Items that are about to be invalidated.
    Draft {
        /// The target of the items.
        target: Target,
        /// The items in wire form.
        items: Vec<String>,
    },
}
