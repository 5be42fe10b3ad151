//! Distributions and distribution tenants, with only the fields that are relevant to invalidations.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A distribution. Every field has a default, so a test only needs to specify the fields it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Distribution {
    /// The id, usually `E` followed by 13 capital letters or digits.
    pub id: String,
    /// The version of the configuration.
    pub etag: String,
    /// The domain name, `d….cloudfront.net`; for a multi-tenant distribution the API always returns `-` instead.
    pub domain_name: String,
    /// The alternate domain names; a leading `*.` matches any subdomain.
    pub aliases: Vec<String>,
    /// The comment, which serves as the display name.
    pub comment: String,
    /// The origins of the distribution's pages.
    pub origins: Vec<Origin>,
    /// The path of the object served for `/`, without the leading slash; empty when there is none.
    pub default_root_object: String,
    /// The behavior for paths that no other behavior matches.
    pub default_behavior: Behavior,
    /// The other behaviors in order of precedence.
    pub behaviors: Vec<Behavior>,
    /// The response header that contains cache tags; `None` means tags are ignored.
    pub cache_tag_header: Option<String>,
    /// Whether the distribution serves viewers.
    pub enabled: bool,
    /// Whether this is a staging distribution.
    pub staging: bool,
    /// Whether viewers can reach the distribution only through its tenants.
    pub tenant_only: bool,
    /// The continuous deployment, whose staging distribution has its own cache.
    pub continuous_deployment: Option<ContinuousDeployment>,
    /// The countries whose viewers are rejected. The emulator's edge does not know where viewers are, so it
    /// rejects none.
    pub refused_countries: Vec<String>,
    /// The viewer mTLS mode, e.g. `required`; empty means off. The emulator's edge does not support TLS and requires no
    /// certificate.
    pub viewer_mtls: String,
    /// The price class: `PriceClass_100`, `PriceClass_200` or `PriceClass_All`.
    pub price_class: String,
    /// The HTTP version, e.g. `http2` or `http2and3`.
    pub http_version: String,
    /// The ARN of a web ACL, or empty.
    pub web_acl: String,
    /// The time of the last configuration change.
    pub last_modified: DateTime<Utc>,
    /// The time until which the status is `InProgress`.
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
            continuous_deployment: None,
            refused_countries: Vec::new(),
            viewer_mtls: String::new(),
            price_class: "PriceClass_All".to_owned(),
            http_version: "http2".to_owned(),
            web_acl: String::new(),
            last_modified: DateTime::UNIX_EPOCH,
            deployed: DateTime::UNIX_EPOCH,
        }
    }
}

impl Distribution {
    /// Returns `Deployed`, or `InProgress` while a configuration change is being deployed.
    pub(crate) fn status(&self, now: DateTime<Utc>) -> &'static str {
        if now < self.deployed { "InProgress" } else { "Deployed" }
    }

    /// Returns the domain name as the API reports it.
    pub(crate) fn listed_domain(&self) -> &str {
        if self.tenant_only { "-" } else { &self.domain_name }
    }

    /// Returns the behavior that applies to a path.
    pub(crate) fn behavior(&self, path: &str) -> &Behavior {
        self.behaviors
            .iter()
            .find(|behavior| behavior.matches(path))
            .unwrap_or(&self.default_behavior)
    }

    /// Returns the length of the longest name that matches `host`, if any. A longer name is a more specific match.
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

/// An origin that pages come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Origin {
    /// The origin's name within the distribution.
    pub id: String,
    /// The domain name of a bucket or server.
    pub domain_name: String,
    /// The path prepended to every request to the origin; empty for none.
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
    /// Returns whether the origin is a bucket rather than a server.
    pub(crate) fn is_s3(&self) -> bool {
        self.domain_name.contains(".s3.")
    }
}

/// A continuous deployment policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContinuousDeployment {
    /// The policy's id.
    pub id: String,
    /// The domain name of the staging distribution.
    pub staging: String,
}

/// A cache policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CachePolicy {
    /// The policy's id.
    pub id: String,
    /// The query parameters in the cache key.
    pub query: PolicyQuery,
    /// The headers in the cache key.
    pub headers: Vec<String>,
    /// Whether all cookies are in the cache key.
    pub cookies: bool,
}

/// The query parameters of a cache policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyQuery {
    /// No parameters.
    #[default]
    None,
    /// All parameters.
    All,
    /// The parameters with these names.
    Only(Vec<String>),
    /// All parameters except those with these names.
    Except(Vec<String>),
}

/// A function that runs on each viewer request, before the cache lookup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// The function's name.
    pub name: String,
    /// Whether this is a Lambda@Edge function rather than a CloudFront function.
    #[serde(default)]
    pub lambda: bool,
    /// How the function rewrites paths.
    pub does: Rewrite,
}

/// The ways a function can rewrite paths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rewrite {
    /// Adds `index.html` to the name of a folder.
    AppendIndex,
    /// Prepends a folder, e.g. `/en`, to every path that is not in it.
    Prefix(String),
    /// Replaces every path without a file name with one page, e.g. `/index.html`.
    Route(String),
}

impl Function {
    /// Returns the path for the cache lookup.
    pub(crate) fn rewritten(&self, path: &str) -> String {
        let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        match &self.does {
            Rewrite::AppendIndex if path.ends_with('/') => format!("{path}index.html"),
            Rewrite::AppendIndex if !is_file => format!("{path}/index.html"),
            Rewrite::Prefix(folder) if !path.starts_with(&format!("{folder}/")) => format!("{folder}{path}"),
            Rewrite::Route(page) if !is_file => page.clone(),
            Rewrite::AppendIndex | Rewrite::Prefix(_) | Rewrite::Route(_) => path.to_owned(),
        }
    }
}

/// The parts of a request that belong to the cache key in addition to the path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CacheKey {
    /// Only the path.
    #[default]
    Path,
    /// The whole query string.
    QueryStrings,
    /// The query parameters with these names.
    QueryParameters(Vec<String>),
    /// The parts that a cache policy specifies.
    Policy(CachePolicy),
    /// Nothing is cached.
    NotCached,
}

/// The settings for paths that match a pattern.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behavior {
    /// The path pattern, e.g. `/img/*`; `*` matches any characters and `?` matches one. Empty for the default behavior.
    pub path_pattern: String,
    /// The id of the origin; empty for the first one.
    pub origin: String,
    /// The cache key of the objects that the behavior serves.
    pub cache_key: CacheKey,
    /// Whether the behavior serves Microsoft Smooth Streaming, whose objects cannot be invalidated.
    pub smooth_streaming: bool,
    /// The function that runs on viewer requests.
    pub function: Option<Function>,
    /// Whether only signed requests are accepted. Any signature is valid.
    pub signed: bool,
}

impl Behavior {
    fn matches(&self, path: &str) -> bool {
        let pattern = self.path_pattern.strip_prefix('/').unwrap_or(&self.path_pattern);
        glob(pattern.as_bytes(), path.strip_prefix('/').unwrap_or(path).as_bytes())
    }
}

/// Matches `*` and `?` as path patterns define them. The matching backtracks only to the last star, so a hostile
/// pattern takes at most as many steps as the length of the pattern times the length of the text.
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
    /// The id: `dt_` followed by 24 to 27 digits and letters of either case.
    pub id: String,
    /// The id of the multi-tenant distribution that the tenant belongs to.
    pub distribution_id: String,
    /// The display name.
    pub name: String,
    /// The domains that viewers use.
    pub domains: Vec<String>,
    /// The subset of `domains` that does not point to CloudFront yet.
    pub inactive: Vec<String>,
    /// The connection group id, `cg_…`.
    pub connection_group_id: String,
    /// The version of the configuration.
    pub etag: String,
    /// Whether the tenant serves viewers.
    pub enabled: bool,
    /// The creation time.
    pub created: DateTime<Utc>,
    /// The time of the last configuration change.
    pub last_modified: DateTime<Utc>,
}

impl Tenant {
    /// Returns whether the tenant serves `host`.
    pub(crate) fn serves(&self, host: &str) -> bool {
        let mut active = self.domains.iter().filter(|domain| !self.inactive.contains(domain));
        active.any(|domain| domain.eq_ignore_ascii_case(host))
    }

    /// Returns whether viewers who connect to the routing endpoint `endpoint` reach the tenant as `host`, wherever DNS
    /// points.
    pub(crate) fn serves_through(&self, host: &str, endpoint: &str) -> bool {
        let mut domains = self.domains.iter();
        endpoint == self.routing_endpoint() && domains.any(|domain| domain.eq_ignore_ascii_case(host))
    }

    /// Returns the host that DNS must point to for the tenant's connection group, derived from the group's id.
    pub(crate) fn routing_endpoint(&self) -> String {
        let id = self.connection_group_id.trim_start_matches("cg_").to_ascii_lowercase();
        let id: String = id.chars().filter(char::is_ascii_alphanumeric).take(13).collect();
        format!("d{id}.cloudfront.net")
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
    fn functions_rewrite_paths() {
        let made = |does: Rewrite, path: &str| {
            let (name, lambda) = ("f".to_owned(), false);
            Function { name, lambda, does }.rewritten(path)
        };
        let prefix = || Rewrite::Prefix("/en".to_owned());
        let route = || Rewrite::Route("/app.html".to_owned());
        for (does, path, expected) in [
            (Rewrite::AppendIndex, "/", "/index.html"),
            (Rewrite::AppendIndex, "/a", "/a/index.html"),
            (Rewrite::AppendIndex, "/a.css", "/a.css"),
            (prefix(), "/a", "/en/a"),
            (prefix(), "/en/a", "/en/a"),
            (route(), "/a/b", "/app.html"),
            (route(), "/a.css", "/a.css"),
        ] {
            assert_eq!(made(does, path), expected, "{path}");
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
