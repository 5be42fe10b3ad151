//! The policies of a dry run's targets.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::behavior::{CacheKey, CachePolicyId};
use crate::domain::distribution::DeploymentPolicyId;
use crate::domain::failure::Failure;
use crate::engine::effect::{Answer, Call};
use crate::runtime::cloudfront::CloudFront;

/// The policies that have been read.
#[derive(Clone, Debug, Default)]
pub(super) struct Policies {
    keys: BTreeMap<CachePolicyId, CacheKey>,
    deployments: BTreeMap<DeploymentPolicyId, Vec<String>>,
}

impl Policies {
    /// Returns the cache key of a cache policy.
    pub(super) fn key(&self, policy: &CachePolicyId) -> Option<&CacheKey> {
        self.keys.get(policy)
    }

    /// Returns the domain name of the staging distribution.
    pub(super) fn staging_name(&self, policy: &DeploymentPolicyId) -> Option<&str> {
        self.deployments.get(policy)?.first().map(String::as_str)
    }

    /// Reads these policies one after another and returns the actions that were denied. After a denial, the remaining
    /// policies of that kind are not requested. Any other failure merely leaves that policy unknown.
    pub(super) async fn read(
        &mut self,
        cloudfront: &CloudFront,
        keys: BTreeSet<CachePolicyId>,
        deployments: BTreeSet<DeploymentPolicyId>,
    ) -> Vec<&'static str> {
        let mut denied = Vec::new();
        if !read(cloudfront, keys, Call::GetCachePolicy, &mut self.keys).await {
            denied.push("GetCachePolicy");
        }
        if !read(
            cloudfront,
            deployments,
            Call::GetDeploymentPolicy,
            &mut self.deployments,
        )
        .await
        {
            denied.push("GetContinuousDeploymentPolicy");
        }
        denied
    }
}

/// Reads the policies of one kind. Returns `false` if reading them is not allowed.
async fn read<Id: Clone + Ord, T: TryFrom<Answer, Error = Failure>>(
    cloudfront: &CloudFront,
    ids: BTreeSet<Id>,
    call: impl Fn(Id) -> Call,
    known: &mut BTreeMap<Id, T>,
) -> bool {
    for id in ids {
        match cloudfront.call(call(id.clone())).await.and_then(T::try_from) {
            Ok(policy) => drop(known.insert(id, policy)),
            Err(failure) if failure.is_denied() => return false,
            Err(_) => {}
        }
    }
    true
}
