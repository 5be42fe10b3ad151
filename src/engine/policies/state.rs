//! The policies that have been loaded.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::behavior::{CacheKey, CachePolicyId};
use crate::domain::distribution::DeploymentPolicyId;

/// The policies that have been loaded; `None` means the policy does not exist.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    pub(in crate::engine) keys: BTreeMap<CachePolicyId, Option<CacheKey>>,
    pub(in crate::engine) deployments: BTreeMap<DeploymentPolicyId, Vec<String>>,
    /// The actions whose denial has been reported.
    pub(in crate::engine) told: BTreeSet<&'static str>,
}

impl Policies {
    /// Returns the cache key of a cache policy, if the policy has been loaded.
    #[must_use]
    pub fn key(&self, policy: &CachePolicyId) -> Option<&CacheKey> {
        self.keys.get(policy)?.as_ref()
    }
}
