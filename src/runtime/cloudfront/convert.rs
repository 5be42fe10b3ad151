//! Converts the SDK's types to the domain's. Fields that CloudFront omits become empty and are never an error, because
//! other servers omit even more.

mod behavior;

use aws_sdk_cloudfront::operation::list_distribution_tenants::ListDistributionTenantsOutput;
use aws_sdk_cloudfront::types as sdk;
use chrono::{DateTime, Utc};

use crate::domain::batch::{Batch, CallerReference};
use crate::domain::distribution::{
    ConnectionGroupId, ConnectionMode, DeploymentPolicyId, Distribution, DistributionConfig, DistributionId, Origin,
    Tenant, TenantDomain, TenantId,
};
use crate::domain::failure::Failure;
use crate::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page, Status};

pub(super) use behavior::{key_of_policy, staging_names};

/// Converts a page of `ListDistributions`. `asked` is the marker of the request.
pub(super) fn distributions(list: &sdk::DistributionList, asked: Option<&str>) -> Page<Distribution> {
    let named = list.items().iter().filter(|summary| !summary.id().is_empty());
    Page {
        items: named.map(distribution).collect(),
        next: next(list.is_truncated(), list.next_marker(), asked),
    }
}

/// Converts a page of `ListInvalidations` or its tenant equivalent.
pub(super) fn invalidations(list: &sdk::InvalidationList, asked: Option<&str>) -> Page<InvalidationSummary> {
    let named = list.items().iter().filter(|summary| !summary.id().is_empty());
    Page {
        items: named.map(summary).collect(),
        next: next(list.is_truncated(), list.next_marker(), asked),
    }
}

/// Converts a page of `ListDistributionTenants`, which has no `IsTruncated`.
pub(super) fn tenants(output: &ListDistributionTenantsOutput, asked: Option<&str>) -> Page<Tenant> {
    let tenants = output.distribution_tenant_list().iter();
    let named = tenants.filter(|tenant| !tenant.id().is_empty());
    Page {
        items: named.map(listed_tenant).collect(),
        next: next(true, output.next_marker(), asked),
    }
}

/// Returns the marker of the next page, or `None` if it equals that of the request. Without this check, a server that
/// repeats a marker would be queried forever.
fn next(truncated: bool, marker: Option<&str>, asked: Option<&str>) -> Option<String> {
    marker
        .filter(|marker| truncated && !marker.is_empty() && Some(*marker) != asked)
        .map(str::to_owned)
}

fn distribution(summary: &sdk::DistributionSummary) -> Distribution {
    let others = summary
        .cache_behaviors()
        .map(sdk::CacheBehaviors::items)
        .unwrap_or_default();
    Distribution {
        id: DistributionId::new(summary.id()),
        arn: summary.arn().to_owned(),
        etag: filled(summary.e_tag()),
        status: summary.status().to_owned(),
        last_modified: time(summary.last_modified_time()),
        domain_name: summary.domain_name().to_owned(),
        aliases: summary
            .aliases()
            .map(|aliases| aliases.items().to_vec())
            .unwrap_or_default(),
        origins: origins(summary.origins()),
        comment: summary.comment().to_owned(),
        enabled: summary.enabled(),
        staging: summary.staging(),
        price_class: summary.price_class().as_str().to_owned(),
        http_version: summary.http_version().as_str().to_owned(),
        connection_mode: connection_mode(summary.connection_mode()),
        behaviors: behavior::all(summary.default_cache_behavior(), others),
        refuses: behavior::refused(summary.viewer_mtls_config(), summary.restrictions()),
    }
}

/// Converts a `GetDistribution` response, whose `ETag` is in a header.
pub(super) fn distribution_config(distribution: &sdk::Distribution, etag: Option<&str>) -> DistributionConfig {
    let config = distribution.distribution_config();
    let others = config
        .and_then(|config| config.cache_behaviors())
        .map(sdk::CacheBehaviors::items);
    let default = config.and_then(|config| config.default_cache_behavior());
    let aliases = config.and_then(|config| config.aliases());
    DistributionConfig {
        distribution: Distribution {
            id: DistributionId::new(distribution.id()),
            arn: distribution.arn().to_owned(),
            etag: filled(etag),
            status: distribution.status().to_owned(),
            last_modified: time(distribution.last_modified_time()),
            domain_name: distribution.domain_name().to_owned(),
            aliases: aliases.map(|aliases| aliases.items().to_vec()).unwrap_or_default(),
            origins: origins(config.and_then(|config| config.origins())),
            comment: config.map(|config| config.comment().to_owned()).unwrap_or_default(),
            enabled: config.is_some_and(sdk::DistributionConfig::enabled),
            staging: config.and_then(sdk::DistributionConfig::staging).unwrap_or(false),
            price_class: config
                .and_then(sdk::DistributionConfig::price_class)
                .map_or_else(String::new, |class| class.as_str().to_owned()),
            http_version: config
                .and_then(sdk::DistributionConfig::http_version)
                .map_or_else(String::new, |version| version.as_str().to_owned()),
            connection_mode: connection_mode(config.and_then(|config| config.connection_mode())),
            behaviors: behavior::all(default, others.unwrap_or_default()),
            refuses: behavior::refused(
                config.and_then(|config| config.viewer_mtls_config()),
                config.and_then(|config| config.restrictions()),
            ),
        },
        cache_tag_header: config
            .and_then(|config| config.cache_tag_config())
            .and_then(|tags| filled(Some(tags.header_name()))),
        default_root_object: config
            .and_then(|config| config.default_root_object())
            .unwrap_or_default()
            .to_owned(),
        in_progress_batches: u32::try_from(distribution.in_progress_invalidation_batches()).unwrap_or(0),
        continuous_deployment: config
            .and_then(|config| filled(config.continuous_deployment_policy_id()))
            .map(DeploymentPolicyId::new),
    }
}

fn origins(origins: Option<&sdk::Origins>) -> Vec<Origin> {
    let origins = origins.map(sdk::Origins::items).unwrap_or_default();
    let origin = |origin: &sdk::Origin| Origin {
        id: origin.id().to_owned(),
        domain_name: origin.domain_name().to_owned(),
        origin_path: origin.origin_path().unwrap_or_default().to_owned(),
    };
    origins.iter().map(origin).collect()
}

fn connection_mode(mode: Option<&sdk::ConnectionMode>) -> ConnectionMode {
    match mode {
        Some(sdk::ConnectionMode::TenantOnly) => ConnectionMode::TenantOnly,
        // The SDK's enum may grow. An unknown mode counts as one that serves viewers directly.
        Some(_) | None => ConnectionMode::Direct,
    }
}

fn listed_tenant(tenant: &sdk::DistributionTenantSummary) -> Tenant {
    Tenant {
        id: TenantId::new(tenant.id()),
        distribution: DistributionId::new(tenant.distribution_id()),
        name: tenant.name().to_owned(),
        arn: tenant.arn().to_owned(),
        domains: tenant.domains().iter().map(domain).collect(),
        // `Enabled` is optional in the model; a tenant that is not disabled serves viewers.
        enabled: tenant.enabled().unwrap_or(true),
        status: tenant.status().unwrap_or_default().to_owned(),
        group: group(tenant.connection_group_id()),
    }
}

/// Converts a `GetDistributionTenant` response. Returns `None` if there is no id, because then it is not a tenant.
pub(super) fn tenant(tenant: &sdk::DistributionTenant) -> Option<Tenant> {
    Some(Tenant {
        id: TenantId::new(tenant.id().filter(|id| !id.is_empty())?),
        distribution: DistributionId::new(tenant.distribution_id().unwrap_or_default()),
        name: tenant.name().unwrap_or_default().to_owned(),
        arn: tenant.arn().unwrap_or_default().to_owned(),
        domains: tenant.domains().iter().map(domain).collect(),
        enabled: tenant.enabled().unwrap_or(true),
        status: tenant.status().unwrap_or_default().to_owned(),
        group: group(tenant.connection_group_id()),
    })
}

fn group(id: Option<&str>) -> Option<ConnectionGroupId> {
    id.filter(|id| !id.is_empty()).map(ConnectionGroupId::new)
}

/// Converts a domain, which counts as active unless the response says otherwise.
fn domain(domain: &sdk::DomainResult) -> TenantDomain {
    TenantDomain {
        domain: domain.domain().to_owned(),
        active: domain.status() != Some(&sdk::DomainStatus::Inactive),
    }
}

fn summary(summary: &sdk::InvalidationSummary) -> InvalidationSummary {
    InvalidationSummary {
        id: InvalidationId::new(summary.id()),
        status: Status::new(summary.status()),
        create_time: time(summary.create_time()),
    }
}

/// Converts an invalidation. Returns `None` if there is no id, because then it is not an invalidation.
pub(super) fn invalidation(invalidation: &sdk::Invalidation) -> Option<Invalidation> {
    let batch = invalidation.invalidation_batch();
    let items = batch
        .and_then(|batch| batch.paths())
        .map(|paths| paths.items().to_vec());
    (!invalidation.id().is_empty()).then(|| Invalidation {
        id: InvalidationId::new(invalidation.id()),
        status: Status::new(invalidation.status()),
        create_time: time(invalidation.create_time()),
        items: items.unwrap_or_default(),
        caller_reference: batch
            .map(|batch| batch.caller_reference().to_owned())
            .unwrap_or_default(),
    })
}

/// Creates the request body: the batch's items, byte for byte, their count, and the reference.
pub(super) fn invalidation_batch(
    batch: &Batch,
    reference: &CallerReference,
) -> Result<sdk::InvalidationBatch, Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::Setup(format!("the request cannot be built: {error}"));
    let quantity = i32::try_from(batch.items().len()).map_err(|error| wrong(&error))?;
    let paths = sdk::Paths::builder()
        .quantity(quantity)
        .set_items(Some(batch.items().to_vec()));
    let paths = paths.build().map_err(|error| wrong(&error))?;
    let batch = sdk::InvalidationBatch::builder()
        .paths(paths)
        .caller_reference(reference.as_str());
    batch.build().map_err(|error| wrong(&error))
}

fn filled(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

fn time(time: &aws_smithy_types::DateTime) -> DateTime<Utc> {
    DateTime::from_timestamp(time.secs(), time.subsec_nanos()).unwrap_or(DateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests;
