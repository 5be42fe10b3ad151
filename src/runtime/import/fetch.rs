//! Downloads a document from the requested server only, with verified certificates and limits on size and time.

use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use http::header::{ACCEPT, ACCEPT_ENCODING, LOCATION, USER_AGENT};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use url::Url;

use crate::domain::import::MAX_BYTES;
use crate::runtime::credentials::{Roots, is_local};
use crate::runtime::web::Web;

/// The timeout for a whole document.
const DOCUMENT: Duration = Duration::from_mins(1);
/// The maximum number of redirects.
const REDIRECTS: usize = 5;

/// A downloader of documents.
#[derive(Debug)]
pub(super) struct Fetcher {
    web: Web,
    /// The client for servers on this machine, which bypasses all proxies.
    local: Web,
}

impl Fetcher {
    /// Creates a downloader. Reads the certificates that this machine trusts, which may take a while.
    pub(super) fn new(roots: &Roots) -> Self {
        Self {
            web: Web::open(roots),
            local: Web::local(),
        }
    }

    /// Downloads the document at a URL.
    ///
    /// # Errors
    /// A sentence explaining why there is no document.
    pub(super) async fn get(&self, url: &Url) -> Result<Vec<u8>, String> {
        let host = url.host_str().unwrap_or_default();
        match tokio::time::timeout(DOCUMENT, self.follow(url)).await {
            Ok(result) => result.map_err(|reason| format!("{host}: {reason}")),
            Err(_) => Err(format!("{host}: no complete response within {} s", DOCUMENT.as_secs())),
        }
    }

    async fn follow(&self, url: &Url) -> Result<Vec<u8>, String> {
        let mut url = url.clone();
        for _ in 0..=REDIRECTS {
            let response = self.ask(&url).await?;
            if !response.status().is_redirection() {
                return body(response).await;
            }
            url = next(&url, &response)?;
        }
        Err(format!("too many redirects (more than {REDIRECTS})"))
    }

    async fn ask(&self, url: &Url) -> Result<Response<SdkBody>, String> {
        let request = Request::get(url.as_str())
            .header(USER_AGENT, concat!("invalidash/", env!("CARGO_PKG_VERSION")))
            .header(ACCEPT, "application/xml, text/xml, text/plain;q=0.9, */*;q=0.1")
            .header(ACCEPT_ENCODING, "gzip")
            .body(())
            .map_err(|error| error.to_string())?;
        let web = if is_local(url.as_str()) { &self.local } else { &self.web };
        web.ask(request).await
    }
}

/// Returns a redirect's target if it is on the same server: same host, scheme and port, or https instead of http.
fn next(url: &Url, response: &Response<SdkBody>) -> Result<Url, String> {
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let next = location
        .and_then(|location| url.join(location).ok())
        .ok_or_else(|| format!("the {} response has no valid Location header", response.status()))?;
    if next.origin() == url.origin() || is_upgrade(url, &next) {
        return Ok(next);
    }
    Err(format!(
        "redirects to {}; if you trust that server, enter the full URL yourself",
        server(&next)
    ))
}

/// Returns whether a redirect upgrades from http to https on the same server, with default ports.
fn is_upgrade(url: &Url, next: &Url) -> bool {
    let schemes = (url.scheme(), next.scheme());
    schemes == ("http", "https") && url.host() == next.host() && url.port().is_none() && next.port().is_none()
}

/// Returns a URL without the parts that may contain a secret: user, path and query string.
fn server(url: &Url) -> String {
    let host = url.host_str().unwrap_or("another place");
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}", url.scheme())
}

async fn body(response: Response<SdkBody>) -> Result<Vec<u8>, String> {
    if response.status() != StatusCode::OK {
        return Err(format!("the server returned {}", response.status()));
    }
    let limit = usize::try_from(MAX_BYTES).unwrap_or(usize::MAX);
    let mut body = response.into_body();
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| format!("the response was truncated: {error}"))?;
        if let Some(data) = frame.data_ref() {
            bytes.extend_from_slice(data);
        }
        if bytes.len() > limit {
            return Err(format!("the response is larger than {} MiB", MAX_BYTES / 1024 / 1024));
        }
    }
    Ok(bytes)
}
