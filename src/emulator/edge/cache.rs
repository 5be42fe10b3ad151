//! The edge cache of one site.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::page::Page;
use crate::emulator::distribution::{Behavior, CacheKey, Distribution};
use crate::emulator::item::Item;
use crate::emulator::message::Request;

/// A cached copy.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) page: Page,
    pub(crate) stored: DateTime<Utc>,
    /// Whether it is served by Microsoft Smooth Streaming, which cannot be invalidated.
    pub(crate) smooth_streaming: bool,
}

impl Entry {
    /// Returns its age in seconds, unless it has expired.
    pub(crate) fn fresh_age(&self, now: DateTime<Utc>) -> Option<i64> {
        let age = (now - self.stored).num_seconds().max(0);
        (age < self.page.keep_seconds).then_some(age)
    }
}

/// The cached copies of one distribution or tenant, by cache key.
#[derive(Debug, Default)]
pub(crate) struct Cache(HashMap<Key, Entry>);

/// A cache key: the path as the viewer wrote it, with the part of the query string that counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    text: String,
    /// The second name of the default root object, which is known by its own name and as `/`.
    other_name: Option<&'static str>,
}

impl Cache {
    pub(crate) fn get(&self, key: &Key) -> Option<&Entry> {
        self.0.get(key)
    }

    pub(crate) fn put(&mut self, key: Key, entry: Entry) {
        self.0.insert(key, entry);
    }

    /// Removes the copies that `items` name.
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

/// Returns the cache key of a request; `None` if such pages are not cached.
pub(crate) fn key(distribution: &Distribution, behavior: &Behavior, request: &Request) -> Option<Key> {
    let query = match &behavior.cache_key {
        CacheKey::NotCached => return None,
        CacheKey::Path => String::new(),
        CacheKey::QueryStrings => request.query.clone(),
        CacheKey::QueryParameters(names) => chosen(&request.query, names),
    };
    let root = &distribution.default_root_object;
    let is_root = !root.is_empty() && (request.path == "/" || request.path.strip_prefix('/') == Some(root));
    let path = if is_root {
        format!("/{root}")
    } else {
        request.path.clone()
    };
    let text = if query.is_empty() {
        path
    } else {
        format!("{path}?{query}")
    };
    Some(Key {
        text,
        other_name: is_root.then_some("/"),
    })
}

/// Returns the parameters that count, in the order in which the viewer sent them.
fn chosen(query: &str, names: &[String]) -> String {
    let counts = |pair: &&str| {
        pair.split('=')
            .next()
            .is_some_and(|name| names.iter().any(|wanted| wanted == name))
    };
    query.split('&').filter(counts).collect::<Vec<_>>().join("&")
}
