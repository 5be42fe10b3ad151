//! Adds this program's name to the requests that the SDK itself makes for credentials, so that AWS's logs show it.

use aws_sdk_cloudfront::config::{HttpClient, RuntimeComponents};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

/// The header that names the client. It is not part of the signature.
const USER_AGENT: &str = "user-agent";

/// An HTTP client that adds this program's name to its requests.
#[derive(Debug)]
pub(super) struct Named<T> {
    pub(super) inner: T,
    /// The name in the form used in the other clients' user agents: `app/invalidash-1.0.0`.
    pub(super) name: String,
}

impl HttpClient for Named<SharedHttpClient> {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Named {
            inner: self.inner.http_connector(settings, components),
            name: self.name.clone(),
        })
    }
}

impl HttpConnector for Named<SharedHttpConnector> {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let old = request.headers().get(USER_AGENT).unwrap_or_default().to_owned();
        let both = format!("{old} {}", self.name);
        // The request also works without the name.
        let _ = request.headers_mut().try_insert(USER_AGENT, both.trim().to_owned());
        self.inner.call(request)
    }
}
