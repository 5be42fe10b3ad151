//! Distributions, distribution tenants, and the targets of invalidations.

mod tenant;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::behavior::CacheBehavior;
pub use tenant::{ConnectionGroupId, TENANT_COLUMNS, Tenant, TenantDomain, TenantFilter};

/// Defines a newtype for a string that CloudFront issues, such as an id. The format is never checked, because it has
/// changed before.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text as CloudFront returned it.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// Returns the text as CloudFront returned it.
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
    /// The id of a continuous deployment policy.
    DeploymentPolicyId
}
id! {
    /// The twelve digits of an AWS account.
    AccountId
}

/// The target of an invalidation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A distribution.
    Distribution(DistributionId),
    /// One tenant of a multi-tenant distribution.
    Tenant(TenantId),
}

impl Target {
    /// Returns the target with this id: tenant ids start with `dt_` (`docs/cloudfront.md`, "Tenants").
    #[must_use]
    pub fn from_id(id: &str) -> Self {
        if id.starts_with("dt_") {
            Self::Tenant(TenantId::new(id))
        } else {
            Self::Distribution(DistributionId::new(id))
        }
    }

    /// Returns the name of a CloudFront operation, and of its IAM action, for this kind of target: the names for
    /// tenants have a suffix.
    #[must_use]
    pub fn operation(&self, name: &str) -> String {
        match self {
            Self::Distribution(_) => name.to_owned(),
            Self::Tenant(_) => format!("{name}ForDistributionTenant"),
        }
    }

    /// Returns a machine-readable word for the kind of target.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Distribution(_) => "distribution",
            Self::Tenant(_) => "tenant",
        }
    }

    /// Returns the id as CloudFront writes it.
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

/// Whether a distribution serves viewers itself or only through its tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionMode {
    /// A standard distribution.
    Direct,
    /// A multi-tenant distribution: its domain name is `-` and it has no aliases.
    TenantOnly,
}

/// A server that a distribution fetches objects from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The origin's id within the distribution.
    pub id: String,
    /// The host that CloudFront sends requests to.
    pub domain_name: String,
    /// The path that CloudFront prepends to the viewer's path when it sends a request to the origin; often empty.
    pub origin_path: String,
}

/// A distribution as `ListDistributions` returns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distribution {
    /// The distribution's id.
    pub id: DistributionId,
    /// The distribution's ARN, which contains the account.
    pub arn: String,
    /// The `ETag` of the configuration, which changes with every configuration change; some servers omit it.
    pub etag: Option<String>,
    /// The configuration status, `Deployed` or `InProgress`; it is unrelated to invalidations.
    pub status: String,
    /// The time of the last configuration change.
    pub last_modified: DateTime<Utc>,
    /// The domain name under `cloudfront.net`; `-` for a multi-tenant distribution.
    pub domain_name: String,
    /// The alternate domain names.
    pub aliases: Vec<String>,
    /// The origins.
    pub origins: Vec<Origin>,
    /// The comment, which is the only human-readable label of most distributions.
    pub comment: String,
    /// Whether the distribution serves viewers.
    pub enabled: bool,
    /// Whether this is the staging distribution of a continuous deployment.
    pub staging: bool,
    /// The price class, which determines the edge locations used, e.g. `PriceClass_100`.
    #[serde(default)]
    pub price_class: String,
    /// The newest HTTP version offered to viewers.
    #[serde(default)]
    pub http_version: String,
    /// Whether the distribution is standard or multi-tenant.
    pub connection_mode: ConnectionMode,
    /// The cache behaviors: the default one first, then the others in order.
    pub behaviors: Vec<CacheBehavior>,
    /// The viewers that CloudFront rejects.
    #[serde(default)]
    pub refuses: Refused,
}

/// The viewers that a distribution rejects. An edge check may be rejected as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Refused {
    /// Whether viewers without a client certificate are rejected.
    pub without_certificate: bool,
    /// Whether viewers in some countries are rejected.
    pub by_country: bool,
}

impl Distribution {
    /// Returns the display name: the first alias, else the domain name, else the id.
    #[must_use]
    pub fn label(&self) -> &str {
        let alias = self.aliases.first().map(String::as_str);
        alias.or(self.own_domain()).unwrap_or(self.id.as_str())
    }

    /// Returns the domain name that CloudFront assigned; a multi-tenant distribution has none, which CloudFront writes
    /// as `-`.
    #[must_use]
    pub fn own_domain(&self) -> Option<&str> {
        Some(self.domain_name.as_str()).filter(|name| !name.is_empty() && *name != "-")
    }

    /// Returns the account that owns the distribution, from the fifth field of the ARN.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        account_of(&self.arn)
    }

    /// Returns whether viewers reach the distribution only through its tenants.
    #[must_use]
    pub fn is_multi_tenant(&self) -> bool {
        self.connection_mode == ConnectionMode::TenantOnly
    }

    /// Returns whether the configuration has reached every edge location.
    #[must_use]
    pub fn is_deployed(&self) -> bool {
        self.status.eq_ignore_ascii_case("deployed")
    }

    /// Returns whether this host is literally the distribution's domain name or one of its aliases.
    #[must_use]
    pub fn has_name(&self, host: &str) -> bool {
        let mut names = self.aliases.iter().chain([&self.domain_name]);
        names.any(|name| name.eq_ignore_ascii_case(host))
    }

    /// Returns whether the distribution serves this host; `*.` in an alias matches one or more labels.
    #[must_use]
    pub fn answers_to(&self, host: &str) -> bool {
        self.domain_name.eq_ignore_ascii_case(host) || self.aliases.iter().any(|alias| alias_matches(alias, host))
    }
}

/// Returns the account in an ARN, if there is one.
#[must_use]
pub fn account_of(arn: &str) -> Option<AccountId> {
    // Some servers omit a colon, so the fifth field may be something else.
    let is_account = |field: &&str| !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit());
    arn.split(':').nth(4).filter(is_account).map(AccountId::new)
}

/// Returns the partition in an ARN (`aws`, `aws-cn` …), if there is one.
#[must_use]
pub fn partition_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(1).filter(|field| !field.is_empty())
}

/// Returns the URL of the AWS console page of an invalidation; `None` in partitions whose console is unknown.
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

/// The details that only `GetDistribution` returns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistributionConfig {
    /// The distribution as `GetDistribution` returns it.
    pub distribution: Distribution,
    /// The response header that CloudFront reads cache tags from; `None` means tags are accepted but clear nothing.
    pub cache_tag_header: Option<String>,
    /// The object that viewers get for `/`; empty if not set.
    pub default_root_object: String,
    /// The number of invalidation batches in progress.
    pub in_progress_batches: u32,
    /// The continuous deployment policy, which names the staging distribution.
    #[serde(default)]
    pub continuous_deployment: Option<DeploymentPolicyId>,
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
}
