//! The origins' contents: a page at every path, generated from the path and the last published version.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderName, StatusCode};

use super::Published;
use crate::emulator::distribution::{Behavior, CacheKey, Distribution};
use crate::emulator::message::Reply;
use crate::emulator::random::Random;

/// The maximum number of tags kept per object; any further ones are ignored.
const MAX_TAGS: usize = 50;
const DAY: i64 = 86_400;
const YEAR: i64 = 31_536_000;

/// A page as the origin returns it.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    content_type: &'static str,
    pub(crate) cache_control: &'static str,
    /// How long the edge caches the page, in seconds.
    pub(crate) keep_seconds: i64,
    pub(crate) etag: String,
    pub(crate) last_modified: DateTime<Utc>,
    pub(crate) tags: Vec<String>,
    pub(crate) tag_header: Option<(HeaderName, String)>,
    body: Bytes,
}

impl Page {
    /// Returns the page at a path, as the behavior serves it. Pages whose names start with `missing` do not exist.
    pub(crate) fn fetch(
        distribution: &Distribution,
        host: &str,
        (path, behavior): (&str, &Behavior),
        published: Published,
    ) -> Self {
        let name = path.rsplit('/').next().unwrap_or_default();
        if name.starts_with("missing") {
            return Self::error(StatusCode::NOT_FOUND);
        }
        let content_type = content_type(name);
        let (cache_control, keep_seconds) = caching(behavior, content_type);
        let tag_header = tag_header(distribution, path);
        Self {
            status: StatusCode::OK,
            content_type,
            cache_control,
            keep_seconds,
            etag: etag(&distribution.id, path, published.version),
            last_modified: published.at,
            tags: tag_header.as_ref().map(|(_, value)| tags(value)).unwrap_or_default(),
            tag_header,
            body: body(content_type, host, path, published).into(),
        }
    }

    /// Returns the page for a request that is not allowed.
    pub(crate) fn refused() -> Self {
        Self::error(StatusCode::FORBIDDEN)
    }

    fn error(status: StatusCode) -> Self {
        Self {
            status,
            content_type: "text/html",
            cache_control: "no-store",
            keep_seconds: 0,
            etag: String::new(),
            last_modified: DateTime::UNIX_EPOCH,
            tags: Vec::new(),
            tag_header: None,
            body: format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>\n").into(),
        }
    }

    pub(crate) fn reply(&self) -> Reply {
        Reply::new(self.status, self.content_type, self.body.clone())
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("json") => "application/json",
        Some("xml") => "application/xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("m3u8") => "application/vnd.apple.mpegurl",
        Some("exe" | "deb" | "zip") => "application/octet-stream",
        _ => "text/html; charset=utf-8",
    }
}

/// Returns the `Cache-Control` header, and how long the edge caches the page in seconds. Browsers cache pages for five
/// minutes, and images and fonts for a year. Invalidations do not affect browser caches.
fn caching(behavior: &Behavior, content_type: &str) -> (&'static str, i64) {
    if behavior.cache_key == CacheKey::NotCached {
        ("private, no-store", 0)
    } else if content_type.starts_with("image/") || content_type.starts_with("font/") {
        ("public, max-age=31536000, immutable", YEAR)
    } else {
        ("public, max-age=300, s-maxage=86400", DAY)
    }
}

fn etag(distribution: &str, path: &str, version: u64) -> String {
    // FNV-1a is used because the standard library's hasher may change between versions, which would change the
    // screenshots.
    let seed = distribution
        .bytes()
        .chain(path.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let mut random = Random::new(seed ^ version);
    format!("\"{:016x}{:016x}\"", random.next(), random.next())
}

/// Returns the header with a page's cache tags. As in a content management system, they name its section and article.
fn tag_header(distribution: &Distribution, path: &str) -> Option<(HeaderName, String)> {
    let name = distribution.cache_tag_header.as_ref()?.parse().ok()?;
    let mut segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let article = segments.pop_if(|last| last.contains('.'));
    let section = segments.first().copied().unwrap_or("startseite");
    let mut value = format!("site, section:{section}");
    if let Some(article) = article {
        let stem = article.split('.').next().unwrap_or(article);
        let number = stem.rsplit('-').next().unwrap_or(stem);
        value = format!("{value}, article:{number}");
    }
    Some((name, value))
}

fn tags(header: &str) -> Vec<String> {
    header
        .split(',')
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| !tag.is_empty())
        .take(MAX_TAGS)
        .collect()
}

fn body(content_type: &str, host: &str, path: &str, published: Published) -> String {
    let Published { version, at } = published;
    let at = at.format("%Y-%m-%d %H:%M:%S UTC");
    if content_type.starts_with("text/html") {
        // The path comes from the viewer, so it may contain anything.
        let safe = path.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        format!(
            "<!doctype html>\n<title>{host}</title>\n<h1>{host}</h1>\n<p>{safe}</p>\n<p>Version {version}, published {at}.</p>\n"
        )
    } else if content_type == "application/json" {
        format!("{{\"version\":{version},\"published\":\"{at}\"}}\n")
    } else {
        format!("/* {host}: version {version}, published {at} */\n")
    }
}
