//! The edge cache of one site.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::page::Page;
use crate::emulator::distribution::{Behavior, CacheKey, Distribution, PolicyQuery};
use crate::emulator::item::Item;
use crate::emulator::message::Request;

/// The parameters of a signed URL, which CloudFront removes before the cache lookup.
const SIGNATURE: [&str; 4] = ["Expires", "Policy", "Signature", "Key-Pair-Id"];

/// A cached copy.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) page: Page,
    pub(crate) stored: DateTime<Utc>,
    /// Whether the copy is served by Microsoft Smooth Streaming. Such copies cannot be invalidated.
    pub(crate) smooth_streaming: bool,
}

impl Entry {
    /// Returns the copy's age in seconds, unless it has expired.
    pub(crate) fn fresh_age(&self, now: DateTime<Utc>) -> Option<i64> {
        let age = (now - self.stored).num_seconds().max(0);
        (age < self.page.keep_seconds).then_some(age)
    }
}

/// The cached copies of one distribution or tenant, by cache key.
#[derive(Debug, Default)]
pub(crate) struct Cache(HashMap<Key, Entry>);

/// A cache key: the path as the viewer or a function wrote it, plus those parts of the query string, headers and
/// cookies that belong to the key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    text: String,
    /// The headers and cookies in the cache key, which invalidations ignore.
    variant: String,
    /// The second name of the default root object, which can be requested both by its own name and as `/`.
    other_name: Option<&'static str>,
}

impl Cache {
    pub(crate) fn get(&self, key: &Key) -> Option<&Entry> {
        self.0.get(key)
    }

    pub(crate) fn put(&mut self, key: Key, entry: Entry) {
        self.0.insert(key, entry);
    }

    /// Removes the copies that match `items`.
    pub(crate) fn clear(&mut self, items: &[Item]) {
        self.0.retain(|key, entry| {
            let named = items.iter().any(|item| {
                let tags = &entry.page.tags;
                item.clears(&key.text, tags) || key.other_name.is_some_and(|name| item.clears(name, tags))
            });
            entry.smooth_streaming || !named
        });
    }
}

/// Returns the cache key of a request for `path`, which a function may have rewritten; `None` if the behavior caches
/// nothing.
pub(crate) fn key(distribution: &Distribution, behavior: &Behavior, path: &str, request: &Request) -> Option<Key> {
    let all = if behavior.signed {
        chosen(&request.query, |name| !SIGNATURE.contains(&name))
    } else {
        request.query.clone()
    };
    let query = match &behavior.cache_key {
        CacheKey::NotCached => return None,
        CacheKey::Path => String::new(),
        CacheKey::QueryStrings => all,
        CacheKey::QueryParameters(names) => chosen(&all, among(names)),
        CacheKey::Policy(policy) => match &policy.query {
            PolicyQuery::None => String::new(),
            PolicyQuery::All => all,
            PolicyQuery::Only(names) => chosen(&all, among(names)),
            PolicyQuery::Except(names) => chosen(&all, |name| !among(names)(name)),
        },
    };
    let root = &distribution.default_root_object;
    let is_root = !root.is_empty() && (path == "/" || path.strip_prefix('/') == Some(root));
    let path = if is_root { format!("/{root}") } else { path.to_owned() };
    let text = if query.is_empty() {
        path
    } else {
        format!("{path}?{query}")
    };
    Some(Key {
        text,
        variant: variant(&behavior.cache_key, request),
        other_name: is_root.then_some("/"),
    })
}

/// Returns the query parameters that belong to the cache key, in the order the viewer sent them.
fn chosen(query: &str, counts: impl Fn(&str) -> bool) -> String {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let counts = |pair: &&str| pair.split('=').next().is_some_and(&counts);
    pairs.filter(counts).collect::<Vec<_>>().join("&")
}

fn among(names: &[String]) -> impl Fn(&str) -> bool + '_ {
    |name| names.iter().any(|wanted| wanted == name)
}

/// Returns the headers and cookies that belong to the cache key.
fn variant(key: &CacheKey, request: &Request) -> String {
    let CacheKey::Policy(policy) = key else {
        return String::new();
    };
    let cookies = policy.cookies.then_some("cookie");
    let names = policy.headers.iter().map(String::as_str).chain(cookies);
    let value = |name: &str| request.headers.get(name).map(|value| format!("{name}: {value:?}"));
    names.filter_map(value).collect::<Vec<_>>().join("\n")
}
