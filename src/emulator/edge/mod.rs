//! A small edge: sample pages behind a cache that invalidations clear.
//!
//! There is a single point of presence, reached through the `Host` header. It serves a cached copy until the copy
//! expires or is cleared. As in reality, a published change therefore stays invisible until someone invalidates the
//! page.

mod cache;
mod page;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use http::header::{AGE, CACHE_CONTROL, COOKIE, DATE, ETAG, LAST_MODIFIED, VIA};
use http::{HeaderName, Method, StatusCode};

use super::distribution::{Distribution, Tenant};
use super::http_date::http_date;
use super::message::{Outcome, Reply, Request};
use super::route::{Operation, Route};
use super::settings::TenantOnly;
use super::state::State;
use cache::{Cache, Entry};
use page::Page;

const X_CACHE: HeaderName = HeaderName::from_static("x-cache");
const POP: HeaderName = HeaderName::from_static("x-amz-cf-pop");
const EDGE_ID: HeaderName = HeaderName::from_static("x-amz-cf-id");

/// The version that an origin currently serves, and when it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Published {
    version: u64,
    at: DateTime<Utc>,
}

/// An invalidation that has not reached the edge yet.
#[derive(Debug)]
struct Pending {
    target: String,
    invalidation: String,
    effective: DateTime<Utc>,
}

/// The state of the edge.
#[derive(Debug, Default)]
pub(crate) struct Edge {
    /// The caches, by distribution or tenant.
    caches: HashMap<String, Cache>,
    pending: Vec<Pending>,
    /// The published versions by distribution. A distribution that has never published a change serves its
    /// first version.
    published: HashMap<String, Published>,
}

/// The site that a viewer requests.
#[derive(Debug)]
pub(crate) struct Site {
    distribution: Distribution,
    /// The id of the distribution or tenant that owns the cache, as an invalidation specifies it.
    target: String,
    enabled: bool,
    host: String,
}

impl Site {
    fn of(distribution: &Distribution, target: &str, host: &str) -> Self {
        Self {
            enabled: distribution.enabled,
            distribution: distribution.clone(),
            target: target.to_owned(),
            host: host.to_owned(),
        }
    }
}

impl Edge {
    /// Records a new invalidation that takes effect at this edge at `effective`.
    pub(crate) fn announce(&mut self, target: &str, invalidation: &str, effective: DateTime<Utc>) {
        let (target, invalidation) = (target.to_owned(), invalidation.to_owned());
        self.pending.push(Pending {
            target,
            invalidation,
            effective,
        });
    }

    /// Publishes new contents at a distribution's origin as of `at`.
    pub(crate) fn publish(&mut self, distribution: &Distribution, at: DateTime<Utc>) {
        let version = self.published(distribution).version + 1;
        self.published
            .insert(distribution.id.clone(), Published { version, at });
    }

    fn published(&self, distribution: &Distribution) -> Published {
        let first = Published {
            version: 1,
            at: distribution.last_modified,
        };
        self.published.get(&distribution.id).copied().unwrap_or(first)
    }
}

/// Handles a viewer's request, applying any fault that is due for it.
pub(crate) fn handle(state: &mut State, site: &Site, request: &Request, now: DateTime<Utc>) -> Outcome {
    let route = Route {
        operation: Operation::Edge,
        target: site.host.clone(),
        invalidation: String::new(),
    };
    state.respond(
        &route,
        request,
        ("edge", now),
        |_, _| (),
        |state| visit(state, site, request, now),
    )
}

/// The header that names the host a viewer meant to connect to. The actual connection always goes to the emulator.
const CONNECTED_TO: HeaderName = HeaderName::from_static("x-emulator-connected-to");

/// Returns the site that a viewer's request is for, if it belongs to this emulator.
pub(crate) fn site_of(state: &State, host: &str, request: &Request) -> Option<Site> {
    let endpoint = request.headers.get(CONNECTED_TO);
    site_through(state, host, endpoint.and_then(|value| value.to_str().ok()))
}

/// Returns the site of a host name, if its DNS points to CloudFront.
pub(crate) fn site(state: &State, host: &str) -> Option<Site> {
    site_through(state, host, None)
}

/// Returns the site of a host name for a viewer who connected to `endpoint`, or, if that is `None`, to wherever DNS
/// points. If two names match, the more specific one applies.
fn site_through(state: &State, host: &str, endpoint: Option<&str>) -> Option<Site> {
    let serves = |tenant: &&Tenant| {
        let through = endpoint.is_some_and(|endpoint| tenant.serves_through(host, endpoint));
        through || tenant.serves(host)
    };
    let tenant = state.tenants.iter().find(serves);
    if let Some(tenant) = tenant {
        let distribution = state.distribution(&tenant.distribution_id).ok()?;
        let site = Site::of(distribution, &tenant.id, host);
        let enabled = tenant.enabled && site.enabled;
        return Some(Site { enabled, ..site });
    }
    let named = state
        .distributions
        .iter()
        .filter_map(|one| Some((one.serves(host)?, one)));
    let (_, one) = named.max_by_key(|(specific, _)| *specific)?;
    Some(Site::of(one, &one.id, host))
}

/// Returns the response to a viewer's request, and updates the cache.
pub(crate) fn visit(state: &mut State, site: &Site, request: &Request, now: DateTime<Utc>) -> Reply {
    arrive(state, now);
    let edge_id = state.random.mixed_id("", 54);
    let mut reply = if site.enabled && (request.method == Method::GET || request.method == Method::HEAD) {
        serve(state, site, request, now)
    } else {
        let mut reply = Page::refused().reply();
        reply.set(X_CACHE, "Error from cloudfront");
        reply
    };
    reply.set(DATE, &http_date(now));
    reply.set(VIA, "1.1 4f0c2b8e6a1d9537c5e8b2a04d6f1c3a.cloudfront.net (CloudFront)");
    reply.set(POP, "FRA56-P9");
    reply.set(EDGE_ID, &format!("{edge_id}=="));
    if request.method == Method::HEAD {
        reply.without_body()
    } else {
        reply
    }
}

/// Applies every invalidation whose time has come.
fn arrive(state: &mut State, now: DateTime<Utc>) {
    let (due, later) = std::mem::take(&mut state.edge.pending)
        .into_iter()
        .partition(|one| one.effective <= now);
    state.edge.pending = later;
    let due: Vec<Pending> = due;
    for one in due {
        let owners = owners(state, &one.target);
        let Some(invalidation) = state
            .histories
            .get(&one.target)
            .and_then(|history| history.get(&one.invalidation))
        else {
            continue;
        };
        for owner in owners {
            if let Some(cache) = state.edge.caches.get_mut(&owner) {
                cache.clear(&invalidation.items);
            }
        }
    }
}

/// Returns the owners of the caches that an invalidation of `target` clears.
fn owners(state: &State, target: &str) -> Vec<String> {
    let mut owners = vec![target.to_owned()];
    if state.settings.tenant_only == TenantOnly::ClearsAllTenants {
        let tenants = state.tenants.iter().filter(|tenant| tenant.distribution_id == target);
        owners.extend(tenants.map(|tenant| tenant.id.clone()));
    }
    owners
}

fn serve(state: &mut State, site: &Site, request: &Request, now: DateTime<Utc>) -> Reply {
    let published = state.edge.published(&site.distribution);
    let behavior = site.distribution.behavior(&request.path);
    if behavior.signed && !is_signed(request) {
        return dressed(&Page::refused(), "Error from cloudfront", None);
    }
    let function = behavior.function.as_ref();
    let path = function.map_or_else(|| request.path.clone(), |function| function.rewritten(&request.path));
    let fresh = || Page::fetch(&site.distribution, &site.host, (&path, behavior), published);
    let Some(key) = cache::key(&site.distribution, behavior, &path, request) else {
        return dressed(&fresh(), "Miss from cloudfront", None);
    };
    let cache = state.edge.caches.entry(site.target.clone()).or_default();
    if let Some(entry) = cache.get(&key)
        && let Some(age) = entry.fresh_age(now)
    {
        return dressed(&entry.page, "Hit from cloudfront", Some(age));
    }
    let page = fresh();
    if page.status != StatusCode::OK {
        return dressed(&page, "Error from cloudfront", None);
    }
    // If an expired copy still matches the origin's page, it is renewed; otherwise it is replaced.
    let same = cache.get(&key).is_some_and(|entry| entry.page.etag == page.etag);
    cache.put(
        key,
        Entry {
            page: page.clone(),
            stored: now,
            smooth_streaming: behavior.smooth_streaming,
        },
    );
    dressed(
        &page,
        if same {
            "RefreshHit from cloudfront"
        } else {
            "Miss from cloudfront"
        },
        None,
    )
}

/// Returns whether a request has a signature, in its URL or in a cookie.
fn is_signed(request: &Request) -> bool {
    let cookie = request.headers.get(COOKIE).and_then(|value| value.to_str().ok());
    request.query.contains("Key-Pair-Id=") || cookie.is_some_and(|cookie| cookie.contains("CloudFront-Key-Pair-Id="))
}

fn dressed(page: &Page, x_cache: &str, age: Option<i64>) -> Reply {
    let mut reply = page.reply();
    reply.set(X_CACHE, x_cache);
    if let Some(age) = age {
        reply.set(AGE, &age.to_string());
    }
    if page.status == StatusCode::OK {
        reply.set(ETAG, &page.etag);
        reply.set(LAST_MODIFIED, &http_date(page.last_modified));
        reply.set(CACHE_CONTROL, page.cache_control);
    }
    if let Some((name, value)) = &page.tag_header {
        reply.set(name.clone(), value);
    }
    reply
}
