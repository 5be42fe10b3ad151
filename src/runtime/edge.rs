//! Requests URLs from the edge as a viewer would. Each request verifies certificates, follows no redirects and limits
//! the size of the response.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, HOST, USER_AGENT};
use http::{HeaderName, HeaderValue, Request, Response};
use http_body_util::{BodyExt, Limited};
use sha2::{Digest, Sha256};

use super::credentials::{Connection, Roots};
use super::effects::Boxed;
use super::web::Web;
use crate::domain::edge::{Address, EdgeResponse, Method};
use crate::domain::text::hex;

/// The timeout for a request, from the name lookup to the last byte.
const PATIENCE: Duration = Duration::from_secs(10);
/// The maximum number of body bytes to read. Responses with longer bodies are compared by their headers alone.
const LONGEST_BODY: usize = 256 * 1024;

/// The header that tells an emulator which host a viewer connected to.
const CONNECTED_TO: HeaderName = HeaderName::from_static("x-emulator-connected-to");

/// A client for the edge. Clones share their connections.
#[derive(Clone)]
pub struct Edge(Way);

#[derive(Clone)]
enum Way {
    /// The real edge, over TLS. Its client is created when first needed, because loading certificates is slow.
    Https(Arc<OnceLock<Web>>, Roots),
    /// The edge of an emulator on this machine. Requests go to this URL, with the viewer's host in the `Host` header.
    Local(String, Web),
    /// A function that replaces the edge in tests.
    Other(Visitor),
}

/// A function that responds to a viewer's request.
pub type Visitor = Arc<dyn Fn(Request<()>) -> Boxed<Result<Response<Bytes>, String>> + Send + Sync>;

impl std::fmt::Debug for Edge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match &self.0 {
            Way::Https(..) => "Edge(https)",
            Way::Local(..) => "Edge(local)",
            Way::Other(_) => "Edge(other)",
        })
    }
}

impl Edge {
    /// Returns the edge for an endpoint: an emulator on this machine has its own; other endpoints use the real one.
    #[must_use]
    pub fn of_endpoint(endpoint_url: Option<&str>) -> Self {
        Self::trusting(endpoint_url, &Roots::default())
    }

    /// Returns the edge of a connection.
    #[must_use]
    pub(super) fn of_connection(connection: &Connection) -> Self {
        Self::trusting(connection.endpoint_url(), connection.roots())
    }

    fn trusting(endpoint_url: Option<&str>, roots: &Roots) -> Self {
        match endpoint_url.filter(|url| super::credentials::is_local(url)) {
            Some(url) => Self(Way::Local(url.trim_end_matches('/').to_owned(), Web::local())),
            None => Self(Way::Https(Arc::default(), roots.clone())),
        }
    }

    /// Creates an edge that passes its requests to a function instead of the network.
    #[must_use]
    pub fn of_visitor(visitor: Visitor) -> Self {
        Self(Way::Other(visitor))
    }

    /// Requests a URL once. A redirect is a response like any other. `by` is the host to connect to instead of the
    /// URL's host.
    ///
    /// # Errors
    /// A sentence explaining why there is no response.
    pub async fn visit(&self, address: &Address, method: Method, by: Option<&str>) -> Result<EdgeResponse, String> {
        let visiting = tokio::time::timeout(PATIENCE, self.answered(address, method, by));
        let late = |_| format!("no response within {} s", PATIENCE.as_secs());
        let (answer, body) = visiting.await.map_err(late)??;
        let header = |name: &str| {
            let value = answer.headers().get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let response = EdgeResponse::read(answer.status().as_u16(), header);
        Ok(EdgeResponse {
            body: body
                .filter(|_| method == Method::Get)
                .map(|body| hex(&Sha256::digest(&body))),
            ..response
        })
    }

    async fn answered(
        &self,
        address: &Address,
        method: Method,
        by: Option<&str>,
    ) -> Result<(Response<()>, Option<Bytes>), String> {
        match &self.0 {
            Way::Https(web, roots) => {
                let mut request = request(&format!("https://{address}"), address, method)?;
                // The URL contains the host, which the connector sends in the form that the HTTP version requires.
                request.headers_mut().remove(HOST);
                let answered = match by {
                    Some(endpoint) => Web::connected_to(endpoint, roots)?.ask_directly(request).await,
                    None => web.get_or_init(|| Web::open(roots)).ask(request).await,
                };
                read(answered).await
            }
            Way::Local(url, web) => {
                let request = request(&format!("{url}{}", address.path), address, method)?;
                read(web.ask(connected_to(request, by)?).await).await
            }
            Way::Other(visitor) => {
                let request = request(&format!("https://{address}"), address, method)?;
                let request = connected_to(request, by)?;
                let (head, body) = visitor(request).await?.into_parts();
                Ok((Response::from_parts(head, ()), Some(body)))
            }
        }
    }
}

/// Creates a viewer's request. It accepts compression as browsers do; otherwise the edge would return a different
/// cached copy.
fn request(url: &str, address: &Address, method: Method) -> Result<Request<()>, String> {
    let request = Request::builder()
        .method(method.as_str())
        .uri(url)
        .header(HOST, &address.host)
        .header(ACCEPT, "*/*")
        .header(ACCEPT_ENCODING, "gzip, br")
        .header(USER_AGENT, concat!("invalidash/", env!("CARGO_PKG_VERSION")));
    request
        .body(())
        .map_err(|error| format!("{address} cannot be requested: {error}"))
}

/// Adds a header that tells an emulator which host a viewer would connect to, because its connections do not show that.
fn connected_to(mut request: Request<()>, host: Option<&str>) -> Result<Request<()>, String> {
    if let Some(host) = host {
        let value = HeaderValue::from_str(host).map_err(|error| format!("cannot connect to {host}: {error}"))?;
        request.headers_mut().insert(CONNECTED_TO, value);
    }
    Ok(request)
}

async fn read(answered: Result<Response<SdkBody>, String>) -> Result<(Response<()>, Option<Bytes>), String> {
    let (head, body) = answered.map_err(|cause| format!("no response: {cause}"))?.into_parts();
    // If the body is too long or truncated, the headers are still available, and they matter most.
    let body = Limited::new(body, LONGEST_BODY).collect().await.ok();
    Ok((
        Response::from_parts(head, ()),
        body.map(http_body_util::Collected::to_bytes),
    ))
}
