//! Distributions, distribution tenants, and what an invalidation can be aimed at.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Makes a newtype over the text that CloudFront uses for a kind of id. Their shape is never checked: it has changed before.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as CloudFront gave it.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text as CloudFront gave it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use id;

id! {
    /// The id of a distribution, such as `E2QWRUHEXAMPLE`.
    DistributionId
}
id! {
    /// The id of a distribution tenant, such as `dt_2yMvQgam3QkJo2z54FDl91dk1AB`.
    TenantId
}
id! {
    /// The twelve digits of an AWS account.
    AccountId
}

/// What an invalidation is aimed at.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A distribution.
    Distribution(DistributionId),
    /// One tenant of a multi-tenant distribution.
    Tenant(TenantId),
}

impl Target {
    /// The target that an id stands for: tenant ids begin with `dt_` (`docs/cloudfront.md`, "Tenants").
    #[must_use]
    pub fn from_id(id: &str) -> Self {
        if id.starts_with("dt_") {
            Self::Tenant(TenantId::new(id))
        } else {
            Self::Distribution(DistributionId::new(id))
        }
    }

    /// What CloudFront calls an operation on it, and IAM the right to it: those for tenants have longer names.
    #[must_use]
    pub fn operation(&self, name: &str) -> String {
        match self {
            Self::Distribution(_) => name.to_owned(),
            Self::Tenant(_) => format!("{name}ForDistributionTenant"),
        }
    }

    /// What it is, in a word for programs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Distribution(_) => "distribution",
            Self::Tenant(_) => "tenant",
        }
    }

    /// The id as CloudFront writes it.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Distribution(id) => id.as_str(),
            Self::Tenant(id) => id.as_str(),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Whether a distribution serves by itself or only through its tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionMode {
    /// A standard distribution.
    Direct,
    /// A multi-tenant distribution: its domain name is `-` and it has no aliases.
    TenantOnly,
}

/// Where a distribution fetches from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The origin's id within the distribution.
    pub id: String,
    /// The host that CloudFront asks.
    pub domain_name: String,
    /// What CloudFront puts before the viewer's path when it asks the origin; often empty.
    pub origin_path: String,
}

/// What an invalidation needs to know of a cache behaviour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheBehavior {
    /// The paths it applies to; `*` for the default behaviour.
    pub path_pattern: String,
    /// Smooth Streaming is on: its objects cannot be invalidated.
    pub smooth_streaming: bool,
    /// Whether query strings are part of the cache key, where the legacy settings tell; a cache policy hides it.
    pub query_string: Option<bool>,
}

/// A distribution as `ListDistributions` tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distribution {
    /// Its id.
    pub id: DistributionId,
    /// Its ARN; the account is read from it.
    pub arn: String,
    /// Changes whenever its configuration does; some servers leave it out.
    pub etag: Option<String>,
    /// `Deployed` or `InProgress`, which speaks of its configuration and never of an invalidation.
    pub status: String,
    /// When its configuration was last changed.
    pub last_modified: DateTime<Utc>,
    /// Its own name under `cloudfront.net`; `-` for a multi-tenant one.
    pub domain_name: String,
    /// Its alternate domain names.
    pub aliases: Vec<String>,
    /// Its origins.
    pub origins: Vec<Origin>,
    /// The only human label most distributions have.
    pub comment: String,
    /// Whether it answers viewers.
    pub enabled: bool,
    /// Whether it is a staging distribution of a continuous deployment.
    pub staging: bool,
    /// Which edge locations it uses, as `PriceClass_100`.
    #[serde(default)]
    pub price_class: String,
    /// The newest HTTP version it speaks with viewers.
    #[serde(default)]
    pub http_version: String,
    /// Standard or multi-tenant.
    pub connection_mode: ConnectionMode,
    /// The default behaviour first, then the others in their order.
    pub behaviors: Vec<CacheBehavior>,
}

impl Distribution {
    /// What to call it: its first alias, else its domain name, else its id.
    #[must_use]
    pub fn label(&self) -> &str {
        match self.aliases.first() {
            Some(alias) => alias,
            None if self.domain_name.is_empty() || self.domain_name == "-" => self.id.as_str(),
            None => &self.domain_name,
        }
    }

    /// The account that owns it, from the fifth field of the ARN.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        account_of(&self.arn)
    }

    /// Whether only its tenants serve viewers.
    #[must_use]
    pub fn is_multi_tenant(&self) -> bool {
        self.connection_mode == ConnectionMode::TenantOnly
    }

    /// Whether its configuration is on every edge.
    #[must_use]
    pub fn is_deployed(&self) -> bool {
        self.status.eq_ignore_ascii_case("deployed")
    }

    /// Whether viewers reach it under this host; `*.` of an alias stands for one label or more.
    #[must_use]
    pub fn answers_to(&self, host: &str) -> bool {
        self.domain_name.eq_ignore_ascii_case(host) || self.aliases.iter().any(|alias| alias_matches(alias, host))
    }
}

/// The account in an ARN, if it holds one.
#[must_use]
pub fn account_of(arn: &str) -> Option<AccountId> {
    // Some servers leave a colon out, and then the fifth field is something else.
    let is_account = |field: &&str| !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit());
    arn.split(':').nth(4).filter(is_account).map(AccountId::new)
}

/// The partition in an ARN (`aws`, `aws-cn` …), if it holds one.
#[must_use]
pub fn partition_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(1).filter(|field| !field.is_empty())
}

/// The page of the AWS console that shows an invalidation of a distribution; `None` in partitions whose console is not
/// known.
#[must_use]
pub fn console_url(partition: &str, distribution: &DistributionId, invalidation: &str) -> Option<String> {
    let host = match partition {
        "aws" => "us-east-1.console.aws.amazon.com",
        "aws-cn" => "console.amazonaws.cn",
        _ => return None,
    };
    Some(format!(
        "https://{host}/cloudfront/v4/home#/distributions/{distribution}/invalidations/details/{invalidation}"
    ))
}

fn alias_matches(alias: &str, host: &str) -> bool {
    match alias.strip_prefix('*') {
        Some(suffix) => {
            let (host, suffix) = (host.to_ascii_lowercase(), suffix.to_ascii_lowercase());
            host.len() > suffix.len() && host.ends_with(&suffix) && !host.starts_with('.')
        }
        None => alias.eq_ignore_ascii_case(host),
    }
}

/// What only `GetDistribution` tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistributionConfig {
    /// The summary, as far as this call tells it.
    pub distribution: Distribution,
    /// The header whose tags CloudFront keeps; `None`: tags are accepted and clear nothing.
    pub cache_tag_header: Option<String>,
    /// What a viewer gets for `/`; empty when not set.
    pub default_root_object: String,
    /// Invalidation batches under way.
    pub in_progress_batches: u32,
}

/// A tenant of a multi-tenant distribution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// The distribution it belongs to.
    pub distribution: DistributionId,
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// The domains that viewers use.
    pub domains: Vec<TenantDomain>,
    /// Whether it answers viewers.
    pub enabled: bool,
    /// `Deployed` or `InProgress`.
    pub status: String,
}

/// A domain of a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantDomain {
    /// Its name.
    pub domain: String,
    /// Whether viewers reach the tenant under it: one without its DNS record or certificate is inactive.
    pub active: bool,
}

impl Tenant {
    /// What to call it: its first domain, else its name, else its id.
    #[must_use]
    pub fn label(&self) -> &str {
        match self.domains.first() {
            Some(first) => &first.domain,
            None if self.name.is_empty() => self.id.as_str(),
            None => &self.name,
        }
    }

    /// Whether viewers reach it under this host.
    #[must_use]
    pub fn answers_to(&self, host: &str) -> bool {
        self.domains.iter().any(|own| alias_matches(&own.domain, host))
    }

    /// Whether its configuration is on every edge.
    #[must_use]
    pub fn is_deployed(&self) -> bool {
        self.status.eq_ignore_ascii_case("deployed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_alias_stands_for_at_least_one_label() {
        assert!(alias_matches("*.shop.example", "de.SHOP.example"));
        assert!(!alias_matches("*.shop.example", "shop.example"));
        assert!(!alias_matches("*.shop.example", ".shop.example"));
    }

    #[test]
    fn the_account_is_the_fifth_field() {
        assert_eq!(
            account_of("arn:aws:cloudfront::123456789012:distribution/E1"),
            Some(AccountId::new("123456789012"))
        );
        assert_eq!(account_of("arn:aws:cloudfront:::distribution/E1"), None);
        assert_eq!(account_of("arn:aws:cloudfront:123456789012:distribution/E1"), None);
        assert_eq!(partition_of("arn:aws-cn:cloudfront::1:distribution/E1"), Some("aws-cn"));
    }

    #[test]
    fn the_console_has_a_page_for_each_invalidation() {
        let page = |partition| console_url(partition, &DistributionId::new("E1"), "I1");
        assert_eq!(
            page("aws").as_deref(),
            Some(
                "https://us-east-1.console.aws.amazon.com/cloudfront/v4/home#/distributions/E1/invalidations/details/I1"
            )
        );
        assert_eq!(page("aws-iso"), None);
    }

    #[test]
    fn tenants_are_known_by_their_prefix() {
        assert_eq!(Target::from_id("dt_2yMv"), Target::Tenant(TenantId::new("dt_2yMv")));
        assert_eq!(Target::from_id("E2Q"), Target::Distribution(DistributionId::new("E2Q")));
        let rights = ["dt_2yMv", "E2Q"].map(|id| Target::from_id(id).operation("GetInvalidation"));
        assert_eq!(rights, ["GetInvalidationForDistributionTenant", "GetInvalidation"]);
    }

    #[test]
    fn a_tenant_is_called_by_what_viewers_know() {
        let tenant = |name: &str, domains: &[&str]| Tenant {
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
        };
        assert_eq!(
            tenant("acme", &["shop.acme.example", "acme.example"]).label(),
            "shop.acme.example"
        );
        assert_eq!((tenant("acme", &[]).label(), tenant("", &[]).label()), ("acme", "dt_1"));
        assert!(tenant("acme", &["Shop.acme.example"]).answers_to("shop.ACME.example"));
    }
}
