//! Requests and responses as plain data, for any transport.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

/// An HTTP request whose body has been read.
#[derive(Clone, Default)]
pub struct Request {
    /// The method: GET, POST, HEAD …
    pub method: Method,
    /// The path as received, without the query string.
    pub path: String,
    /// The query string after the `?`; empty when there is none.
    pub query: String,
    /// All header fields; `Host` determines whether the API or the edge responds.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Request {
    /// Creates a GET of `target`, a path with an optional query string.
    #[must_use]
    pub fn get(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            path: path.to_owned(),
            query: query.to_owned(),
            ..Self::default()
        }
    }

    /// Creates a POST of `body` to `target`.
    #[must_use]
    pub fn post(target: &str, body: impl Into<Bytes>) -> Self {
        Self {
            method: Method::POST,
            body: body.into(),
            ..Self::get(target)
        }
    }

    /// Returns the request with a different method.
    #[must_use]
    pub fn with_method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// Returns the request addressed to `host`. An alias or domain name of a distribution reaches the edge. A host that
    /// is not a valid header value is ignored.
    #[must_use]
    pub fn with_host(mut self, host: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(host) {
            self.headers.insert(HOST, value);
        }
        self
    }

    /// Returns the requested host, without its port.
    pub(crate) fn host(&self) -> Option<&str> {
        let authority = self.headers.get(HOST)?.to_str().ok()?;
        authority.split(':').next()
    }

    /// Returns the decoded value of a query parameter, or its first value if the parameter is repeated.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(key, _)| *key == name)?;
        Some(decoded(value))
    }
}

/// Decodes the percent-escapes in a part of a URL.
pub(crate) fn decoded(part: &str) -> String {
    let part = percent_encoding::percent_decode_str(part);
    part.decode_utf8_lossy().into_owned()
}

/// Omits the headers, because they contain signatures and session tokens.
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

/// Converts a request. In absolute form (`GET http://host/path`, as sent to a proxy), the URL contains the host.
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

/// A complete HTTP response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: StatusCode,
    /// All header fields except the length, which the transport adds.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Reply {
    /// Creates a response with the given content type.
    pub(crate) fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    /// Sets a header; an invalid header value is ignored.
    pub(crate) fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }

    /// Returns the response to a HEAD request, with the length of the body but without the body itself.
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

/// The outcome of a request, carried out by a transport: the loopback server, or a connector in the same process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Respond immediately.
    Reply(Reply),
    /// Wait, then carry out another outcome.
    Delayed {
        /// The time to wait.
        by: Duration,
        /// The outcome after waiting.
        then: Box<Outcome>,
    },
    /// Close the connection without a response. As on a real network, the client cannot know whether the operation
    /// took effect.
    Drop,
    /// Keep the connection open and never respond.
    Hang,
    /// Announce the whole response, send only the first `after` bytes of its body, then close the connection.
    Cut {
        /// The complete response.
        reply: Reply,
        /// The number of bytes of the body that arrive.
        after: usize,
    },
    /// Send the body in chunks with a pause before each.
    Slow {
        /// The complete response.
        reply: Reply,
        /// The number of bytes per chunk; zero counts as one.
        chunk: usize,
        /// The pause before each chunk.
        pause: Duration,
    },
}
