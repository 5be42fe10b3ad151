//! Distributions and distribution tenants, as far as an invalidation needs to know them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A distribution. Every field has a value to begin with, so that a test names only what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Distribution {
    /// `E` and 13 capital letters or digits, usually.
    pub id: String,
    /// Version of its configuration.
    pub etag: String,
    /// `d….cloudfront.net`; a multi-tenant one answers `-` whatever stands here.
    pub domain_name: String,
    /// Alternate domain names; `*.` at the beginning stands for any subdomain.
    pub aliases: Vec<String>,
    /// What people call it.
    pub comment: String,
    /// Where its pages come from.
    pub origins: Vec<Origin>,
    /// Path of the object that `/` means; empty when there is none. Written without the leading slash.
    pub default_root_object: String,
    /// For every path that no other behaviour matches.
    pub default_behavior: Behavior,
    /// In order of precedence.
    pub behaviors: Vec<Behavior>,
    /// The header that carries cache tags; `None`: tags are ignored.
    pub cache_tag_header: Option<String>,
    /// Whether it answers viewers.
    pub enabled: bool,
    /// Whether it is a staging distribution.
    pub staging: bool,
    /// Whether its viewers come through distribution tenants.
    pub tenant_only: bool,
    /// `PriceClass_100`, `PriceClass_200` or `PriceClass_All`.
    pub price_class: String,
    /// `http2`, `http2and3` …
    pub http_version: String,
    /// ARN of a web ACL, or empty.
    pub web_acl: String,
    /// When its configuration changed.
    pub last_modified: DateTime<Utc>,
    /// Its Status is `InProgress` until then.
    pub deployed: DateTime<Utc>,
}

impl Default for Distribution {
    fn default() -> Self {
        Self {
            id: String::new(),
            etag: "E2CONFIG000001".to_owned(),
            domain_name: String::new(),
            aliases: Vec::new(),
            comment: String::new(),
            origins: vec![Origin::default()],
            default_root_object: String::new(),
            default_behavior: Behavior::default(),
            behaviors: Vec::new(),
            cache_tag_header: None,
            enabled: true,
            staging: false,
            tenant_only: false,
            price_class: "PriceClass_All".to_owned(),
            http_version: "http2".to_owned(),
            web_acl: String::new(),
            last_modified: DateTime::UNIX_EPOCH,
            deployed: DateTime::UNIX_EPOCH,
        }
    }
}

impl Distribution {
    /// `Deployed`, or `InProgress` while a change of its configuration is on the way.
    pub(crate) fn status(&self, now: DateTime<Utc>) -> &'static str {
        if now < self.deployed { "InProgress" } else { "Deployed" }
    }

    /// The domain name as the API tells it.
    pub(crate) fn listed_domain(&self) -> &str {
        if self.tenant_only { "-" } else { &self.domain_name }
    }

    /// The behaviour that holds for a path.
    pub(crate) fn behavior(&self, path: &str) -> &Behavior {
        self.behaviors
            .iter()
            .find(|behavior| behavior.matches(path))
            .unwrap_or(&self.default_behavior)
    }

    /// How well it serves `host`: the length of the name that matched, the longer the more specific.
    pub(crate) fn serves(&self, host: &str) -> Option<usize> {
        let names = self
            .aliases
            .iter()
            .map(String::as_str)
            .chain((!self.tenant_only).then_some(self.domain_name.as_str()));
        names
            .filter(|name| !name.is_empty() && name_matches(name, host))
            .map(str::len)
            .max()
    }
}

fn name_matches(name: &str, host: &str) -> bool {
    match name.strip_prefix('*') {
        Some(suffix) => host.len() > suffix.len() && host.to_ascii_lowercase().ends_with(suffix),
        None => host.eq_ignore_ascii_case(name),
    }
}

/// Where pages come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Origin {
    /// Name within the distribution.
    pub id: String,
    /// Bucket or server.
    pub domain_name: String,
    /// Put before every path that is asked there; empty for none.
    pub path: String,
}

impl Default for Origin {
    fn default() -> Self {
        Self {
            id: "origin".to_owned(),
            domain_name: "origin.example".to_owned(),
            path: String::new(),
        }
    }
}

impl Origin {
    /// Whether it is a bucket rather than a server.
    pub(crate) fn is_s3(&self) -> bool {
        self.domain_name.contains(".s3.")
    }
}

/// What is part of the cache key beside the path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CacheKey {
    /// Nothing.
    #[default]
    Path,
    /// The whole query string.
    QueryStrings,
    /// These query parameters.
    QueryParameters(Vec<String>),
    /// Nothing is kept at all.
    NotCached,
}

/// What holds for the paths that match a pattern.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behavior {
    /// For example `/img/*`; `*` and `?` stand for any characters, or one. Empty for the default behaviour.
    pub path_pattern: String,
    /// Id of the origin; empty for the first one.
    pub origin: String,
    /// The cache key of an object.
    pub cache_key: CacheKey,
    /// Microsoft Smooth Streaming: what it serves cannot be invalidated.
    pub smooth_streaming: bool,
}

impl Behavior {
    fn matches(&self, path: &str) -> bool {
        let pattern = self.path_pattern.strip_prefix('/').unwrap_or(&self.path_pattern);
        glob(pattern.as_bytes(), path.strip_prefix('/').unwrap_or(path).as_bytes())
    }
}

/// `*` and `?` as path patterns have them. Backtracks to the last star only, so that a hostile pattern costs no more than pattern × text.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(t) {
        match (pattern.get(p), retry) {
            (Some(b'*'), _) => {
                retry = Some((p + 1, t));
                p += 1;
            }
            (Some(wanted), _) if wanted == byte || *wanted == b'?' => {
                p += 1;
                t += 1;
            }
            (_, Some((after_star, from))) => {
                retry = Some((after_star, from + 1));
                p = after_star;
                t = from + 1;
            }
            (_, None) => return false,
        }
    }
    pattern.iter().skip(p).all(|byte| *byte == b'*')
}

/// A tenant of a multi-tenant distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tenant {
    /// `dt_` and 24 to 27 letters of both cases and digits.
    pub id: String,
    /// The multi-tenant distribution it belongs to.
    pub distribution_id: String,
    /// What people call it.
    pub name: String,
    /// What viewers ask for.
    pub domains: Vec<String>,
    /// Those of them that do not lead to CloudFront yet.
    pub inactive: Vec<String>,
    /// `cg_…`
    pub connection_group_id: String,
    /// Version of its configuration.
    pub etag: String,
    /// Whether it answers viewers.
    pub enabled: bool,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When its configuration changed.
    pub last_modified: DateTime<Utc>,
}

impl Tenant {
    /// Whether viewers reach it as `host`.
    pub(crate) fn serves(&self, host: &str) -> bool {
        let mut active = self.domains.iter().filter(|domain| !self.inactive.contains(domain));
        active.any(|domain| domain.eq_ignore_ascii_case(host))
    }
}

impl Default for Tenant {
    fn default() -> Self {
        Self {
            id: String::new(),
            distribution_id: String::new(),
            name: String::new(),
            domains: Vec::new(),
            inactive: Vec::new(),
            connection_group_id: "cg_2yMvQgKQn3yTkVxS1hVb0eT4qXw".to_owned(),
            etag: "E2TENANT000001".to_owned(),
            enabled: true,
            created: DateTime::UNIX_EPOCH,
            last_modified: DateTime::UNIX_EPOCH,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_patterns() {
        let cases = [
            ("*", "", true),
            ("*.jpg", "a/b.jpg", true),
            ("*.jpg", "a.jpeg", false),
            ("img/*", "img/", true),
            ("img/*", "img", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a*b*c", "aXbYbc", true),
            ("a*b*c", "aXbYb", false),
            ("", "", true),
            ("", "a", false),
        ];
        for (pattern, text, matches) in cases {
            assert_eq!(glob(pattern.as_bytes(), text.as_bytes()), matches, "{pattern} {text}");
        }
    }

    #[test]
    fn a_star_in_an_alias_stands_for_any_subdomain() {
        let shop = Distribution {
            aliases: vec!["*.shop.example".into()],
            ..Distribution::default()
        };
        assert_eq!(
            ["de.shop.example", "a.b.SHOP.example", "shop.example", ".shop.example"]
                .map(|host| shop.serves(host).is_some()),
            [true, true, false, false]
        );
    }
}
