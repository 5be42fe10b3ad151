//! Tenants of multi-tenant distributions, and the connection groups through which viewers reach them.

use serde::{Deserialize, Serialize};

use super::{DistributionId, TenantId, alias_matches, id};
use crate::domain::filter::Filter;

id! {
    /// The id of a connection group, e.g. `cg_2whCJoXMYCjHcxaLGrkllvyABC`.
    ConnectionGroupId
}

/// A tenant of a multi-tenant distribution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// The tenant's id.
    pub id: TenantId,
    /// The distribution that the tenant belongs to.
    pub distribution: DistributionId,
    /// The tenant's name.
    pub name: String,
    /// The tenant's ARN.
    pub arn: String,
    /// The domains that viewers use.
    pub domains: Vec<TenantDomain>,
    /// Whether the tenant serves viewers.
    pub enabled: bool,
    /// The configuration status, `Deployed` or `InProgress`.
    pub status: String,
    /// The connection group through which viewers reach the tenant; some servers omit it.
    #[serde(default)]
    pub group: Option<ConnectionGroupId>,
}

/// A domain of a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantDomain {
    /// The domain name.
    pub domain: String,
    /// Whether the domain serves viewers. Without its DNS record or certificate, it is inactive.
    pub active: bool,
}

impl Tenant {
    /// Returns the display name: the first domain, else the name, else the id.
    #[must_use]
    pub fn label(&self) -> &str {
        match self.domains.first() {
            Some(first) => &first.domain,
            None if self.name.is_empty() => self.id.as_str(),
            None => &self.name,
        }
    }

    /// Returns whether the tenant serves this host.
    #[must_use]
    pub fn answers_to(&self, host: &str) -> bool {
        self.domains.iter().any(|own| alias_matches(&own.domain, host))
    }

    /// Returns whether the configuration has reached every edge location.
    #[must_use]
    pub fn is_deployed(&self) -> bool {
        self.status.eq_ignore_ascii_case("deployed")
    }

    /// Returns the searchable text of a column in [`TENANT_COLUMNS`].
    #[must_use]
    pub fn cell(&self, column: usize) -> String {
        match TENANT_COLUMNS.get(column).copied().unwrap_or_default() {
            "Domains" => {
                let domains: Vec<&str> = self.domains.iter().map(|own| own.domain.as_str()).collect();
                domains.join(" ")
            }
            "Name" => self.name.clone(),
            "Id" => self.id.to_string(),
            "Status" => self.status.clone(),
            "ConnectionGroupId" => self.group.as_ref().map_or_else(String::new, ToString::to_string),
            "Enabled" => if self.enabled { "yes" } else { "no" }.to_owned(),
            _ => String::new(),
        }
    }

    /// Returns the searchable text of the tenant.
    #[must_use]
    pub fn haystack(&self) -> String {
        let word = self.condition().unwrap_or_default();
        format!("{} {} {} {word}", self.cell(0), self.name, self.id)
    }

    /// Returns one word for the reason why viewers may not get the tenant's current configuration, if there is one.
    #[must_use]
    pub fn condition(&self) -> Option<&'static str> {
        let is_inactive = self.domains.iter().any(|own| !own.active);
        let all = [
            (!self.is_deployed(), "deploying"),
            (!self.enabled, "disabled"),
            (is_inactive, "inactive"),
        ];
        all.into_iter().find(|(is, _)| *is).map(|(_, word)| word)
    }
}

/// The columns of the tenants table, which filters can refer to by name.
pub const TENANT_COLUMNS: [&str; 7] = ["Domains", "Name", "Id", "Status", "ConnectionGroupId", "Enabled", ""];

/// A filter that selects tenants: `word`, `!word`, `column:word` and `/regex/`, as on the tenants page.
#[derive(Clone, Debug, Default)]
pub struct TenantFilter(Filter);

impl TenantFilter {
    /// Parses the filter text.
    ///
    /// # Errors
    /// A sentence about the part that cannot be parsed. Guessing its meaning could cost money.
    pub fn parse(text: &str) -> Result<Self, String> {
        let filter = Filter::parse(text, &TENANT_COLUMNS);
        match filter.mistake() {
            Some(mistake) => Err(mistake.to_owned()),
            None => Ok(Self(filter)),
        }
    }

    /// Returns whether a tenant matches the filter.
    #[must_use]
    pub fn finds(&self, tenant: &Tenant) -> bool {
        self.0.finds(&tenant.haystack(), |column| tenant.cell(column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(name: &str, domains: &[&str]) -> Tenant {
        Tenant {
            id: TenantId::new("dt_1"),
            distribution: DistributionId::new("E1"),
            name: name.to_owned(),
            arn: String::new(),
            domains: domains
                .iter()
                .map(|domain| TenantDomain {
                    domain: (*domain).to_owned(),
                    active: true,
                })
                .collect(),
            enabled: true,
            status: "Deployed".to_owned(),
            group: Some(ConnectionGroupId::new("cg_eu")),
        }
    }

    #[test]
    fn a_tenant_is_called_by_what_viewers_know() {
        assert_eq!(
            tenant("acme", &["shop.acme.example", "acme.example"]).label(),
            "shop.acme.example"
        );
        assert_eq!((tenant("acme", &[]).label(), tenant("", &[]).label()), ("acme", "dt_1"));
        assert!(tenant("acme", &["Shop.acme.example"]).answers_to("shop.ACME.example"));
    }

    #[test]
    fn tenants_are_chosen_by_domain_connection_group_and_whether_they_are_enabled() {
        let acme = tenant("acme", &["shop.acme.example", "acme.example"]);
        let closed = Tenant {
            enabled: false,
            group: None,
            ..acme.clone()
        };
        for (filter, found) in [
            ("", [true, true]),
            ("acme", [true, true]),
            ("domains:shop.acme", [true, true]),
            ("connectiongroup:cg_eu", [true, false]),
            ("conn:cg_eu enabled:yes", [true, false]),
            ("enabled:no", [false, true]),
            ("!enabled:no !acme", [false, false]),
            ("/^acme/", [false, false]),
            ("domains:/^shop/", [true, true]),
        ] {
            let filter = TenantFilter::parse(filter).unwrap_or_default();
            assert_eq!([&acme, &closed].map(|tenant| filter.finds(tenant)), found, "{filter:?}");
        }
        assert!(TenantFilter::parse("/a(/").is_err());
    }
}
