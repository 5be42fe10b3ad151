//! The policies of distributions: cache policies, which define the cache key, and continuous deployment policies, which
//! name the staging distribution. Each policy is read once, at polling priority, and nothing waits for it.

pub(crate) mod state;

pub use state::Policies;

use std::collections::BTreeSet;

use crate::domain::behavior::{CacheBehavior, CacheKey, CachePolicyId};
use crate::domain::distribution::{DeploymentPolicyId, Distribution, DistributionId};
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::engine::effect::Call;
use crate::engine::news::News;
use crate::engine::notices::Level;
use crate::engine::pending::CallRequest;
use crate::engine::reads;
use crate::engine::session::Session;
use crate::engine::state::Engine;

/// Requests the unknown policies of a distribution. A failed request is repeated when the next list is composed.
pub(crate) fn learn(engine: &mut Engine, id: &DistributionId) {
    if !matches!(engine.session, Session::Connected(_)) {
        return;
    }
    for (kind, call) in wanted(engine, id) {
        if !engine.pending.has(&kind) {
            reads::watch(engine, kind, call);
        }
    }
}

fn wanted(engine: &Engine, id: &DistributionId) -> Vec<(CallRequest, Call)> {
    let known = &engine.fleet.policies;
    let behaviors = engine.fleet.get(id).map_or(&[][..], |one| one.behaviors.as_slice());
    let keys: BTreeSet<_> = behaviors.iter().filter_map(CacheBehavior::unknown_policy).collect();
    let keys = keys.into_iter().filter(|policy| !known.keys.contains_key(policy));
    let config = engine.fleet.configs.get(id);
    let deployment = config
        .filter(|config| !config.distribution.staging)
        .and_then(|config| config.continuous_deployment.as_ref())
        .filter(|policy| !known.deployments.contains_key(policy));
    keys.cloned()
        .map(|policy| (CallRequest::CachePolicy(policy.clone()), Call::GetCachePolicy(policy)))
        .chain(deployment.cloned().map(|policy| {
            let kind = CallRequest::DeploymentPolicy(policy.clone());
            (kind, Call::GetDeploymentPolicy(policy))
        }))
        .collect()
}

/// Stores a cache policy, or records that it does not exist. A missing permission is reported once.
pub(crate) fn key_read(engine: &mut Engine, policy: CachePolicyId, result: Result<CacheKey, Failure>) {
    match result {
        Ok(key) => {
            engine.fleet.policies.keys.insert(policy, Some(key));
            renew(engine);
        }
        Err(failure) if is(&failure, RefusalKind::NotFound) => {
            engine.fleet.policies.keys.insert(policy, None);
        }
        Err(failure) => report(
            engine,
            &failure,
            "GetCachePolicy",
            "cannot tell whether query strings are part of the cache key",
        ),
    }
}

/// Stores a continuous deployment policy, or records that it does not exist. A missing permission is reported once.
pub(crate) fn deployment_read(engine: &mut Engine, policy: DeploymentPolicyId, result: Result<Vec<String>, Failure>) {
    match result {
        Ok(names) => {
            engine.fleet.policies.deployments.insert(policy, names);
            renew(engine);
        }
        Err(failure) if is(&failure, RefusalKind::NotFound) => {
            engine.fleet.policies.deployments.insert(policy, Vec::new());
        }
        Err(failure) => report(
            engine,
            &failure,
            "GetContinuousDeploymentPolicy",
            "the staging distribution, which has its own cache, is unknown",
        ),
    }
}

fn renew(engine: &mut Engine) {
    engine.tell(News::PolicyRead);
    engine.touch();
}

/// Reports once that the permission for an action is missing.
fn report(engine: &mut Engine, failure: &Failure, action: &'static str, what: &str) {
    if is(failure, RefusalKind::AccessDenied) && engine.fleet.policies.told.insert(action) {
        engine.say(Level::Info, format!("{what} without cloudfront:{action}"));
    }
}

fn is(failure: &Failure, kind: RefusalKind) -> bool {
    failure.refusal().map(Refusal::kind) == Some(kind)
}

/// Returns the domain name of a distribution's staging distribution and, if listed, the staging distribution itself.
#[must_use]
pub fn staging_twin<'a>(engine: &'a Engine, id: &DistributionId) -> Option<(&'a str, Option<&'a Distribution>)> {
    let config = engine.fleet.configs.get(id)?;
    let policy = config.continuous_deployment.as_ref()?;
    let name = engine.fleet.policies.deployments.get(policy)?.first()?;
    let twin = engine.fleet.by_host(name);
    (twin.is_none_or(|twin| twin.id != *id)).then_some((name, twin))
}
