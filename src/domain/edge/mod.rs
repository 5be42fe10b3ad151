//! Looking at the edge: what to ask as a viewer, how to read the answer, and what it proves.
//!
//! "Completed" is CloudFront's word; what a reader gets is another matter. One visit sees one place of the edge, and no
//! verdict claims more than that.

mod plan;
mod verdict;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;

pub use plan::{Plan, host_of, host_of_tenant, plan};
pub use verdict::{Circumstances, MARGIN, Made, Verdict, judge, remarks};

/// An address as viewers request it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The host, which is the name of a distribution or one of its aliases.
    pub host: String,
    /// The path with its query string, in wire form, the leading slash included.
    pub path: String,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.host, self.path)
    }
}

/// The HTTP method of an edge check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// As a reader's browser does.
    #[default]
    Get,
    /// The headers alone.
    Head,
}

impl Method {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
        }
    }
}

/// The edge's response to one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EdgeResponse {
    /// The HTTP status.
    pub status: u16,
    /// `X-Cache`, such as `Hit from cloudfront`; no response headers policy can take it away.
    pub x_cache: Option<String>,
    /// `Age`, in seconds.
    pub age: Option<i64>,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// `Cache-Control`, which browsers obey, too.
    pub cache_control: Option<String>,
    /// `Content-Length`, in bytes.
    pub content_length: Option<u64>,
    /// `X-Amz-Cf-Pop`: the place of the edge.
    pub pop: Option<String>,
    /// `X-Amz-Cf-Id`: what AWS support asks for.
    pub edge_id: Option<String>,
    /// `Via`: who handed it on, the one nearest to the origin first.
    pub via: Option<String>,
    /// `Location` of a redirect, which is never followed.
    pub location: Option<String>,
    /// The SHA-256 of the body in hexadecimal, where it was read to its end.
    pub body: Option<String>,
}

/// Seconds, about a hundred years: an `Age` beyond it is no age, and would not fit a time either.
const OLDEST: i64 = 100 * 365 * 86_400;

impl EdgeResponse {
    /// Reads the headers of an answer; `header` gives a header's text by its name in lower case.
    #[must_use]
    pub fn read(status: u16, header: impl Fn(&str) -> Option<String>) -> Self {
        let number = |name| header(name).and_then(|text| text.trim().parse().ok());
        Self {
            status,
            x_cache: header("x-cache"),
            age: number("age").filter(|age| (0..=OLDEST).contains(age)),
            etag: header("etag"),
            last_modified: header("last-modified"),
            cache_control: header("cache-control"),
            content_length: number("content-length").and_then(|bytes| u64::try_from(bytes).ok()),
            pop: header("x-amz-cf-pop"),
            edge_id: header("x-amz-cf-id"),
            via: header("via"),
            location: header("location"),
            body: None,
        }
    }

    /// What `X-Cache` says, without its tail.
    #[must_use]
    pub fn cache_word(&self) -> Option<&str> {
        let text = self.x_cache.as_deref()?;
        Some(text.split(' ').next().unwrap_or(text))
    }

    /// Whether CloudFront answered at all.
    #[must_use]
    pub fn is_cloudfronts(&self) -> bool {
        let says = |text: &Option<String>| {
            text.as_deref()
                .is_some_and(|text| text.to_ascii_lowercase().contains("cloudfront"))
        };
        self.edge_id.is_some() || self.pop.is_some() || says(&self.x_cache)
    }

    /// Whether somebody else than CloudFront handed it on, who may have kept it.
    #[must_use]
    pub fn came_through_others(&self) -> bool {
        let hops = self.via.iter().flat_map(|via| via.split(','));
        hops.map(|hop| hop.trim().to_ascii_lowercase())
            .any(|hop| !hop.is_empty() && !hop.contains("cloudfront"))
    }

    /// Whether it is another content than the one seen earlier; `None` where nothing tells.
    #[must_use]
    pub fn differs_from(&self, earlier: &Self) -> Option<bool> {
        let differ = |one: &Option<String>, other: &Option<String>| Some(one.as_ref()? != other.as_ref()?);
        differ(&self.etag, &earlier.etag)
            .or_else(|| differ(&self.body, &earlier.body))
            .or_else(|| differ(&self.last_modified, &earlier.last_modified))
    }
}

/// One edge response and when it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeSample {
    /// When.
    pub at: DateTime<Utc>,
    /// What was seen, or a sentence why nothing was.
    pub result: Result<EdgeResponse, String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_and_nonsense_is_left_out() {
        let headers = [
            ("x-cache", "Hit from cloudfront"),
            ("age", " 20340"),
            ("content-length", "-4"),
            ("x-amz-cf-pop", "FRA56-P9"),
            ("etag", "\"a\""),
        ];
        let header = |name: &str| {
            let found = headers.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let sight = EdgeResponse::read(200, header);
        let expected = EdgeResponse {
            status: 200,
            x_cache: Some("Hit from cloudfront".to_owned()),
            age: Some(20_340),
            etag: Some("\"a\"".to_owned()),
            pop: Some("FRA56-P9".to_owned()),
            ..EdgeResponse::default()
        };
        assert_eq!(sight, expected);
        assert_eq!((sight.cache_word(), sight.is_cloudfronts()), (Some("Hit"), true));
        for nonsense in ["-1", "99999999999999999", "9223372036854775807"] {
            let foreign = EdgeResponse::read(200, |name| (name == "age").then(|| nonsense.to_owned()));
            assert_eq!((foreign.age, foreign.is_cloudfronts()), (None, false), "{nonsense}");
        }
    }

    #[test]
    fn contents_are_told_apart_by_the_best_that_both_have() {
        let sight = |etag: Option<&str>, body: Option<&str>| EdgeResponse {
            etag: etag.map(str::to_owned),
            body: body.map(str::to_owned),
            ..EdgeResponse::default()
        };
        assert_eq!(
            sight(Some("a"), Some("1")).differs_from(&sight(Some("a"), Some("2"))),
            Some(false)
        );
        assert_eq!(
            sight(None, Some("1")).differs_from(&sight(Some("a"), Some("2"))),
            Some(true)
        );
        assert_eq!(sight(None, None).differs_from(&sight(Some("a"), None)), None);
    }
}
