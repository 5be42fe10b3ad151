//! Selects the URLs that an edge check requests.

use std::collections::BTreeSet;

use super::Address;
use crate::domain::distribution::{ConnectionGroupId, Distribution, Tenant};
use crate::domain::item::{Item, ItemKind};
use crate::domain::text::grouped;

/// The URLs that an edge check requests, and the items that it skips.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The URLs to request, up to the limit.
    pub addresses: Vec<Address>,
    /// A sentence for each kind of item that is not checked.
    pub left_out: Vec<String>,
}

/// Returns the host to request from: the first alias without a wildcard, or else the distribution's own domain name.
///
/// # Errors
/// A sentence explaining why there is no such host.
pub fn host_of(distribution: &Distribution) -> Result<String, String> {
    if !distribution.enabled {
        return Err("the distribution is disabled and serves no viewers".to_owned());
    }
    let alias = distribution.aliases.iter().find(|alias| !alias.starts_with('*'));
    let host = alias.map(String::as_str).or(distribution.own_domain());
    host.map(str::to_owned)
        .ok_or_else(|| "the distribution serves viewers only through its tenants; check a tenant instead".to_owned())
}

/// Returns the host to request from for a tenant: its first active domain.
///
/// # Errors
/// A sentence explaining why there is no such host.
pub fn host_of_tenant(tenant: &Tenant) -> Result<String, String> {
    if !tenant.enabled {
        return Err("the tenant is disabled and serves no viewers".to_owned());
    }
    let mut reached = tenant.domains.iter().filter(|own| !own.domain.starts_with('*'));
    let active = reached.find(|own| own.active).map(|own| own.domain.clone());
    active.ok_or_else(|| "the tenant has no active domain, so viewers cannot reach it".to_owned())
}

/// Returns the domain to request from if none of the tenant's domains points to CloudFront yet, with the connection
/// group through which the tenant can be reached anyway.
#[must_use]
pub fn host_before_dns(tenant: &Tenant) -> Option<(&str, &ConnectionGroupId)> {
    let mut reached = tenant.domains.iter().filter(|own| !own.domain.starts_with('*'));
    let leads = tenant
        .domains
        .iter()
        .any(|own| own.active && !own.domain.starts_with('*'));
    let first = reached.next().filter(|_| tenant.enabled && !leads)?;
    Some((&first.domain, tenant.group.as_ref()?))
}

/// Plans an edge check of the objects that these items clear. Exact paths are requested as they are. For a wildcard,
/// the check requests the `known` paths below it, and its prefix if that ends in a slash. No other paths are guessed.
#[must_use]
pub fn plan(host: &str, items: &[String], known: &[&str], most: usize) -> Plan {
    let items: Vec<Item> = items.iter().filter_map(|item| Item::from_wire(item).ok()).collect();
    let mut paths: Vec<String> = Vec::new();
    let mut left_out = Vec::new();
    for item in &items {
        match item.kind() {
            ItemKind::Path => paths.push(item.wire().to_owned()),
            ItemKind::Wildcard => {
                let below = below(item, known);
                if below.is_empty() {
                    left_out.push(format!("{item}: no known URLs match"));
                }
                paths.extend(below);
            }
            ItemKind::Tag => left_out.push(format!("{item}: the URLs with this tag are unknown")),
        }
    }
    let mut seen = BTreeSet::new();
    paths.retain(|path| seen.insert(path.clone()));
    let more = paths.len().saturating_sub(most);
    if more > 0 {
        left_out.push(format!(
            "{} more, over the limit of {most} per check",
            grouped(more as u64)
        ));
    }
    let address = |path| Address {
        host: host.to_owned(),
        path,
    };
    Plan {
        addresses: paths.into_iter().take(most).map(address).collect(),
        left_out,
    }
}

/// Returns known paths that a wildcard clears; its prefix comes first if that ends in a slash.
fn below(wildcard: &Item, known: &[&str]) -> Vec<String> {
    const MOST: usize = 3;
    let itself = wildcard.prefix().filter(|prefix| prefix.ends_with('/'));
    let mut found: Vec<String> = itself.into_iter().map(str::to_owned).collect();
    for path in known
        .iter()
        .filter(|path| ItemKind::of(path) == ItemKind::Path && wildcard.matches(path))
    {
        if found.len() == MOST {
            break;
        }
        if found.iter().all(|other| other != *path) {
            found.push((*path).to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::distribution::{DistributionId, TenantDomain, TenantId};

    fn planned(items: &[&str], known: &[&str], most: usize) -> (Vec<String>, Vec<String>) {
        let items: Vec<String> = items.iter().map(ToString::to_string).collect();
        let plan = plan("h", &items, known, most);
        (plan.addresses.into_iter().map(|a| a.path).collect(), plan.left_out)
    }

    #[test]
    fn exact_paths_are_asked_wildcards_by_what_is_known_and_tags_never() {
        let (paths, left_out) = planned(
            &["/a?x=1", "/en/*", "/img*", "#tag", "/a?x=1"],
            &["/en/b", "/en/*", "/de/c", "/en/", "#en"],
            9,
        );
        assert_eq!(paths, ["/a?x=1", "/en/", "/en/b"]);
        assert_eq!(
            left_out,
            ["/img*: no known URLs match", "#tag: the URLs with this tag are unknown"]
        );
    }

    #[test]
    fn a_tenant_is_asked_under_a_domain_that_works() {
        let domain = |(domain, active): (&str, bool)| TenantDomain {
            domain: domain.to_owned(),
            active,
        };
        let host = |enabled, domains: &[(&str, bool)]| {
            host_of_tenant(&Tenant {
                id: TenantId::new("dt_1"),
                distribution: DistributionId::new("E1"),
                name: "acme".to_owned(),
                arn: String::new(),
                domains: domains.iter().copied().map(domain).collect(),
                enabled,
                status: "Deployed".to_owned(),
                group: None,
            })
        };
        let domains = [
            ("new.acme.example", false),
            ("*.acme.example", true),
            ("shop.acme.example", true),
        ];
        assert_eq!(host(true, &domains).as_deref(), Ok("shop.acme.example"));
        assert!(host(false, &domains).is_err_and(|why| why.contains("disabled")));
        assert!(host(true, &domains[..2]).is_err_and(|why| why.contains("active")));
    }

    #[test]
    fn no_more_than_was_allowed() {
        let (paths, left_out) = planned(&["/a", "/b", "/c"], &[], 2);
        assert_eq!(paths, ["/a", "/b"]);
        assert_eq!(left_out, ["1 more, over the limit of 2 per check"]);
        assert_eq!(planned(&["/*"], &["/x"; 9], 5).0, ["/", "/x"]);
    }
}
