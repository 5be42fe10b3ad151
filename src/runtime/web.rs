//! Sends requests to web servers through the same kind of connector as for AWS, with the same TLS library, certificates
//! and proxies for every server.

use std::error::Error;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpConnector};
use aws_smithy_types::body::SdkBody;
use http::{Request, Response, Uri};

use super::credentials::{Roots, connector_to, straight_connector, web_connector};
use super::network::{self, Proxies, Proxy};

/// A client for web servers. Clones share their connections.
#[derive(Clone, Debug)]
pub(super) struct Web {
    connector: SharedHttpConnector,
    /// The proxy rules, used to name the proxy in errors. The connector reads the same environment variables.
    proxies: Option<Arc<Proxies>>,
}

impl Web {
    /// Creates a client for any server. Reads the system's certificates, which can take some time.
    pub(super) fn open(roots: &Roots) -> Self {
        Self {
            connector: web_connector(roots),
            proxies: Some(Arc::new(Proxies::of_environment())),
        }
    }

    /// Creates a client that connects to this host for every URL, no matter where DNS points.
    ///
    /// # Errors
    /// A sentence explaining why the host is invalid.
    pub(super) fn connected_to(host: &str, roots: &Roots) -> Result<Self, String> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if host.is_empty() || !host.chars().all(is_name) {
            return Err("the routing endpoint of the connection group is not a valid host name".to_owned());
        }
        Ok(Self {
            connector: connector_to(host, roots),
            proxies: Some(Arc::new(Proxies::of_environment())),
        })
    }

    /// Sends a request unless it would go through a proxy, because a proxy looks up the name itself.
    ///
    /// # Errors
    /// A sentence explaining why there is no response.
    pub(super) async fn ask_directly(&self, request: Request<()>) -> Result<Response<SdkBody>, String> {
        if let Some(proxy) = self.proxy(request.uri())? {
            let why = "the domain does not point to CloudFront yet, and";
            return Err(format!("{why} {} does its own DNS lookup", proxy.in_words()));
        }
        self.ask(request).await
    }

    /// Creates a client for a server on this machine, which uses plain HTTP and bypasses every proxy.
    pub(super) fn local() -> Self {
        Self {
            connector: straight_connector(),
            proxies: None,
        }
    }

    /// Sends a request once; a redirect is a response like any other.
    ///
    /// # Errors
    /// A sentence explaining why there is no response, which names the proxy if there is one.
    pub(super) async fn ask(&self, request: Request<()>) -> Result<Response<SdkBody>, String> {
        let proxy = self.proxy(request.uri())?;
        let answered = self.send(request.map(|()| SdkBody::empty())).await;
        answered.map_err(|cause| told(innermost(&*cause), proxy.as_ref()))
    }

    async fn send(&self, request: Request<SdkBody>) -> Result<Response<SdkBody>, Box<dyn Error + Send + Sync>> {
        let response = self.connector.call(request.try_into()?).await?;
        Ok(response.try_into_http1x()?)
    }

    /// Returns the proxy for a URL, if there is one. A proxy that cannot be used is an error.
    fn proxy(&self, to: &Uri) -> Result<Option<Proxy>, String> {
        let proxy = self.proxies.as_ref().and_then(|proxies| proxies.to(to));
        if let Some(proxy) = &proxy {
            proxy.check()?;
        }
        Ok(proxy)
    }
}

/// Returns the innermost cause, which is more specific than the layers above it.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

/// Explains a cause and what to do about it, if known.
fn told(cause: String, proxy: Option<&Proxy>) -> String {
    if proxy.is_none() && network::of_certificate(&cause).is_none() {
        return cause;
    }
    let (why, next) = network::why(&cause, proxy);
    format!("{why}. {next}")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use aws_smithy_http_client::proxy::ProxyConfig;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::runtime::credentials::web_connector_through;

    /// Creates a client that uses the proxy at this URL for all servers except two hosts.
    fn behind(proxy: &str) -> Web {
        let except = "example.org,127.0.0.1";
        let config = ProxyConfig::all(proxy).unwrap().no_proxy(except);
        Web {
            connector: web_connector_through(config, &Roots::default()),
            proxies: Some(Arc::new(Proxies::all(proxy, except))),
        }
    }

    /// Starts a proxy that responds to its first request with these bytes. Returns its address and that request.
    async fn proxy_that_says(says: &'static [u8]) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 1_000];
            let length = stream.read(&mut request).await.unwrap();
            stream.write_all(says).await.unwrap();
            String::from_utf8_lossy(&request[..length]).to_ascii_lowercase()
        });
        (address, asked)
    }

    fn get(url: &str) -> Request<()> {
        Request::get(url).body(()).unwrap()
    }

    #[test]
    fn the_environment_says_which_hosts_have_a_proxy_and_its_login_is_never_said() {
        let web = behind("http://me:secret@proxy.example:3128");
        let proxy = |url: &str| web.proxy(&url.parse().unwrap()).unwrap().map(|proxy| proxy.in_words());
        assert_eq!(
            proxy("https://www.example.com/a"),
            Some("the proxy proxy.example:3128 from HTTPS_PROXY".to_owned())
        );
        assert_eq!(proxy("https://www.example.org/a"), None);
        assert_eq!(proxy("http://127.0.0.1/a"), None);
    }

    #[tokio::test]
    async fn a_proxy_is_asked_for_a_tunnel_with_its_login() {
        let (address, asked) = proxy_that_says(b"HTTP/1.1 403 Forbidden\r\n\r\n").await;
        let web = behind(&format!("http://me:secret@{address}"));
        let refused = web.ask(get("https://www.example.com/a")).await.unwrap_err();
        let named = format!("the proxy {address} from HTTPS_PROXY blocks the request. ");
        assert!(refused.starts_with(&named), "{refused}");
        let asked = asked.await.unwrap();
        assert!(asked.starts_with("connect www.example.com:443 http/1.1\r\n"), "{asked}");
        assert!(asked.contains("proxy-authorization: basic "), "{asked}");
    }

    #[tokio::test]
    async fn what_is_asked_for_in_clear_goes_through_the_proxy_too() {
        // A Latin-1 header must not make the response fail.
        let says = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nx-name: caf\xe9\r\n\r\n";
        let (address, asked) = proxy_that_says(says).await;
        let web = behind(&format!("http://{address}"));
        let response = web.ask(get("http://www.example.com/sitemap.xml")).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["x-name"].as_bytes(), b"caf\xe9");
        let asked = asked.await.unwrap();
        assert!(
            asked.starts_with("get http://www.example.com/sitemap.xml http/1.1\r\n"),
            "{asked}"
        );
    }

    #[tokio::test]
    async fn a_proxy_of_another_kind_is_not_used_and_is_named() {
        let web = Web {
            connector: straight_connector(),
            proxies: Some(Arc::new(Proxies::all("socks5://127.0.0.1:1", ""))),
        };
        let refused = web.ask(get("https://www.example.com/a")).await.unwrap_err();
        assert!(
            refused.starts_with("the proxy 127.0.0.1:1 from HTTPS_PROXY speaks SOCKS"),
            "{refused}"
        );
    }
}
