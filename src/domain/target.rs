//! Parses the user's name for a target: an id, an alias, a domain name or a whole URL.

use std::fmt;
use std::str::FromStr;

use url::Url;

use super::distribution::{Distribution, Target};

/// A name for a distribution or a tenant, as typed on a command line before any request to CloudFront.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetName {
    /// An id: usable as it is, even without permission to list distributions.
    Id(Target),
    /// A host that viewers use, in lower case: only a list of distributions tells which one it belongs to.
    Host(String),
}

/// A target name as typed, with the rest of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedTarget {
    /// The name of the target.
    pub name: TargetName,
    /// The path and query string of a URL as typed, unless it is the whole site.
    pub path: Option<String>,
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
        Ok(Self { name, path })
    }
}

/// The error for a text that cannot name a target. The message says what can.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}; give a distribution's id, alias, domain name or URL")]
pub struct NotATarget {
    reason: &'static str,
}

impl TargetName {
    /// Returns whether the name refers to this distribution.
    #[must_use]
    pub fn matches(&self, distribution: &Distribution) -> bool {
        match self {
            Self::Id(target) => *target == Target::Distribution(distribution.id.clone()),
            Self::Host(host) => distribution.answers_to(host),
        }
    }
}

impl FromStr for TargetName {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        if text.contains("://") {
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
        }
    }
}

fn host(url: &str) -> Result<TargetName, NotATarget> {
    let url = Url::parse(url).map_err(|_| NotATarget {
        reason: "this is neither a host nor a URL",
    })?;
    match (url.scheme(), url.host_str()) {
        ("http" | "https", Some(host)) => Ok(TargetName::Host(host.to_owned())),
        _ => Err(NotATarget {
            reason: "only http and https URLs lead to a distribution",
        }),
    }
}

/// Parses an id. Ids have no guaranteed format, but every known one contains a capital or a digit: a plain lower-case
/// word is a mistyped command.
fn id(text: &str) -> Result<TargetName, NotATarget> {
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
        return Err(NotATarget {
            reason: "an id holds letters, digits, - and _ only",
        });
    }
    if text.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
        return Err(NotATarget {
            reason: "no such command, and not an id, alias, domain or URL",
        });
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
            ("*.tenant.example", Ok(host("*.tenant.example"))),
            ("bücher.example", Ok(host("xn--bcher-kva.example"))),
        ] {
            assert_eq!(text.parse(), expected, "{text}");
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
