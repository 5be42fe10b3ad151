//! Cache behaviors: what CloudFront does with a request before it consults its cache, and the parts of the cache key.

use serde::{Deserialize, Serialize};

use crate::domain::distribution::id;

id! {
    /// The id of a cache policy, such as `658327ea-f89d-4fab-a63d-7e88639e58f6`.
    CachePolicyId
}

/// The parts of a cache behavior that are relevant to invalidations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CacheBehavior {
    /// The paths that the behavior applies to; `*` for the default behavior.
    pub path_pattern: String,
    /// Whether Smooth Streaming is enabled; its objects cannot be invalidated.
    pub smooth_streaming: bool,
    /// The cache key; `None` until the cache policy has been loaded.
    pub cache_key: Option<CacheKey>,
    /// The cache policy; `None` if the behavior uses the legacy settings.
    pub cache_policy: Option<CachePolicyId>,
    /// The function that runs on each viewer request before CloudFront consults its cache.
    pub viewer_function: Option<ViewerFunction>,
    /// Whether CloudFront accepts only signed URLs and signed cookies.
    pub signed: bool,
}

impl CacheBehavior {
    /// Sets the cache key from the cache policy, unless the legacy settings have provided it already.
    pub(crate) fn learn_key<'a>(&mut self, known: impl FnOnce(&CachePolicyId) -> Option<&'a CacheKey>) {
        if let (None, Some(policy)) = (&self.cache_key, &self.cache_policy) {
            self.cache_key = managed(policy).or_else(|| known(policy).cloned());
        }
    }

    /// Returns the policy that has to be loaded to determine the cache key.
    pub(crate) fn unknown_policy(&self) -> Option<&CachePolicyId> {
        let policy = self.cache_policy.as_ref().filter(|_| self.cache_key.is_none())?;
        managed(policy).is_none().then_some(policy)
    }

    /// Merges in the behavior of another target that receives the same list, so that the restrictions of both apply.
    pub(crate) fn and(&mut self, other: &Self) {
        self.smooth_streaming |= other.smooth_streaming;
        self.signed |= other.signed;
        if self.cache_key != other.cache_key {
            self.cache_key = None;
        }
        if self.viewer_function.is_none() {
            self.viewer_function.clone_from(&other.viewer_function);
        }
    }
}

/// A function that runs at the edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewerFunction {
    /// Where the function runs.
    pub kind: FunctionKind,
    /// The function's name; for Lambda, with the version.
    pub name: String,
}

/// Where a function at the edge runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FunctionKind {
    /// CloudFront Functions.
    CloudFront,
    /// Lambda@Edge.
    Lambda,
}

impl ViewerFunction {
    /// Creates a function from its ARN: `arn:aws:cloudfront::…:function/NAME` or
    /// `arn:aws:lambda:…:function:NAME:VERSION`.
    #[must_use]
    pub fn of_arn(kind: FunctionKind, arn: &str) -> Self {
        let tail = match kind {
            FunctionKind::CloudFront => arn.rsplit_once('/'),
            FunctionKind::Lambda => arn.split_once(":function:"),
        };
        Self {
            kind,
            name: tail.map_or(arn, |(_, name)| name).to_owned(),
        }
    }

    /// Returns the function's name for use in a sentence.
    #[must_use]
    pub fn label(&self) -> String {
        match self.kind {
            FunctionKind::CloudFront => format!("function {}", self.name),
            FunctionKind::Lambda => format!("Lambda@Edge function {}", self.name),
        }
    }
}

/// The parts of a request that belong to the cache key in addition to the path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CacheKey {
    /// The query parameters.
    pub query: QueryKey,
    /// The request headers, except `Accept-Encoding`.
    pub headers: Vec<String>,
    /// Whether some or all cookies belong to the cache key.
    pub cookies: bool,
}

/// The query parameters that belong to the cache key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueryKey {
    /// No parameters: each path has a single cached copy, whatever the query string.
    #[default]
    None,
    /// The whole query string as the viewer sent it.
    All,
    /// The parameters with these names.
    Only(Vec<String>),
    /// All parameters except those with these names.
    Except(Vec<String>),
}

impl QueryKey {
    /// Returns whether all query strings share one cached copy.
    #[must_use]
    pub fn is_none(&self) -> bool {
        match self {
            Self::None => true,
            Self::Only(names) => names.is_empty(),
            Self::All | Self::Except(_) => false,
        }
    }

    /// Returns whether each value of a parameter has its own cached copy.
    #[must_use]
    pub fn counts(&self, name: &str) -> bool {
        let is_in = |names: &[String]| names.iter().any(|one| one == name);
        match self {
            Self::None => false,
            Self::All => true,
            Self::Only(names) => is_in(names),
            Self::Except(names) => !is_in(names),
        }
    }

    /// Returns whether any parameter whose name starts with `beginning` may belong to the cache key.
    fn may_count(&self, beginning: &str) -> bool {
        match self {
            Self::None => false,
            Self::All | Self::Except(_) => true,
            Self::Only(names) => names.iter().any(|one| one.starts_with(beginning)),
        }
    }

    /// Returns the part of a query string that belongs to the cache key, with the parameters in their original order.
    /// In a wildcard, which ends in `*`, the last parameter may be incomplete.
    #[must_use]
    pub fn counted(&self, query: &str) -> String {
        if matches!(self, Self::All) {
            return query.to_owned();
        }
        let (pairs, cut) = match query.strip_suffix('*') {
            Some(pairs) => pairs
                .rsplit_once('&')
                .map_or(("", Some(pairs)), |(whole, cut)| (whole, Some(cut))),
            None => (query, None),
        };
        let counts = |pair: &&str| self.counts(pair.split('=').next().unwrap_or_default());
        let mut kept: Vec<&str> = pairs
            .split('&')
            .filter(|pair| !pair.is_empty())
            .filter(counts)
            .collect();
        let may_count = |pair: &str| match pair.split_once('=') {
            Some((name, _)) => self.counts(name),
            None => self.may_count(pair),
        };
        kept.extend(cut.filter(|cut| may_count(cut)));
        kept.join("&") + if cut.is_some() { "*" } else { "" }
    }
}

/// Returns the cache key of a policy that AWS manages and documents, so that the policy need not be loaded
/// (`docs/cloudfront.md`, "What one path clears").
fn managed(policy: &CachePolicyId) -> Option<CacheKey> {
    match policy.as_str() {
        // CachingOptimized and CachingDisabled.
        "658327ea-f89d-4fab-a63d-7e88639e58f6" | "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" => Some(CacheKey::default()),
        // Amplify.
        "2e54312d-136d-493c-8eb9-b001f22f67d2" => Some(CacheKey {
            query: QueryKey::All,
            headers: ["Authorization", "CloudFront-Viewer-Country", "Host"]
                .map(str::to_owned)
                .into(),
            cookies: true,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_query_string_counts_by_its_parameters() {
        let only = QueryKey::Only(names(&["q", "page"]));
        let except = QueryKey::Except(names(&["utm"]));
        for (key, query, counted) in [
            (&QueryKey::None, "q=1", ""),
            (&QueryKey::All, "q=1&&x", "q=1&&x"),
            (&only, "page=2&x=1&q=a&Q=b", "page=2&q=a"),
            (&only, "x=1", ""),
            (&only, "q", "q"),
            (&only, "x=1&q=a*", "q=a*"),
            (&only, "q=a&x=1*", "q=a*"),
            (&only, "q=a&pa*", "q=a&pa*"),
            (&only, "u*", "*"),
            (&only, "*", "*"),
            (&except, "a=1&utm=2&b", "a=1&b"),
            (&except, "utm=2*", "*"),
            (&except, "ut*", "ut*"),
        ] {
            assert_eq!(key.counted(query), counted, "{key:?} {query}");
        }
        assert!(QueryKey::Only(Vec::new()).is_none() && !except.is_none());
    }

    #[test]
    fn a_function_is_called_by_its_name() {
        let of = |kind, arn| ViewerFunction::of_arn(kind, arn).label();
        let lambda = "arn:aws:lambda:us-east-1:123456789012:function:rewrite:7";
        assert_eq!(of(FunctionKind::Lambda, lambda), "Lambda@Edge function rewrite:7");
        let own = "arn:aws:cloudfront::123456789012:function/spa-routes";
        assert_eq!(of(FunctionKind::CloudFront, own), "function spa-routes");
        assert_eq!(of(FunctionKind::CloudFront, "odd"), "function odd");
    }

    #[test]
    fn a_managed_policy_is_known_and_another_one_is_learned() {
        let behavior = |policy: &str| CacheBehavior {
            cache_policy: Some(CachePolicyId::new(policy)),
            ..CacheBehavior::default()
        };
        let mut optimized = behavior("658327ea-f89d-4fab-a63d-7e88639e58f6");
        assert_eq!(optimized.unknown_policy(), None);
        optimized.learn_key(|_| None);
        assert_eq!(optimized.cache_key, Some(CacheKey::default()));
        let mut own = behavior("own");
        assert_eq!(own.unknown_policy(), Some(&CachePolicyId::new("own")));
        own.learn_key(|_| None);
        assert_eq!(own.cache_key, None);
        let key = CacheKey {
            query: QueryKey::All,
            ..CacheKey::default()
        };
        own.learn_key(|_| Some(&key));
        assert_eq!(own.unknown_policy(), None);
        assert_eq!(own.cache_key, Some(key));
    }

    #[test]
    fn what_an_older_version_kept_can_be_read() {
        let old = r#"{"path_pattern":"*","smooth_streaming":true,"query_string":false}"#;
        let read: Option<CacheBehavior> = serde_json::from_str(old).ok();
        let expected = CacheBehavior {
            path_pattern: "*".to_owned(),
            smooth_streaming: true,
            ..CacheBehavior::default()
        };
        assert_eq!(read, Some(expected));
    }
}
