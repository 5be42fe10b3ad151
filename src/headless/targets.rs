//! Finds the distribution or tenant with a given name. This module only reads; nothing is sent to any target until all
//! names have been resolved.

use super::error::Error;
use crate::domain::distribution::{Distribution, DistributionId, Target, Tenant, TenantId};
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::invalidation::Page;
use crate::domain::target::TargetName;
use crate::engine::effect::Call;
use crate::runtime::cloudfront::CloudFront;

/// Returns all distributions of the account, reading every page.
pub(super) async fn all(cloudfront: &CloudFront) -> Result<Vec<Distribution>, Failure> {
    every_page(async |marker| cloudfront.call(Call::ListDistributions { marker }).await?.try_into()).await
}

/// Returns all tenants of a distribution, reading every page.
pub(super) async fn tenants(cloudfront: &CloudFront, distribution: DistributionId) -> Result<Vec<Tenant>, Failure> {
    every_page(async |marker| {
        let distribution = distribution.clone();
        cloudfront
            .call(Call::ListTenants { distribution, marker })
            .await?
            .try_into()
    })
    .await
}

/// Returns the items of all pages of a list.
async fn every_page<T>(read: impl AsyncFn(Option<String>) -> Result<Page<T>, Failure>) -> Result<Vec<T>, Failure> {
    let (mut items, mut marker) = (Vec::new(), None);
    loop {
        let page = read(marker).await?;
        items.extend(page.items);
        marker = page.next;
        if marker.is_none() {
            return Ok(items);
        }
    }
}

/// Returns the targets in the order given, without duplicates. An id is used as is; any other name is looked up.
pub(super) async fn find(cloudfront: &CloudFront, names: &[String]) -> Result<Vec<Target>, Error> {
    let (mut found, mut listed): (Vec<Target>, _) = (Vec::new(), None);
    for name in names {
        let one = match parse(name)? {
            TargetName::Id(target) => target,
            TargetName::Tenant(word) => tenant_named(cloudfront, &word).await?,
            TargetName::Host(host) => {
                if listed.is_none() {
                    listed = Some(all(cloudfront).await?);
                }
                with_host(cloudfront, listed.as_deref().unwrap_or_default(), &host).await?
            }
        };
        if !found.contains(&one) {
            found.push(one);
        }
    }
    Ok(found)
}

/// Parses a name before any request is made. A plain word that matches no other form may be a tenant's name.
pub(super) fn parse(name: &str) -> Result<TargetName, Error> {
    name.parse().or_else(|_| {
        let tenant = is_word(name).then(|| TargetName::Tenant(name.to_owned()));
        let sentence = format!("{name} is not a target; use an id, ARN, alias, domain name or URL");
        tenant.ok_or(Error::Target(sentence))
    })
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

/// Returns the target that serves a host: a distribution, or else a tenant.
pub(super) async fn with_host(cloudfront: &CloudFront, all: &[Distribution], host: &str) -> Result<Target, Error> {
    if let Some(one) = TargetName::Host(host.to_owned()).among(all) {
        return Ok(Target::Distribution(one.id.clone()));
    }
    tenant(cloudfront, Call::FindTenant(host.to_owned()), host).await
}

async fn tenant_named(cloudfront: &CloudFront, name: &str) -> Result<Target, Error> {
    tenant(cloudfront, Call::GetTenant(TenantId::new(name)), name).await
}

/// Returns the tenant that a call finds by this name.
async fn tenant(cloudfront: &CloudFront, call: Call, name: &str) -> Result<Target, Error> {
    let found = cloudfront.call(call).await.and_then(Box::<Tenant>::try_from);
    match found {
        Ok(tenant) => Ok(Target::Tenant(tenant.id)),
        Err(failure) if says_no(&failure) => Err(unknown(name)),
        Err(failure) => Err(failure.into()),
    }
}

/// Returns whether CloudFront reports that the target does not exist, or that the identity is not allowed to look it
/// up.
fn says_no(failure: &Failure) -> bool {
    matches!(failure.kind(), Some(RefusalKind::NotFound | RefusalKind::AccessDenied))
}

/// Returns the error for a name that matches no target.
pub(super) fn unknown(name: &str) -> Error {
    Error::Target(format!(
        "no distribution or tenant in this account matches {name}; check --profile, or list them with `invalidash \
            distributions`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_name_a_target() {
        let id = |id| Some(TargetName::Id(Target::from_id(id)));
        for (name, expected) in [
            ("E2QWRUHEXAMPLE", id("E2QWRUHEXAMPLE")),
            ("dt_2yMvQgam3", id("dt_2yMvQgam3")),
            ("arn:aws:cloudfront::123456789012:distribution/E2Q", id("E2Q")),
            (
                "arn:aws:cloudfront::123456789012:distribution-tenant/dt_2y",
                id("dt_2y"),
            ),
            (
                "https://www.shop.example/a",
                Some(TargetName::Host("www.shop.example".to_owned())),
            ),
            (
                "https://console.aws.amazon.com/cloudfront/v4/home#/distributions/E2Q/invalidations",
                id("E2Q"),
            ),
            ("tenant:acme1", Some(TargetName::Tenant("acme1".to_owned()))),
            ("acme", Some(TargetName::Tenant("acme".to_owned()))),
            ("two words", None),
            ("ftp://shop.example", None),
            ("arn:aws:s3:::bucket/E2Q", None),
        ] {
            assert_eq!(parse(name).ok(), expected, "{name}");
        }
    }
}
