//! Parses the name that the user gives for a target: an id, an ARN, an alias, a domain name, the URL of a site or of an
//! AWS console page, or the name of a tenant.

use std::fmt;
use std::str::FromStr;

use url::Url;

use super::distribution::{AccountId, Distribution, Target, account_of};

/// A name for a distribution or a tenant, as typed on a command line before any request to CloudFront.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetName {
    /// An id, which works as is, even without permission to list distributions.
    Id(Target),
    /// A host that viewers use, in lower case. Finding its distribution requires the list of distributions.
    Host(String),
    /// The name of a tenant. Finding the tenant requires a request to CloudFront.
    Tenant(String),
}

/// The prefix that marks a tenant's name where a plain word would mean something else.
const TENANT: &str = "tenant:";

/// A target as typed: its name, with the path of a URL or the account of an ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedTarget {
    /// The name of the target.
    pub name: TargetName,
    /// The path and query string of a URL as typed, unless they are just `/`.
    pub path: Option<String>,
    /// The account, if an ARN names it.
    pub account: Option<AccountId>,
}

impl TypedTarget {
    /// Creates a typed target that has only this name.
    #[must_use]
    pub fn of(name: TargetName) -> Self {
        Self {
            name,
            path: None,
            account: None,
        }
    }
}

impl FromStr for TypedTarget {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        let name = text.parse()?;
        let path = text.split_once("://").and_then(|(_, rest)| {
            let path = &rest[rest.find('/')?..];
            let path = path.split('#').next().unwrap_or_default();
            (path.len() > 1).then(|| path.to_owned())
        });
        Ok(Self {
            // The console's own path is not a path of the site.
            path: path.filter(|_| matches!(name, TargetName::Host(_))),
            name,
            account: text.starts_with(ARN).then(|| account_of(text)).flatten(),
        })
    }
}

/// The error for text that cannot name a target. The message lists the accepted forms.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}; use a distribution's id, ARN, alias, domain name or URL")]
pub struct NotATarget(&'static str);

impl TargetName {
    /// Returns whether the name refers to this distribution.
    #[must_use]
    pub fn matches(&self, distribution: &Distribution) -> bool {
        match self {
            Self::Id(target) => *target == Target::Distribution(distribution.id.clone()),
            Self::Host(host) => distribution.answers_to(host),
            Self::Tenant(_) => false,
        }
    }

    /// Returns the distribution with this name; an exact host takes precedence over a wildcard alias.
    #[must_use]
    pub fn among<'a>(&self, all: &'a [Distribution]) -> Option<&'a Distribution> {
        let exact = |one: &&Distribution| match self {
            Self::Host(host) => one.has_name(host),
            Self::Id(_) | Self::Tenant(_) => self.matches(one),
        };
        all.iter()
            .find(exact)
            .or_else(|| all.iter().find(|one| self.matches(one)))
    }

    /// Interprets a word that names no distribution as the name of a tenant, if it can be one.
    #[must_use]
    pub fn of_tenant(word: &str) -> Option<Self> {
        let is_name = |c: char| c.is_alphanumeric() || "-_.".contains(c);
        let is_word = !word.is_empty() && word.chars().all(is_name);
        is_word.then(|| Self::Tenant(word.to_owned()))
    }
}

impl FromStr for TargetName {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        if let Some(name) = text.strip_prefix(TENANT) {
            return Self::of_tenant(name)
                .ok_or(NotATarget("a tenant name can contain only letters, digits, -, _ and ."));
        }
        if text.starts_with(ARN) {
            arn(text)
        } else if let Some(place) = of_console(text) {
            in_console(&place)
        } else if text.contains("://") {
            host(text)
        } else if text.contains('.') {
            host(&format!("https://{text}"))
        } else {
            id(text)
        }
    }
}

impl fmt::Display for TargetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(target) => f.write_str(target.id()),
            Self::Host(host) => f.write_str(host),
            Self::Tenant(name) => f.write_str(name),
        }
    }
}

/// The prefix of every ARN.
const ARN: &str = "arn:";

/// Parses `arn:aws:cloudfront::123456789012:distribution/E2Q`, or the ARN of a tenant; anything after the id is
/// ignored.
fn arn(text: &str) -> Result<TargetName, NotATarget> {
    let wrong = NotATarget("this is not the ARN of a distribution or a tenant");
    let mut parts = text.splitn(6, ':').skip(2);
    let (service, resource) = (parts.next(), parts.nth(2));
    let (Some("cloudfront"), Some(resource)) = (service, resource) else {
        return Err(wrong);
    };
    let mut parts = resource.split('/');
    match (parts.next(), parts.next()) {
        (Some("distribution" | "distribution-tenant"), Some(name)) => id(name),
        _ => Err(wrong),
    }
}

/// Returns the fragment of an AWS console URL (the part after `#`), which names the target.
fn of_console(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    let is_console = [
        "console.aws.amazon.com",
        "console.amazonaws.cn",
        "console.amazonaws-us-gov.com",
        "console.amazonaws.eu",
    ]
    .iter()
    .any(|console| host == *console || host.ends_with(&format!(".{console}")));
    let is_cloudfront = url.path().starts_with("/cloudfront");
    (is_console && is_cloudfront).then(|| url.fragment().unwrap_or_default().to_owned())
}

/// Parses `/distributions/E2Q/invalidations`, or the older `distribution-settings:E2Q`.
fn in_console(place: &str) -> Result<TargetName, NotATarget> {
    let lists = [
        "distributions",
        "distribution-tenants",
        "tenants",
        "distribution-settings",
    ];
    let words: Vec<&str> = place.split(['/', ':', '?']).filter(|word| !word.is_empty()).collect();
    let found = words.windows(2).rev().find(|pair| lists.contains(&pair[0]));
    found.map_or(Err(NotATarget("this console page is not for a distribution")), |pair| {
        id(pair[1])
    })
}

fn host(url: &str) -> Result<TargetName, NotATarget> {
    let url = Url::parse(url).map_err(|_| NotATarget("this is neither a host name nor a URL"))?;
    match (url.scheme(), url.host_str()) {
        ("http" | "https", Some(host)) => Ok(TargetName::Host(host.to_owned())),
        _ => Err(NotATarget("only http and https URLs can belong to a distribution")),
    }
}

/// Parses an id. Ids have no guaranteed format, but all known ones contain a capital letter or a digit, so a plain
/// lower-case word is treated as a mistyped command.
fn id(text: &str) -> Result<TargetName, NotATarget> {
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
        return Err(NotATarget("an id can contain only letters, digits, - and _"));
    }
    if text.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
        return Err(NotATarget("not a command, id, alias, domain or URL"));
    }
    Ok(TargetName::Id(Target::from_id(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::distribution::{DistributionId, TenantId};

    fn host(name: &str) -> TargetName {
        TargetName::Host(name.to_owned())
    }

    #[test]
    fn every_way_to_name_a_target() {
        for (text, expected) in [
            (
                "E2QWRUHEXAMPLE",
                Ok(TargetName::Id(Target::Distribution(DistributionId::new(
                    "E2QWRUHEXAMPLE",
                )))),
            ),
            (
                "dt_2yMvQgam3",
                Ok(TargetName::Id(Target::Tenant(TenantId::new("dt_2yMvQgam3")))),
            ),
            ("www.Shop.example", Ok(host("www.shop.example"))),
            ("shop.example/en/", Ok(host("shop.example"))),
            ("shop.example:8443", Ok(host("shop.example"))),
            (
                "d111111abcdef8.cloudfront.net",
                Ok(host("d111111abcdef8.cloudfront.net")),
            ),
            ("https://www.shop.example/a?b#c", Ok(host("www.shop.example"))),
            ("http://localhost/", Ok(host("localhost"))),
            ("tenant:acme-bikes", Ok(TargetName::Tenant("acme-bikes".to_owned()))),
            ("*.tenant.example", Ok(host("*.tenant.example"))),
            ("bücher.example", Ok(host("xn--bcher-kva.example"))),
        ] {
            assert_eq!(text.parse(), expected, "{text}");
        }
    }

    #[test]
    fn arns_and_pages_of_the_console_name_targets() {
        let shop = "E2QWRUHEXAMPLE";
        let tenant = "dt_2yMvQgam3";
        for (text, id) in [
            ("arn:aws:cloudfront::123456789012:distribution/E2QWRUHEXAMPLE", shop),
            (
                "arn:aws:cloudfront::123456789012:distribution/E2QWRUHEXAMPLE/invalidation/I1",
                shop,
            ),
            (
                "arn:aws-cn:cloudfront::123456789012:distribution-tenant/dt_2yMvQgam3",
                tenant,
            ),
            (
                "https://us-east-1.console.aws.amazon.com/cloudfront/v4/home?region=eu-west-1#/distributions/E2QWRUHEXAMPLE",
                shop,
            ),
            (
                "https://console.aws.amazon.com/cloudfront/v4/home#/distributions/E2QWRUHEXAMPLE/invalidations/details/I3",
                shop,
            ),
            (
                "https://console.aws.amazon.com/cloudfront/home?region=us-east-1#distribution-settings:E2QWRUHEXAMPLE",
                shop,
            ),
            (
                "https://console.amazonaws.cn/cloudfront/v4/home#/distribution-tenants/dt_2yMvQgam3",
                tenant,
            ),
        ] {
            let typed = text.parse::<TypedTarget>();
            let expected = TargetName::Id(Target::from_id(id));
            assert_eq!(typed.as_ref().map(|typed| &typed.name), Ok(&expected), "{text}");
            assert_eq!(typed.map(|typed| typed.path), Ok(None), "{text}");
        }
        let account = |text: &str| text.parse::<TypedTarget>().ok().and_then(|typed| typed.account);
        assert_eq!(
            account("arn:aws:cloudfront::123456789012:distribution/E1A"),
            Some(AccountId::new("123456789012"))
        );
        for text in [
            "arn:aws:s3:::bucket/E2QWRUHEXAMPLE",
            "arn:aws:cloudfront::123456789012:cache-policy/658327ea",
            "https://console.aws.amazon.com/cloudfront/v4/home#/functions",
            "tenant:a b",
        ] {
            assert!(text.parse::<TypedTarget>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_url_brings_its_path() {
        for (text, path) in [
            ("https://www.shop.example/en/a.html?x=1#top", Some("/en/a.html?x=1")),
            ("https://www.shop.example/", None),
            ("https://www.shop.example", None),
            ("www.shop.example/en/", None),
            ("E2QWRUHEXAMPLE", None),
        ] {
            let typed = text.parse::<TypedTarget>().ok();
            assert_eq!(typed.and_then(|typed| typed.path).as_deref(), path, "{text}");
        }
    }

    #[test]
    fn what_names_nothing_is_refused_with_the_way_out() {
        for text in [
            "",
            "distribtions",
            "list-all",
            "two words",
            "ftp://shop.example/",
            "https://",
            "a b.example",
            "E1/x",
        ] {
            let refusal = text.parse::<TargetName>().map_err(|error| error.to_string());
            assert!(
                refusal
                    .as_ref()
                    .is_err_and(|error| error.ends_with("alias, domain name or URL")),
                "{text}: {refusal:?}"
            );
        }
    }
}
