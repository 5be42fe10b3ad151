//! Edge checks: what to request as a viewer would, how to read the response, and what it proves.
//!
//! "Completed" is CloudFront's status, which does not prove what viewers receive. One check reaches a single edge
//! location, and no verdict claims more than that.

mod plan;
mod verdict;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;

pub use plan::{Plan, host_before_dns, host_of, host_of_tenant, plan};
pub use verdict::{Circumstances, MARGIN, Made, Verdict, judge, remarks};

/// A URL as viewers request it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The host: a distribution's domain name or one of its aliases.
    pub host: String,
    /// The path and query string in wire form, including the leading slash.
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
    /// GET, which browsers send.
    #[default]
    Get,
    /// HEAD, which returns only headers.
    Head,
}

impl Method {
    /// Returns the name of the method as sent.
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
    /// The `X-Cache` header, e.g. `Hit from cloudfront`.
    pub x_cache: Option<String>,
    /// The `Age` header, in seconds.
    pub age: Option<i64>,
    /// The `ETag` header.
    pub etag: Option<String>,
    /// The `Last-Modified` header.
    pub last_modified: Option<String>,
    /// The `Cache-Control` header, which browsers obey as well.
    pub cache_control: Option<String>,
    /// The `Content-Length` header, in bytes.
    pub content_length: Option<u64>,
    /// The `X-Amz-Cf-Pop` header, which names the edge location.
    pub pop: Option<String>,
    /// The `X-Amz-Cf-Id` header, which AWS Support asks for.
    pub edge_id: Option<String>,
    /// The `Via` header: the proxies that forwarded the response, the one nearest to the origin first.
    pub via: Option<String>,
    /// The `Location` header of a redirect, which is never followed.
    pub location: Option<String>,
    /// The SHA-256 of the body in hexadecimal, if it was read to the end.
    pub body: Option<String>,
}

/// The largest plausible `Age` in seconds, about a hundred years; a larger one would not fit a timestamp either.
const OLDEST: i64 = 100 * 365 * 86_400;

impl EdgeResponse {
    /// Reads the headers of a response; `header` returns the value of a header by its lower-case name.
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

    /// Returns the first word of `X-Cache`.
    #[must_use]
    pub fn cache_word(&self) -> Option<&str> {
        let text = self.x_cache.as_deref()?;
        Some(text.split(' ').next().unwrap_or(text))
    }

    /// Returns whether the response came from CloudFront at all.
    #[must_use]
    pub fn is_cloudfronts(&self) -> bool {
        let says = |text: &Option<String>| {
            text.as_deref()
                .is_some_and(|text| text.to_ascii_lowercase().contains("cloudfront"))
        };
        self.edge_id.is_some() || self.pop.is_some() || says(&self.x_cache)
    }

    /// Returns whether a proxy other than CloudFront forwarded the response and may have cached it.
    #[must_use]
    pub fn came_through_others(&self) -> bool {
        let hops = self.via.iter().flat_map(|via| via.split(','));
        hops.map(|hop| hop.trim().to_ascii_lowercase())
            .any(|hop| !hop.is_empty() && !hop.contains("cloudfront"))
    }

    /// Returns whether the content differs from that of an earlier response; `None` if this cannot be determined.
    #[must_use]
    pub fn differs_from(&self, earlier: &Self) -> Option<bool> {
        let differ = |one: &Option<String>, other: &Option<String>| Some(one.as_ref()? != other.as_ref()?);
        differ(&self.etag, &earlier.etag)
            .or_else(|| differ(&self.body, &earlier.body))
            .or_else(|| differ(&self.last_modified, &earlier.last_modified))
    }
}

/// An edge response and when it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeSample {
    /// The time of arrival.
    pub at: DateTime<Utc>,
    /// The response, or a sentence explaining why there is none.
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
