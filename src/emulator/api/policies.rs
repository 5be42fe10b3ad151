//! Implements `GetCachePolicy` and `GetContinuousDeploymentPolicy`.

use super::answer::{Answer, time};
use super::distributions::{CACHING_DISABLED, CACHING_OPTIMIZED};
use crate::emulator::distribution::{Behavior, CacheKey, CachePolicy, ContinuousDeployment, Distribution, PolicyQuery};
use crate::emulator::error::ApiError;
use crate::emulator::state::State;
use crate::emulator::xml::Writer;

/// The version of every policy's configuration.
const ETAG: &str = "E23ZP02F085DFQ";

pub(crate) fn cache(state: &State, id: &str) -> Result<Answer, ApiError> {
    let managed = [CACHING_OPTIMIZED, CACHING_DISABLED].contains(&id);
    let managed = managed.then(|| CachePolicy {
        id: id.to_owned(),
        ..CachePolicy::default()
    });
    let own = || {
        state
            .distributions
            .iter()
            .flat_map(behaviors)
            .find_map(|behavior| with_id(behavior, id))
    };
    let policy = managed.or_else(own).ok_or(ApiError::NO_SUCH_CACHE_POLICY)?;
    let document = Writer::document("CachePolicy", |xml| {
        xml.leaf("Id", id);
        xml.leaf("LastModifiedTime", time(chrono::DateTime::UNIX_EPOCH));
        xml.node("CachePolicyConfig", |xml| config(xml, &policy));
    });
    Ok(Answer::ok(document).with_etag(ETAG))
}

fn behaviors(distribution: &Distribution) -> impl Iterator<Item = &Behavior> {
    distribution.behaviors.iter().chain([&distribution.default_behavior])
}

fn with_id(behavior: &Behavior, id: &str) -> Option<CachePolicy> {
    match &behavior.cache_key {
        CacheKey::Policy(policy) if policy.id == id => Some(policy.clone()),
        _ => None,
    }
}

fn config(xml: &mut Writer, policy: &CachePolicy) {
    xml.leaf("Name", format_args!("policy-{}", policy.id));
    xml.leaf("DefaultTTL", 86_400);
    xml.leaf("MaxTTL", 31_536_000);
    xml.leaf("MinTTL", 1);
    xml.node("ParametersInCacheKeyAndForwardedToOrigin", |xml| {
        xml.leaf("EnableAcceptEncodingGzip", true);
        xml.leaf("EnableAcceptEncodingBrotli", true);
        xml.node("HeadersConfig", |xml| headers(xml, &policy.headers));
        xml.node("CookiesConfig", |xml| {
            xml.leaf("CookieBehavior", if policy.cookies { "all" } else { "none" });
        });
        xml.node("QueryStringsConfig", |xml| query(xml, &policy.query));
    });
}

fn headers(xml: &mut Writer, names: &[String]) {
    xml.leaf("HeaderBehavior", if names.is_empty() { "none" } else { "whitelist" });
    if !names.is_empty() {
        xml.texts("Headers", "Name", names);
    }
}

fn query(xml: &mut Writer, query: &PolicyQuery) {
    let (word, names) = match query {
        PolicyQuery::None => ("none", None),
        PolicyQuery::All => ("all", None),
        PolicyQuery::Only(names) => ("whitelist", Some(names)),
        PolicyQuery::Except(names) => ("allExcept", Some(names)),
    };
    xml.leaf("QueryStringBehavior", word);
    if let Some(names) = names {
        xml.texts("QueryStrings", "Name", names);
    }
}

pub(crate) fn deployment(state: &State, id: &str) -> Result<Answer, ApiError> {
    let mut policies = state
        .distributions
        .iter()
        .filter_map(|one| one.continuous_deployment.as_ref());
    let policy = policies
        .find(|policy| policy.id == id)
        .ok_or(ApiError::NO_SUCH_DEPLOYMENT_POLICY)?;
    Ok(Answer::ok(deployment_document(policy)).with_etag(ETAG))
}

fn deployment_document(policy: &ContinuousDeployment) -> String {
    Writer::document("ContinuousDeploymentPolicy", |xml| {
        xml.leaf("Id", &policy.id);
        xml.leaf("LastModifiedTime", time(chrono::DateTime::UNIX_EPOCH));
        xml.node("ContinuousDeploymentPolicyConfig", |xml| {
            xml.texts("StagingDistributionDnsNames", "DnsName", &[&policy.staging]);
            xml.leaf("Enabled", true);
            xml.node("TrafficConfig", |xml| {
                xml.leaf("Type", "SingleHeader");
                xml.node("SingleHeaderConfig", |xml| {
                    xml.leaf("Header", "aws-cf-cd-staging");
                    xml.leaf("Value", "true");
                });
            });
        });
    })
}
