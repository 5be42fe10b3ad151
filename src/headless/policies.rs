//! The policies of the targets of a dry run.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::behavior::{CacheKey, CachePolicyId};
use crate::domain::distribution::DeploymentPolicyId;
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

    /// Reads these policies one after another and returns the actions that were denied. After a denial, the other
    /// policies of that kind are not requested; any other failure only means that less is known.
    pub(super) async fn read(
        &mut self,
        cloudfront: &CloudFront,
        keys: BTreeSet<CachePolicyId>,
        deployments: BTreeSet<DeploymentPolicyId>,
    ) -> Vec<&'static str> {
        let mut denied = Vec::new();
        for id in keys {
            match cloudfront.call(Call::GetCachePolicy(id.clone())).await {
                Ok(Answer::CacheKey(key)) => drop(self.keys.insert(id, key)),
                Err(failure) if failure.is_denied() => {
                    denied.push("GetCachePolicy");
                    break;
                }
                Ok(_) | Err(_) => {}
            }
        }
        for id in deployments {
            match cloudfront.call(Call::GetDeploymentPolicy(id.clone())).await {
                Ok(Answer::StagingNames(names)) => drop(self.deployments.insert(id, names)),
                Err(failure) if failure.is_denied() => {
                    denied.push("GetContinuousDeploymentPolicy");
                    break;
                }
                Ok(_) | Err(_) => {}
            }
        }
        denied
    }
}
