//! The way to a host: straight, or through the proxy that the environment names for it.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

type Trouble = Box<dyn Error + Send + Sync>;

/// Which proxy leads where: `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, as every HTTP client reads them.
#[derive(Clone, Debug)]
pub(super) struct Proxies(Arc<Matcher>);

impl Proxies {
    pub(super) fn of_environment() -> Self {
        Self(Arc::new(Matcher::from_env()))
    }

    /// The proxy for an address, without what would log in to it.
    pub(super) fn name(&self, to: &Uri) -> Option<String> {
        let proxy = self.0.intercept(to)?;
        let authority = proxy.uri().authority()?;
        let name = authority.as_str().rsplit('@').next()?;
        Some(name.to_owned())
    }
}

/// Connects to a host by the way that leads there. TLS goes through it unbroken: a proxy sees the host's name alone.
#[derive(Clone, Debug)]
pub(super) struct Route {
    straight: HttpConnector,
    proxies: Proxies,
}

impl Route {
    pub(super) fn new(proxies: Proxies) -> Self {
        let mut straight = HttpConnector::new();
        straight.enforce_http(false);
        Self { straight, proxies }
    }

    fn tunnel(&self, proxy: &Intercept) -> Result<Tunnel<HttpConnector>, Trouble> {
        if proxy.uri().scheme_str() != Some("http") {
            return Err("a look goes through http:// proxies only".into());
        }
        let tunnel = Tunnel::new(proxy.uri().clone(), self.straight.clone());
        Ok(match proxy.basic_auth() {
            Some(login) => tunnel.with_auth(login.clone()),
            None => tunnel,
        })
    }
}

impl Service<Uri> for Route {
    type Response = TokioIo<TcpStream>;
    type Error = Trouble;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Trouble>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Trouble>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let Some(proxy) = self.proxies.0.intercept(&to) else {
            let connecting = self.straight.call(to);
            return Box::pin(async move { Ok(connecting.await?) });
        };
        let tunnel = self.tunnel(&proxy);
        Box::pin(async move { Ok(tunnel?.call(to).await?) })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    fn proxies(https: &str) -> Proxies {
        let matcher = Matcher::builder().https(https).no("example.org,127.0.0.1").build();
        Proxies(Arc::new(matcher))
    }

    #[test]
    fn the_environment_says_which_hosts_have_a_proxy_and_its_login_is_never_said() {
        let proxies = proxies("http://me:secret@proxy.example:3128");
        let name = |url: &str| proxies.name(&url.parse().unwrap());
        assert_eq!(name("https://www.example.com/a"), Some("proxy.example:3128".to_owned()));
        assert_eq!(name("https://www.example.org/a"), None);
        assert_eq!(name("http://www.example.com/a"), None);
    }

    #[tokio::test]
    async fn a_proxy_is_asked_for_a_tunnel_with_its_login() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 1_000];
            let length = stream.read(&mut request).await.unwrap();
            stream.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n").await.unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        let mut route = Route::new(proxies(&format!("http://me:secret@127.0.0.1:{port}")));
        let refused = route.call("https://www.example.com/a".parse().unwrap()).await;
        assert!(refused.is_err());
        let asked = asked.await.unwrap();
        assert!(asked.starts_with("CONNECT www.example.com:443 HTTP/1.1\r\n"), "{asked}");
        assert!(
            asked.to_ascii_lowercase().contains("proxy-authorization: basic "),
            "{asked}"
        );
    }

    #[tokio::test]
    async fn a_proxy_of_another_kind_is_not_used_and_that_is_said() {
        let mut route = Route::new(proxies("socks5://127.0.0.1:1"));
        let refused = route.call("https://www.example.com/a".parse().unwrap()).await;
        let sentence = refused.err().unwrap().to_string();
        assert_eq!(sentence, "a look goes through http:// proxies only");
    }
}
