//! Limits the length of everything that becomes part of a URL: the HTTP library accepts at most 65,534 bytes, and the
//! SDK panics if a URL is rejected. Both received and sent values are checked, because the latter may come from a file
//! or the keyboard.

use crate::domain::distribution::Target;
use crate::domain::failure::Failure;
use crate::domain::invalidation::Page;
use crate::domain::text::grouped;
use crate::engine::effect::{Answer, Call, Created};

/// The maximum length of an id. CloudFront's ids have up to 26 characters, those of other servers up to 36.
const LONGEST_ID: usize = 256;

/// The maximum length of a marker. CloudFront's markers are ids, but this is not documented for tenant markers.
const LONGEST_MARKER: usize = 8 * 1024;

/// The maximum length of a domain name, which has at most 253 characters.
const LONGEST_DOMAIN: usize = 255;

/// Text with its description and maximum length.
type Part<'a> = (&'static str, &'a str, usize);

/// Rejects a call that cannot be sent.
pub(super) fn check_call(call: &Call) -> Result<(), Failure> {
    let parts: Vec<Part<'_>> = match call {
        Call::ListDistributions { marker } => vec![of_marker(marker.as_deref())],
        Call::GetDistribution(id) => vec![of_id("distribution ID", id.as_str())],
        Call::GetCachePolicy(id) => vec![of_id("policy ID", id.as_str())],
        Call::GetDeploymentPolicy(id) => vec![of_id("policy ID", id.as_str())],
        Call::ListTenants { distribution, marker } => {
            vec![
                of_id("distribution ID", distribution.as_str()),
                of_marker(marker.as_deref()),
            ]
        }
        Call::GetTenant(id) => vec![of_id("tenant ID", id.as_str())],
        Call::FindTenant(domain) => vec![("domain", domain, LONGEST_DOMAIN)],
        Call::GetConnectionGroup(id) => vec![of_id("connection group ID", id.as_str())],
        Call::ListInvalidations { target, marker } => vec![of_target(target), of_marker(marker.as_deref())],
        Call::GetInvalidation { target, id } => vec![of_target(target), of_id("invalidation ID", id.as_str())],
        // The token of this call is part of the body.
        Call::LookUpEvents(_) => Vec::new(),
        Call::CreateInvalidation { target, .. } => vec![of_target(target)],
    };
    too_long(&parts).map_or(Ok(()), |(what, length, longest)| {
        Err(Failure::Setup(format!(
            "this {what} has {} characters, but the limit is {}",
            grouped(length as u64),
            grouped(longest as u64)
        )))
    })
}

/// Rejects a response containing an id, a domain or a marker that is too long to be used in a later request.
pub(super) fn check_answer(answer: Answer) -> Result<Answer, Failure> {
    let parts: Vec<Part<'_>> = match &answer {
        Answer::Distributions(page) => of_page(page, |one| of_id("distribution ID", one.id.as_str())),
        Answer::Distribution(one) => vec![of_id("distribution ID", one.distribution.id.as_str())],
        Answer::CacheKey(_) | Answer::Events(_) => Vec::new(),
        Answer::StagingNames(names) => names
            .iter()
            .map(|name| ("domain", name.as_str(), LONGEST_DOMAIN))
            .collect(),
        Answer::Tenants(page) => of_page(page, |one| of_id("tenant ID", one.id.as_str())),
        Answer::Tenant(one) => vec![of_id("tenant ID", one.id.as_str())],
        Answer::RoutingEndpoint(host) => vec![("domain", host, LONGEST_DOMAIN)],
        Answer::Invalidations(page) => of_page(page, |one| of_id("invalidation ID", one.id.as_str())),
        Answer::Invalidation(one) | Answer::Created(Created { invalidation: one, .. }) => {
            vec![of_id("invalidation ID", one.id.as_str())]
        }
    };
    match too_long(&parts) {
        None => Ok(answer),
        Some((what, length, _)) => Err(Failure::Unknown(format!(
            "the {what} in the response has {} characters, more than CloudFront ever issues",
            grouped(length as u64)
        ))),
    }
}

fn of_id<'a>(what: &'static str, id: &'a str) -> Part<'a> {
    (what, id, LONGEST_ID)
}

fn of_target(target: &Target) -> Part<'_> {
    match target {
        Target::Distribution(id) => of_id("distribution ID", id.as_str()),
        Target::Tenant(id) => of_id("tenant ID", id.as_str()),
    }
}

/// Returns the parts of a page: the identifying text of each item, and the marker of the next page.
fn of_page<'a, T>(page: &'a Page<T>, of_item: impl Fn(&'a T) -> Part<'a>) -> Vec<Part<'a>> {
    let parts = page.items.iter().map(of_item);
    parts.chain([of_marker(page.next.as_deref())]).collect()
}

fn of_marker(marker: Option<&str>) -> Part<'_> {
    ("next-page marker", marker.unwrap_or_default(), LONGEST_MARKER)
}

/// Returns the first text that is too long: its description, its length and its limit.
fn too_long(parts: &[Part<'_>]) -> Option<(&'static str, usize, usize)> {
    parts
        .iter()
        .find(|(_, text, longest)| text.len() > *longest)
        .map(|(what, text, longest)| (*what, text.len(), *longest))
}
