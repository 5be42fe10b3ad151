//! The cache behaviors of a distribution, their cache keys and functions, and the viewers that it rejects.

use aws_sdk_cloudfront::types as sdk;

use crate::domain::behavior::{CacheBehavior, CacheKey, CachePolicyId, FunctionKind, QueryKey, ViewerFunction};
use crate::domain::distribution::Refused;

/// A header that CloudFront normalizes itself. The separate copies that it causes need no remark.
const ACCEPT_ENCODING: &str = "Accept-Encoding";

/// Converts a behavior. The SDK has two types with the same fields, one of which is for the default behavior.
macro_rules! converted {
    ($pattern:expr, $behavior:expr) => {
        CacheBehavior {
            path_pattern: $pattern.to_owned(),
            smooth_streaming: $behavior.smooth_streaming().unwrap_or(false),
            cache_key: $behavior.forwarded_values().map(legacy_key),
            cache_policy: policy($behavior.cache_policy_id()),
            viewer_function: function(
                $behavior.function_associations(),
                $behavior.lambda_function_associations(),
            ),
            signed: is_signed($behavior.trusted_key_groups(), $behavior.trusted_signers()),
        }
    };
}

/// Returns the default behavior, followed by the others in order.
#[expect(
    deprecated,
    reason = "distributions without a cache policy still have the legacy settings"
)]
pub(super) fn all(default: Option<&sdk::DefaultCacheBehavior>, others: &[sdk::CacheBehavior]) -> Vec<CacheBehavior> {
    let default = default.map(|behavior| converted!("*", behavior));
    let others = others.iter().map(|one| converted!(one.path_pattern(), one));
    default.into_iter().chain(others).collect()
}

fn policy(id: Option<&str>) -> Option<CachePolicyId> {
    id.filter(|id| !id.is_empty()).map(CachePolicyId::new)
}

/// Returns the function that runs on viewer requests. Functions for other events run after the cache lookup.
fn function(
    own: Option<&sdk::FunctionAssociations>,
    lambda: Option<&sdk::LambdaFunctionAssociations>,
) -> Option<ViewerFunction> {
    let own = own.map(sdk::FunctionAssociations::items).unwrap_or_default();
    let lambda = lambda.map(sdk::LambdaFunctionAssociations::items).unwrap_or_default();
    let own = own
        .iter()
        .find(|one| *one.event_type() == sdk::EventType::ViewerRequest)
        .map(|one| ViewerFunction::of_arn(FunctionKind::CloudFront, one.function_arn()));
    let lambda = || {
        lambda
            .iter()
            .find(|one| *one.event_type() == sdk::EventType::ViewerRequest)
            .map(|one| ViewerFunction::of_arn(FunctionKind::Lambda, one.lambda_function_arn()))
    };
    own.or_else(lambda)
}

fn is_signed(groups: Option<&sdk::TrustedKeyGroups>, signers: Option<&sdk::TrustedSigners>) -> bool {
    groups.is_some_and(sdk::TrustedKeyGroups::enabled) || signers.is_some_and(sdk::TrustedSigners::enabled)
}

/// Returns the viewers that a distribution rejects.
pub(super) fn refused(mtls: Option<&sdk::ViewerMtlsConfig>, restrictions: Option<&sdk::Restrictions>) -> Refused {
    let geo = restrictions.and_then(sdk::Restrictions::geo_restriction);
    Refused {
        without_certificate: mtls.is_some_and(|mtls| *mtls.mode() == sdk::ViewerMtlsMode::Required),
        by_country: geo.is_some_and(|geo| *geo.restriction_type() != sdk::GeoRestrictionType::None),
    }
}

fn legacy_key(values: &sdk::ForwardedValues) -> CacheKey {
    let names = values.query_string_cache_keys().map(sdk::QueryStringCacheKeys::items);
    let query = match names.unwrap_or_default() {
        _ if !values.query_string() => QueryKey::None,
        [] => QueryKey::All,
        names => QueryKey::Only(names.to_vec()),
    };
    CacheKey {
        query,
        headers: headers(values.headers()),
        cookies: values
            .cookies()
            .is_some_and(|cookies| *cookies.forward() != sdk::ItemSelection::None),
    }
}

fn headers(headers: Option<&sdk::Headers>) -> Vec<String> {
    let names = headers.map(sdk::Headers::items).unwrap_or_default();
    let others = names.iter().filter(|name| !name.eq_ignore_ascii_case(ACCEPT_ENCODING));
    others.cloned().collect()
}

/// Returns the cache key of a cache policy.
pub(in crate::runtime::cloudfront) fn key_of_policy(policy: &sdk::CachePolicyConfig) -> CacheKey {
    let Some(parameters) = policy.parameters_in_cache_key_and_forwarded_to_origin() else {
        return CacheKey::default();
    };
    CacheKey {
        query: parameters.query_strings_config().map(query_key).unwrap_or_default(),
        headers: headers(
            parameters
                .headers_config()
                .and_then(sdk::CachePolicyHeadersConfig::headers),
        ),
        cookies: parameters
            .cookies_config()
            .is_some_and(|cookies| *cookies.cookie_behavior() != sdk::CachePolicyCookieBehavior::None),
    }
}

/// Returns the query parameters in a cache policy. An unknown setting may mean anything, so it counts as all of them.
fn query_key(config: &sdk::CachePolicyQueryStringsConfig) -> QueryKey {
    let names = || {
        let names = config.query_strings().map(sdk::QueryStringNames::items);
        names.unwrap_or_default().to_vec()
    };
    match config.query_string_behavior() {
        sdk::CachePolicyQueryStringBehavior::None => QueryKey::None,
        sdk::CachePolicyQueryStringBehavior::Whitelist => QueryKey::Only(names()),
        sdk::CachePolicyQueryStringBehavior::AllExcept => QueryKey::Except(names()),
        _ => QueryKey::All,
    }
}

/// Returns the domain names of the staging distributions. There are none while the policy is disabled, because staging
/// distributions then serve no viewers.
pub(in crate::runtime::cloudfront) fn staging_names(policy: &sdk::ContinuousDeploymentPolicyConfig) -> Vec<String> {
    let names = policy.staging_distribution_dns_names();
    let names = names.map(sdk::StagingDistributionDnsNames::items).unwrap_or_default();
    if policy.enabled() { names.to_vec() } else { Vec::new() }
}
