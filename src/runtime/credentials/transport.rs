//! The HTTP client of a connection. All of the connection's SDK clients share it, so a create request reuses the
//! network connection that a read opened, and certificates are loaded only once, when first needed. The client delivers
//! only complete responses of limited size. Web servers (the edge, sitemaps) are reached through the same kind of
//! connector.

mod dated;
mod document;
mod limit;
mod named;
mod nearby;
mod roots;
mod whole;

use std::sync::Mutex;
use std::time::Duration;

use aws_sdk_cloudfront::config::{AppName, HttpClient, IntoShared as _, RuntimeComponents, SharedHttpClient};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpConnector};
use url::Url;

use crate::runtime::clock::ServiceClock;
use crate::runtime::held::lock;
use dated::Dated;
pub(crate) use document::{Document, is_web_page};
use named::Named;
use nearby::{Nearby, is_loopback};
pub(crate) use roots::Roots;
pub(crate) use whole::Unfinished;
use whole::WholeResponses;

/// The connection timeout for web servers.
const CONNECT: Duration = Duration::from_secs(10);

/// Wraps a client so that it only delivers complete responses.
pub(super) fn whole(client: SharedHttpClient) -> SharedHttpClient {
    WholeResponses(client).into_shared()
}

/// Wraps a client so that the `Date` headers of its responses correct a clock.
pub(super) fn dated(client: SharedHttpClient, clock: ServiceClock) -> SharedHttpClient {
    Dated { inner: client, clock }.into_shared()
}

/// Creates the client for an endpoint; `None` means AWS's own. No certificates are loaded yet.
pub(super) fn client(endpoint_url: Option<&str>, roots: &Roots) -> SharedHttpClient {
    let local = endpoint_url.is_some_and(is_local);
    Transport::new(local, roots).into_shared()
}

/// Wraps a client so that its requests carry this program's name, for SDK code that does not add it.
pub(super) fn named(client: SharedHttpClient, own: Option<&str>) -> SharedHttpClient {
    let name = app_name(own).map(|name| format!("app/{name}")).unwrap_or_default();
    Named { inner: client, name }.into_shared()
}

/// Creates a connector for web servers, over TLS or plain HTTP, that uses the proxies from the environment.
pub(crate) fn web_connector(roots: &Roots) -> SharedHttpConnector {
    web_connector_through(ProxyConfig::from_env(), roots)
}

/// Creates a connector for web servers that uses the given proxies.
pub(crate) fn web_connector_through(proxies: ProxyConfig, roots: &Roots) -> SharedHttpConnector {
    SharedHttpConnector::new(with_tls(to_web_servers(), proxies, roots))
}

/// Creates a connector that always connects to `host`. The server still receives the host from the URL.
pub(crate) fn connector_to(host: &str, roots: &Roots) -> SharedHttpConnector {
    let builder = to_web_servers().proxy_config(ProxyConfig::disabled());
    let builder = builder.tls_provider(Provider::Rustls(CryptoMode::Ring));
    let builder = builder.tls_context(roots.trusted());
    SharedHttpConnector::new(builder.build_with_resolver(Only(host.to_owned())))
}

/// A DNS resolver that resolves every name to the same host.
#[derive(Clone, Debug)]
struct Only(String);

impl ResolveDns for Only {
    fn resolve_dns<'a>(&'a self, _: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let found = tokio::net::lookup_host((self.0.as_str(), 443)).await;
            let addresses = found.map_err(ResolveDnsError::new)?;
            Ok(addresses.map(|address| address.ip()).collect())
        })
    }
}

/// Creates a connector for web servers on this machine. It uses plain HTTP and bypasses all proxies.
pub(crate) fn straight_connector() -> SharedHttpConnector {
    SharedHttpConnector::new(to_web_servers().build_http())
}

fn to_web_servers() -> ConnectorBuilder {
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT).build();
    let sleep = SharedAsyncSleep::new(TokioSleep::new());
    Connector::builder().connector_settings(settings).sleep_impl(sleep)
}

/// Returns the name under which this program appears in AWS's logs, including the user's own app id if there is one.
pub(crate) fn app_name(own: Option<&str>) -> Option<AppName> {
    const OURS: &str = concat!("invalidash-", env!("CARGO_PKG_VERSION"));
    let both = own.and_then(|own| AppName::new(format!("{OURS}+{own}")).ok());
    both.or_else(|| AppName::new(OURS).ok())
}

/// A connector's connect and read timeouts.
type Patience = (Option<Duration>, Option<Duration>);

#[derive(Debug)]
struct Transport {
    local: bool,
    roots: Roots,
    /// The connectors, keyed by their timeouts, which are fixed once a connector exists. There are only a few
    /// combinations.
    connectors: Mutex<Vec<(Patience, SharedHttpConnector)>>,
}

impl Transport {
    fn new(local: bool, roots: &Roots) -> Self {
        Self {
            local,
            roots: roots.clone(),
            connectors: Mutex::default(),
        }
    }

    fn make(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let mut builder = Connector::builder().connector_settings(settings.clone());
        builder.set_sleep_impl(components.sleep_impl());
        let nearby = SharedHttpConnector::new(builder.clone().build_http());
        if self.local {
            return nearby;
        }
        let elsewhere = SharedHttpConnector::new(with_tls(builder, ProxyConfig::from_env(), &self.roots));
        SharedHttpConnector::new(Nearby { nearby, elsewhere })
    }
}

impl HttpClient for Transport {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let patience = (settings.connect_timeout(), settings.read_timeout());
        let mut connectors = lock(&self.connectors);
        if let Some((_, connector)) = connectors.iter().find(|(other, _)| *other == patience) {
            return connector.clone();
        }
        let connector = self.make(settings, components);
        connectors.push((patience, connector.clone()));
        connector
    }
}

/// Adds TLS as the SDK does by default. The connector trusts the user's certificates and the system's; the latter are
/// read once for all connectors.
fn with_tls(builder: ConnectorBuilder, proxies: ProxyConfig, roots: &Roots) -> Connector {
    builder
        .proxy_config(proxies)
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(roots.trusted())
        .build()
}

/// Returns whether the endpoint is on this machine and uses plain HTTP. Such an endpoint needs neither proxies nor
/// certificates.
pub(crate) fn is_local(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    is_loopback(&url) && url.scheme() == "http"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_on_this_machine_is_local() {
        let local = ["http://127.0.0.1:4566", "http://[::1]:1", "http://localhost:4566/x"].map(is_local);
        let other = [
            "https://127.0.0.1:4566",
            "http://10.0.0.1",
            "http://localhost.example",
            "nonsense",
        ]
        .map(is_local);
        assert_eq!((local, other), ([true; 3], [false; 4]));
    }
}
