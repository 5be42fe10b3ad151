//! Remarks that depend on how CloudFront serves a path: which cache behaviors serve the objects that it clears, and
//! under which cache keys these objects are cached. Also defines which of the remarks a list shows only once.

use super::context::{Context, pattern_matches};
use super::path::{before_query, without_query};
use super::table::{Code, Codes};
use crate::domain::behavior::{CacheBehavior, CacheKey, QueryKey, ViewerFunction};

/// The remarks that a list shows only once, either per affected cache behavior or for all of them together.
pub(crate) const ONCE: Codes = Codes::NONE
    .with(Code::FunctionRewrite)
    .with(Code::QueryVariants)
    .with(Code::KeyVariants)
    .with(Code::EdgeBlind)
    .with(Code::StagingTwin);

/// The remarks of [`ONCE`] that apply only to paths.
const OF_PATHS: [Code; 4] = [
    Code::FunctionRewrite,
    Code::QueryVariants,
    Code::KeyVariants,
    Code::EdgeBlind,
];

/// Returns the remarks on a path that may be sent.
pub(super) fn remarks(path: &str, context: &Context) -> Codes {
    let mut codes = Codes::NONE;
    if path == "/*" || !context.has_remarks() {
        return codes;
    }
    for code in OF_PATHS {
        codes.set(code, topic_of_path(path, code, context).is_some());
    }
    codes
}

/// Returns the topic of a remark, so that a list shows the remark only once per topic: the index of a cache behavior,
/// or 0 for all of them. `None` means the remark does not apply.
pub(crate) fn topic(path: &str, code: Code, context: &Context) -> Option<usize> {
    match code {
        Code::StagingTwin => context.staging_twin.as_ref().map(|_| 0),
        _ => topic_of_path(path, code, context),
    }
}

fn topic_of_path(path: &str, code: Code, context: &Context) -> Option<usize> {
    let first = |has: fn(&CacheBehavior) -> bool| served_by(path, context).find(|(_, behavior)| has(behavior));
    match code {
        Code::FunctionRewrite => first(|behavior| behavior.viewer_function.is_some()).map(|(at, _)| at),
        Code::QueryVariants => by_query(path, context),
        Code::KeyVariants => first(has_variants).map(|_| 0),
        Code::EdgeBlind => blindness(path, context).map(|(at, _)| at),
        _ => None,
    }
}

/// Returns whether a path without a query string does not clear the copies that were cached with one.
pub(crate) fn counts_query(path: &str, context: &Context) -> bool {
    by_query(path, context).is_some()
}

fn by_query(path: &str, context: &Context) -> Option<usize> {
    let (at, behavior) = served_by(path, context).next().filter(|_| !path.contains(['?', '*']))?;
    let key = behavior.cache_key.as_ref()?;
    (!key.query.is_none()).then_some(at)
}

fn has_variants(behavior: &CacheBehavior) -> bool {
    let has = |key: &CacheKey| key.cookies || !key.headers.is_empty();
    behavior.cache_key.as_ref().is_some_and(has)
}

/// Returns the cache behaviors that serve the objects a path clears, with their indexes. An exact path has only one. A
/// wildcard has every behavior that may serve an object whose path starts with the wildcard's prefix.
pub(super) fn served_by<'a>(
    path: &'a str,
    context: &'a Context,
) -> impl Iterator<Item = (usize, &'a CacheBehavior)> + 'a {
    let behaviors = context.behaviors.iter().enumerate();
    let prefix = path.strip_suffix('*');
    let name = before_query(prefix.unwrap_or(path));
    // After a `?`, the path is complete, whatever follows.
    let is_open = prefix.is_some_and(|prefix| name.len() == prefix.len());
    let mut is_done = false;
    behaviors.filter(move |(_, behavior)| {
        let pattern = behavior.path_pattern.as_str();
        let serves = !is_done
            && if is_open {
                may_serve(pattern, name)
            } else {
                pattern_matches(pattern, name)
            };
        is_done |= serves && (!is_open || serves_all(pattern, name));
        serves
    })
}

/// Returns whether a pattern serves every path with this prefix, so that later behaviors serve none of them.
fn serves_all(pattern: &str, prefix: &str) -> bool {
    pattern.ends_with('*') && pattern_matches(pattern, prefix)
}

/// Returns whether a pattern matches any path with this prefix. It does so only if some leading part of the pattern
/// matches the whole prefix.
fn may_serve(pattern: &str, prefix: &str) -> bool {
    let (pattern, prefix) = (pattern.trim_start_matches('/'), prefix.trim_start_matches('/'));
    let fits = |start: &str| pattern_matches(start, prefix);
    let ends = pattern.char_indices().map(|(at, c)| at + c.len_utf8());
    prefix.is_empty() || ends.filter_map(|end| pattern.get(..end)).any(fits)
}

/// Returns the cache key of the behavior that serves a path, if known.
pub(super) fn cache_key<'a>(path: &str, context: &'a Context) -> Option<&'a CacheKey> {
    context.behavior(before_query(path))?.cache_key.as_ref()
}

/// Returns the path with only the part of its query string that belongs to the cache key, or `None` if all of it does
/// or the cache key is unknown.
pub(super) fn without_ignored(path: &str, context: &Context) -> Option<String> {
    let (name, query) = path.split_once('?')?;
    let key = &cache_key(path, context)?.query;
    if key.is_none() {
        return Some(without_query(path).into_owned());
    }
    let counted = key.counted(query);
    let is_same = counted == query;
    (!is_same).then(|| {
        if counted.is_empty() {
            without_query(path).into_owned()
        } else {
            format!("{name}?{counted}")
        }
    })
}

/// Describes which query parameters are part of the cache key, and returns the word that refers to the others.
pub(super) fn counted(path: &str, context: &Context) -> (String, &'static str) {
    match cache_key(path, context).map(|key| &key.query) {
        Some(QueryKey::Only(names)) if !names.is_empty() => {
            (format!("Only the query {} are", parameters(names)), "others")
        }
        Some(QueryKey::Except(names)) => (
            format!("All query parameters except {} are", names.join(", ")),
            "the excluded ones",
        ),
        _ => ("Query strings are not".to_owned(), "one"),
    }
}

fn parameters(names: &[String]) -> String {
    match names {
        [one] => format!("parameter {one} and its value"),
        names => format!("parameters {}", names.join(", ")),
    }
}

/// Returns the pattern of a cache behavior that serves this path and whose media files cannot be invalidated.
pub(super) fn smooth_streaming<'a>(path: &'a str, context: &'a Context) -> Option<&'a str> {
    if !context.behaviors.iter().any(|behavior| behavior.smooth_streaming) {
        return None;
    }
    let (_, behavior) = served_by(path, context).find(|(_, behavior)| behavior.smooth_streaming)?;
    Some(&behavior.path_pattern)
}

/// Names the function that may rewrite a path before CloudFront consults its cache.
pub(super) fn function(path: &str, context: &Context) -> String {
    let function = served_by(path, context).find_map(|(_, behavior)| behavior.viewer_function.as_ref());
    function.map(ViewerFunction::label).unwrap_or_default()
}

/// Lists the headers and cookies in the cache key: `the headers Origin, Host and cookies`.
pub(super) fn key_parts(path: &str, context: &Context) -> String {
    let behavior = served_by(path, context).find(|(_, behavior)| has_variants(behavior));
    let Some(key) = behavior.and_then(|(_, behavior)| behavior.cache_key.as_ref()) else {
        return String::new();
    };
    let headers = match key.headers.as_slice() {
        [] => None,
        [one] => Some(format!("the header {one}")),
        headers => Some(format!("the headers {}", headers.join(", "))),
    };
    let cookies = key.cookies.then(|| "cookies".to_owned());
    headers.into_iter().chain(cookies).collect::<Vec<_>>().join(" and ")
}

/// Returns why an edge check may not see what viewers see at a path, with the index of the affected cache behavior.
fn blindness(path: &str, context: &Context) -> Option<(usize, &'static str)> {
    if context.refuses.without_certificate {
        return Some((
            0,
            "it has no client certificate, and CloudFront requires one from every viewer",
        ));
    }
    let any_signed = context.behaviors.iter().any(|behavior| behavior.signed);
    let signed = served_by(path, context).find(|(_, behavior)| any_signed && behavior.signed);
    let signed = signed.map(|(at, _)| {
        (
            at,
            "it has no signature, and CloudFront requires signed URLs or signed cookies",
        )
    });
    let countries = context.refuses.by_country.then_some((
        0,
        "CloudFront blocks viewers in some countries, possibly including yours",
    ));
    signed.or(countries)
}

/// Returns why an edge check may not see what viewers see at a path.
pub(crate) fn blind(path: &str, context: &Context) -> Option<&'static str> {
    blindness(path, context).map(|(_, why)| why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(patterns: &[&str]) -> Context {
        let behavior = |pattern: &&str| CacheBehavior {
            path_pattern: (*pattern).to_owned(),
            ..CacheBehavior::default()
        };
        Context {
            behaviors: patterns.iter().map(behavior).collect(),
            ..Context::default()
        }
    }

    #[test]
    fn a_wildcard_is_served_by_every_behavior_that_may_have_what_it_clears() {
        let context = context(&["/api/*", "*.jpg", "/a?c/x", "*"]);
        for (path, patterns) in [
            ("/api/x", &["/api/*"][..]),
            ("/api/x?y=.jpg", &["/api/*"]),
            ("/x.jpg?*", &["*.jpg"]),
            ("/api/*", &["/api/*"]),
            ("/api/x?*", &["/api/*"]),
            ("/a*", &["/api/*", "*.jpg", "/a?c/x", "*"]),
            ("/ab*", &["*.jpg", "/a?c/x", "*"]),
            ("/abc/x*", &["*.jpg", "/a?c/x", "*"]),
            ("/abc/xy*", &["*.jpg", "*"]),
            ("/img/*", &["*.jpg", "*"]),
            ("/*", &["/api/*", "*.jpg", "/a?c/x", "*"]),
        ] {
            let served: Vec<_> = served_by(path, &context)
                .map(|(_, behavior)| behavior.path_pattern.as_str())
                .collect();
            assert_eq!(served, patterns, "{path}");
        }
    }
}
