//! Data about the target that the lint uses while a list is composed. All of it is optional; the lint also works
//! without it.

use std::collections::{BTreeMap, BTreeSet};

use url::Host;

use crate::domain::behavior::{CacheBehavior, CacheKey, CachePolicyId};
use crate::domain::distribution::{Distribution, DistributionConfig, Refused, Tenant, partition_of};

/// The known facts about the target, or about all targets that the list will be sent to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// The hosts that viewers use, in lower case; `*.` matches one or more labels. Empty if unknown.
    pub hosts: BTreeSet<String>,
    /// The hosts of other distributions, in lower case, each with the id of its distribution.
    pub other_hosts: BTreeMap<String, String>,
    /// Whether CloudFront reads cache tags for this target; `None` means unknown.
    pub cache_tags: Option<bool>,
    /// Whether permission to read the cache tag setting was denied. If so, `cache_tags` is unknown.
    pub tags_denied: bool,
    /// Whether the target is in a China region, which has no cache tags.
    pub china: bool,
    /// The object that viewers get for `/`, without a leading slash: empty if none is configured, `None` if unknown.
    pub default_root_object: Option<String>,
    /// The paths that CloudFront prepends in requests to an origin, e.g. `/web`, without a trailing slash.
    pub origin_paths: Vec<String>,
    /// The cache behaviors in order of precedence, the default one (`*`) last. Empty if unknown.
    pub behaviors: Vec<CacheBehavior>,
    /// The viewers that CloudFront rejects.
    pub refuses: Refused,
    /// The staging distribution of a continuous deployment, if it is not a target of the list: its id, or else its
    /// domain name.
    pub staging_twin: Option<String>,
}

impl Context {
    /// Creates the context of a distribution; `config` adds what only `GetDistribution` returns.
    #[must_use]
    pub fn of(distribution: &Distribution, config: Option<&DistributionConfig>) -> Self {
        let summary = config.map_or(distribution, |config| &config.distribution);
        Self {
            hosts: hosts(distribution).into_iter().collect(),
            other_hosts: BTreeMap::new(),
            cache_tags: config.map(|config| config.cache_tag_header.is_some()),
            tags_denied: false,
            china: partition_of(&distribution.arn) == Some("aws-cn"),
            default_root_object: config.map(|config| config.default_root_object.trim_start_matches('/').to_owned()),
            origin_paths: origin_paths(summary),
            behaviors: by_precedence(&summary.behaviors),
            refuses: summary.refuses,
            staging_twin: None,
        }
    }

    /// Adds the cache keys of all known cache policies. The keys of AWS managed policies are always known.
    #[must_use]
    pub fn with_keys<'a>(mut self, known: impl Fn(&CachePolicyId) -> Option<&'a CacheKey>) -> Self {
        for behavior in &mut self.behaviors {
            behavior.learn_key(&known);
        }
        self
    }

    /// Returns the context for one tenant of the distribution, with the tenant's domains as the hosts that viewers use.
    #[must_use]
    pub fn for_tenant(mut self, tenant: &Tenant) -> Self {
        self.hosts = domains(tenant).collect();
        self
    }

    /// Combines two contexts for a list that goes to both targets. The hosts of both are accepted, and a line that is
    /// wrong for either target is wrong.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.hosts.extend(other.hosts);
        self.other_hosts.extend(other.other_hosts);
        self.cache_tags = match (self.cache_tags, other.cache_tags) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        self.tags_denied |= other.tags_denied;
        self.china |= other.china;
        if self.default_root_object != other.default_root_object {
            self.default_root_object = None;
        }
        self.origin_paths.retain(|path| other.origin_paths.contains(path));
        self.meet(&other.behaviors);
        self.refuses.without_certificate |= other.refuses.without_certificate;
        self.refuses.by_country |= other.refuses.by_country;
        self.staging_twin = self.staging_twin.or(other.staging_twin);
        self
    }

    /// Merges the behaviors of another target if both targets have the same path patterns. Otherwise, the behaviors
    /// become unknown.
    fn meet(&mut self, others: &[CacheBehavior]) {
        let patterns = |behaviors: &[CacheBehavior]| -> Vec<String> {
            behaviors.iter().map(|behavior| behavior.path_pattern.clone()).collect()
        };
        if patterns(&self.behaviors) != patterns(others) {
            self.behaviors.clear();
        }
        for (behavior, other) in self.behaviors.iter_mut().zip(others) {
            behavior.and(other);
        }
    }

    /// Adds the hosts of all other distributions, so that the lint recognizes their URLs.
    #[must_use]
    pub fn among<'a>(mut self, all: impl IntoIterator<Item = &'a Distribution>) -> Self {
        for distribution in all {
            self.know(hosts(distribution), distribution.id.as_str());
        }
        self
    }

    /// Adds the known domains of tenants, so that the lint recognizes their URLs.
    #[must_use]
    pub fn among_tenants<'a>(mut self, all: impl IntoIterator<Item = &'a Tenant>) -> Self {
        for tenant in all {
            self.know(domains(tenant), tenant.id.as_str());
        }
        self
    }

    fn know(&mut self, hosts: impl IntoIterator<Item = String>, id: &str) {
        let others = hosts.into_iter().filter(|host| !self.hosts.contains(host));
        self.other_hosts.extend(others.map(|host| (host, id.to_owned())));
    }

    /// Returns whether viewers of this target use the host, or `None` if none of the target's hosts is known.
    pub(crate) fn owns(&self, host: &str) -> Option<bool> {
        let owns = || self.hosts.contains(host) || wildcards(host).any(|wildcard| self.hosts.contains(&wildcard));
        (!self.hosts.is_empty()).then(owns)
    }

    /// Returns whether there are no rules for specific paths: neither origin paths nor cache behaviors.
    pub(super) fn has_no_rules(&self) -> bool {
        self.origin_paths.is_empty() && self.behaviors.is_empty()
    }

    /// Returns whether any remark that depends on how paths are served may apply.
    pub(super) fn has_remarks(&self) -> bool {
        let plain = |key: &CacheKey| *key == CacheKey::default();
        let is_quiet = |behavior: &CacheBehavior| {
            !behavior.signed && behavior.viewer_function.is_none() && behavior.cache_key.as_ref().is_none_or(plain)
        };
        self.refuses != Refused::default() || !self.behaviors.iter().all(is_quiet)
    }

    /// Returns whether any host of this target or another one is known.
    pub(super) fn knows_hosts(&self) -> bool {
        !self.hosts.is_empty() || !self.other_hosts.is_empty()
    }

    /// Returns the id of the other distribution that uses the host, if there is one.
    pub(crate) fn owner(&self, host: &str) -> Option<&str> {
        let wild = || wildcards(host).find_map(|wildcard| self.other_hosts.get(&wildcard));
        self.other_hosts.get(host).or_else(wild).map(String::as_str)
    }

    /// Returns the cache behavior that serves this path.
    pub(super) fn behavior(&self, path: &str) -> Option<&CacheBehavior> {
        self.behaviors
            .iter()
            .find(|behavior| pattern_matches(&behavior.path_pattern, path))
    }

    /// Returns the origin path that the path starts with, if any.
    pub(super) fn origin_path(&self, path: &str) -> Option<&str> {
        let begins = |origin: &&String| {
            path.strip_prefix(origin.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '*', '?']))
        };
        self.origin_paths.iter().find(begins).map(String::as_str)
    }
}

/// Normalizes a host for comparison (lower case, Punycode). Returns `None` if the text cannot be a host.
pub(super) fn normal_host(host: &str) -> Option<String> {
    match Host::parse(host.trim_end_matches('.')) {
        Ok(Host::Domain(domain)) => Some(domain),
        Ok(address) => Some(address.to_string()),
        Err(_) => None,
    }
}

fn domains(tenant: &Tenant) -> impl Iterator<Item = String> {
    tenant.domains.iter().map(|own| own.domain.to_ascii_lowercase())
}

fn hosts(distribution: &Distribution) -> Vec<String> {
    let aliases = distribution.aliases.iter().map(String::as_str);
    aliases
        .chain(distribution.own_domain())
        .map(str::to_ascii_lowercase)
        .collect()
}

/// Returns the distinct origin paths.
fn origin_paths(distribution: &Distribution) -> Vec<String> {
    let mut paths: Vec<_> = distribution
        .origins
        .iter()
        .map(|origin| origin.origin_path.trim_end_matches('/'))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    paths
        .into_iter()
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect()
}

fn by_precedence(behaviors: &[CacheBehavior]) -> Vec<CacheBehavior> {
    let (default, others): (Vec<_>, Vec<_>) = behaviors
        .iter()
        .cloned()
        .partition(|behavior| behavior.path_pattern == "*");
    others.into_iter().chain(default).collect()
}

/// Returns the wildcards that match a host, narrowest first. There are only a few, no matter how many hosts are known.
fn wildcards(host: &str) -> impl Iterator<Item = String> {
    let dots = host.match_indices('.').map(|(at, _)| at).filter(|at| *at > 0);
    dots.filter_map(|at| Some(format!("*{}", host.get(at..)?)))
}

/// Returns whether a path matches a CloudFront path pattern: `*` stands for any characters, `?` for exactly one, and
/// the leading slash is optional.
pub(super) fn pattern_matches(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (
        pattern.trim_start_matches('/').as_bytes(),
        path.trim_start_matches('/').as_bytes(),
    );
    let (mut p, mut t) = (0, 0);
    let mut star = None;
    while let Some(&byte) = path.get(t) {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&want) if want == byte || want == b'?' => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, tried)) = star else { return false };
                star = Some((at, tried + 1));
                (p, t) = (at + 1, tried + 1);
            }
        }
    }
    pattern
        .get(p..)
        .is_some_and(|rest| rest.iter().all(|&byte| byte == b'*'))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::behavior::{FunctionKind, ViewerFunction};
    use crate::domain::distribution::{ConnectionMode, DistributionId, Origin};

    #[test]
    fn path_patterns_know_star_and_question_mark() {
        for (pattern, path, hit) in [
            ("*", "/a", true),
            ("/images/*.jpg", "/images/a/b.jpg", true),
            ("images/*.jpg", "/images/a.png", false),
            ("/a?c", "/abc", true),
            ("/a?c", "/ac", false),
            ("*.ism/*", "/v/x.ism/Manifest", true),
            ("/a", "/ab", false),
            ("*a*b", "/xaxxab", true),
        ] {
            assert_eq!(pattern_matches(pattern, path), hit, "{pattern} {path}");
        }
    }

    #[test]
    fn hosts_are_compared_as_browsers_send_them() {
        assert_eq!(normal_host("WWW.Shop.example.").as_deref(), Some("www.shop.example"));
        assert_eq!(normal_host("bücher.example").as_deref(), Some("xn--bcher-kva.example"));
        assert_eq!(normal_host("a b"), None);
        let context = Context {
            hosts: ["*.shop.example".to_owned()].into(),
            ..Context::default()
        };
        assert_eq!(context.owns("de.shop.example"), Some(true));
        assert_eq!(context.owns("a.de.shop.example"), Some(true));
        assert_eq!(context.owns("shop.example"), Some(false));
        assert_eq!(context.owns(".shop.example"), Some(false));
        assert_eq!(Context::default().owns("shop.example"), None);
    }

    fn distribution(id: &str, aliases: &[&str]) -> Distribution {
        let behavior = |path_pattern: &str| CacheBehavior {
            path_pattern: path_pattern.to_owned(),
            ..CacheBehavior::default()
        };
        Distribution {
            id: DistributionId::new(id),
            arn: format!("arn:aws-cn:cloudfront::123456789012:distribution/{id}"),
            etag: None,
            status: "Deployed".to_owned(),
            last_modified: DateTime::UNIX_EPOCH,
            domain_name: "D111.cloudfront.net".to_owned(),
            aliases: aliases.iter().map(ToString::to_string).collect(),
            origins: ["", "/web/", "/web"].map(origin).into(),
            comment: String::new(),
            enabled: true,
            staging: false,
            price_class: "PriceClass_All".to_owned(),
            http_version: "http2".to_owned(),
            connection_mode: ConnectionMode::Direct,
            behaviors: vec![behavior("*"), behavior("/api/*")],
            refuses: Refused::default(),
        }
    }

    fn origin(origin_path: &str) -> Origin {
        Origin {
            id: "o".to_owned(),
            domain_name: "o.example".to_owned(),
            origin_path: origin_path.to_owned(),
        }
    }

    #[test]
    fn a_distribution_tells_its_hosts_its_origin_paths_and_its_behaviors_by_precedence() {
        let shop = distribution("E1", &["www.Shop.example"]);
        let docs = distribution("E2", &["docs.example"]);
        let context = Context::of(&shop, None).among([&shop, &docs]);
        let hosts = ["www.shop.example", "d111.cloudfront.net"].map(str::to_owned);
        assert_eq!(context.hosts, BTreeSet::from(hosts));
        assert_eq!(
            context.other_hosts,
            BTreeMap::from([("docs.example".to_owned(), "E2".to_owned())])
        );
        assert_eq!(
            (context.cache_tags, context.china, context.default_root_object.clone()),
            (None, true, None)
        );
        assert_eq!(context.origin_paths, ["/web"]);
        let patterns: Vec<_> = context
            .behaviors
            .iter()
            .map(|behavior| behavior.path_pattern.as_str())
            .collect();
        assert_eq!(patterns, ["/api/*", "*"]);
    }

    #[test]
    fn two_targets_know_what_both_know() {
        let tags = |cache_tags| Context {
            cache_tags,
            ..Context::default()
        };
        assert_eq!(tags(Some(true)).and(tags(Some(false))).cache_tags, Some(false));
        assert_eq!(tags(Some(true)).and(tags(None)).cache_tags, None);
        assert_eq!(tags(Some(true)).and(tags(Some(true))).cache_tags, Some(true));
    }

    #[test]
    fn two_targets_with_the_same_patterns_know_of_either_what_is_wrong() {
        let of = |patterns: &[&str], behavior: CacheBehavior| Context {
            behaviors: patterns
                .iter()
                .map(|pattern| CacheBehavior {
                    path_pattern: (*pattern).to_owned(),
                    ..behavior.clone()
                })
                .collect(),
            ..Context::default()
        };
        let rewriting = CacheBehavior {
            viewer_function: Some(ViewerFunction::of_arn(FunctionKind::CloudFront, "a/f")),
            ..CacheBehavior::default()
        };
        let keyed = CacheBehavior {
            cache_key: Some(CacheKey::default()),
            ..CacheBehavior::default()
        };
        let both = of(&["/a/*", "*"], keyed).and(of(&["/a/*", "*"], rewriting.clone()));
        assert_eq!(both, of(&["/a/*", "*"], rewriting.clone()));
        assert!(
            of(&["*"], rewriting.clone())
                .and(of(&["/a/*", "*"], rewriting))
                .behaviors
                .is_empty()
        );
    }
}
