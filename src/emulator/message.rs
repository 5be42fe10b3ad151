//! Requests and responses as plain data, for any transport.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

/// One HTTP request, its body already read.
#[derive(Clone, Default)]
pub struct Request {
    /// GET, POST, HEAD …
    pub method: Method,
    /// Path as it stood on the wire, without the query string.
    pub path: String,
    /// What stood behind the `?`, without it; empty when there was none.
    pub query: String,
    /// All header fields; `Host` decides whether the API or the edge answers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Request {
    /// A GET of `target`, a path with an optional query string.
    #[must_use]
    pub fn get(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            path: path.to_owned(),
            query: query.to_owned(),
            ..Self::default()
        }
    }

    /// A POST of `body` to `target`.
    #[must_use]
    pub fn post(target: &str, body: impl Into<Bytes>) -> Self {
        Self {
            method: Method::POST,
            body: body.into(),
            ..Self::get(target)
        }
    }

    /// The same request with another method.
    #[must_use]
    pub fn with_method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// The same request sent to `host`: an alias or domain name of a distribution reaches the edge.
    /// A host that cannot stand in a header is left out.
    #[must_use]
    pub fn with_host(mut self, host: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(host) {
            self.headers.insert(HOST, value);
        }
        self
    }

    /// The host asked for, without its port.
    pub(crate) fn host(&self) -> Option<&str> {
        let authority = self.headers.get(HOST)?.to_str().ok()?;
        authority.split(':').next()
    }

    /// The decoded value of a query parameter; the first one when it is repeated.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(key, _)| *key == name)?;
        Some(
            percent_encoding::percent_decode_str(value)
                .decode_utf8_lossy()
                .into_owned(),
        )
    }
}

/// Headers carry signatures and session tokens, so they are never printed.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}?{} ({} bytes)",
            self.method,
            self.path,
            self.query,
            self.body.len()
        )
    }
}

/// A request in absolute form (`GET http://host/path`, as a proxy gets it) names its host in the address.
impl From<http::Request<Bytes>> for Request {
    fn from(request: http::Request<Bytes>) -> Self {
        let (parts, body) = request.into_parts();
        let plain = Self {
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            body,
        };
        match parts.uri.authority() {
            Some(authority) if !plain.headers.contains_key(HOST) => plain.with_host(authority.as_str()),
            _ => plain,
        }
    }
}

/// One whole HTTP answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Status line.
    pub status: StatusCode,
    /// All header fields except the length, which the transport adds.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Reply {
    /// An answer of the given content type.
    pub(crate) fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    /// Sets a header; a value that cannot stand in one is left out.
    pub(crate) fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }

    /// The answer to HEAD: the length is told, the body is not sent.
    pub(crate) fn without_body(mut self) -> Self {
        self.headers.insert(CONTENT_LENGTH, HeaderValue::from(self.body.len()));
        self.body = Bytes::new();
        self
    }
}

impl From<Reply> for http::Response<Bytes> {
    fn from(reply: Reply) -> Self {
        let mut response = Self::new(reply.body);
        *response.status_mut() = reply.status;
        *response.headers_mut() = reply.headers;
        response
    }
}

/// What becomes of a request. A transport plays it: the loopback server, or a connector in the same process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Answer at once.
    Reply(Reply),
    /// Wait, then play the other one.
    Delayed {
        /// How long to wait.
        by: Duration,
        /// What to play then.
        then: Box<Outcome>,
    },
    /// Close the connection without an answer. Whether the work was done before is the emulator's secret, as on a real network.
    Drop,
    /// Keep the connection open and never answer.
    Hang,
    /// Announce the whole reply, send only the first `after` bytes of its body, then close.
    Cut {
        /// The reply that would have been.
        reply: Reply,
        /// Bytes of the body that arrive.
        after: usize,
    },
    /// Send the body in chunks with a pause before each.
    Slow {
        /// The whole reply.
        reply: Reply,
        /// Bytes per chunk; at least one is sent.
        chunk: usize,
        /// Pause before each chunk.
        pause: Duration,
    },
}
