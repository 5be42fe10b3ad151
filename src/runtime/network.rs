//! Explains why a server cannot be reached, and what to do about it, in the same way for CloudFront, for the servers
//! that issue credentials, for the edge and for imports. If a proxy fails, the message names the proxy's environment
//! variable and never blames the server.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

/// The proxies from the environment, as every request uses them.
#[derive(Debug)]
pub(super) struct Proxies(Matcher);

/// A proxy used to reach a server, without its user name and password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proxy {
    variable: &'static str,
    host: String,
    scheme: String,
}

impl Proxies {
    /// Returns the proxies from this process's environment.
    pub(super) fn of_environment() -> Self {
        Self(Matcher::from_env())
    }

    #[cfg(test)]
    pub(super) fn all(proxy: &str, except: &str) -> Self {
        Self(Matcher::builder().all(proxy).no(except).build())
    }

    /// Returns the proxy for a URL, if there is one.
    pub(super) fn to(&self, url: &Uri) -> Option<Proxy> {
        let proxy = self.0.intercept(url)?;
        let authority = proxy.uri().authority().map_or("", |authority| authority.as_str());
        Some(Proxy {
            variable: variable(url.scheme_str() == Some("https")),
            host: authority.rsplit('@').next().unwrap_or_default().to_owned(),
            scheme: proxy.uri().scheme_str().unwrap_or_default().to_owned(),
        })
    }
}

/// Returns the environment variable that names the proxy for https or http URLs: the first one that is set.
fn variable(tls: bool) -> &'static str {
    let own = if tls {
        ["HTTPS_PROXY", "https_proxy"]
    } else {
        ["HTTP_PROXY", "http_proxy"]
    };
    let is_set = |name: &&str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    let mut all = own.into_iter().chain(["ALL_PROXY", "all_proxy"]);
    all.find(is_set).unwrap_or(own[0])
}

impl Proxy {
    /// Rejects a proxy with an unsupported protocol, because nothing can be sent through it.
    pub(super) fn check(&self) -> Result<(), String> {
        match self.scheme.as_str() {
            "http" | "https" => Ok(()),
            scheme => Err(format!(
                "the proxy {} from {} speaks {}, and only http:// and https:// proxies can be used. Correct {}, or name the \
                    host in NO_PROXY",
                self.host,
                self.variable,
                if scheme.starts_with("socks") { "SOCKS" } else { scheme },
                self.variable
            )),
        }
    }

    /// Returns the proxy's name for use in a sentence.
    pub(super) fn in_words(&self) -> String {
        format!("the proxy {} from {}", self.host, self.variable)
    }
}

/// Works out from the innermost cause why a server cannot be reached, directly or through a proxy, and what to do
/// next.
pub(super) fn why(cause: &str, proxy: Option<&Proxy>) -> (String, String) {
    let certificate = of_certificate(cause);
    match (proxy, certificate) {
        (_, Some(hint)) => (
            format!("the TLS connection failed ({cause}{})", through(proxy)),
            hint.to_owned(),
        ),
        (Some(proxy), None) => of_proxy(cause, proxy),
        (None, None) => (cause.to_owned(), "Check the network".to_owned()),
    }
}

fn through(proxy: Option<&Proxy>) -> String {
    proxy
        .map(|proxy| format!(", through {}", proxy.in_words()))
        .unwrap_or_default()
}

fn of_proxy(cause: &str, proxy: &Proxy) -> (String, String) {
    let cause = if cause.starts_with("Connection refused") {
        "the connection was refused; nothing is listening there"
    } else {
        cause
    };
    let (name, variable) = (proxy.in_words(), proxy.variable);
    if cause.contains("proxy authorization required") {
        let next = format!(
            "Put the user and password in {variable}: http://USER:PASSWORD@{}",
            proxy.host
        );
        (format!("{name} requires a login"), next)
    } else if cause.contains("unsuccessful") || cause.contains("tunnel error") {
        let next = format!("Ask its administrator, or name the host in NO_PROXY ({cause})");
        (format!("{name} blocks the request"), next)
    } else {
        let next = format!("Correct {variable}, or name the host in NO_PROXY");
        (format!("{name} cannot be used: {cause}"), next)
    }
}

/// Returns what to do if a certificate is not trusted.
pub(super) fn of_certificate(cause: &str) -> Option<&'static str> {
    let says = |words: &[&str]| words.iter().any(|word| cause.contains(word));
    if says(&["UnknownIssuer", "CaUsedAsEndEntity"]) {
        Some(
            "A proxy that inspects TLS has its own certificates: name their file in AWS_CA_BUNDLE (adds to the \
                system's) or SSL_CERT_FILE (replaces them)",
        )
    } else if says(&["certificate expired", "Expired", "NotValidYet", "not valid yet"]) {
        Some("Check this machine's clock; if it is right, the server's certificate has to be renewed")
    } else if says(&["NotValidForName", "not valid for name"]) {
        Some("A captive portal or proxy is answering instead: open a page in a browser, or correct the proxy")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    fn proxy(url: &str) -> Proxy {
        let proxies = Proxies::all(url, "127.0.0.1");
        proxies
            .to(&"https://cloudfront.amazonaws.com/".parse().unwrap())
            .unwrap()
    }

    fn told(cause: &str, proxy: Option<&Proxy>) -> String {
        let (why, next) = why(cause, proxy);
        format!("{why}. {next}")
    }

    #[test]
    fn a_proxy_is_named_and_never_its_login() {
        let proxy = proxy("http://me:CANARY@proxy.example:3128");
        for (cause, sentence) in [
            (
                "tunnel error: proxy authorization required",
                "the proxy proxy.example:3128 from HTTPS_PROXY requires a login. Put the user and password in HTTPS_PROXY: \
                    http://USER:PASSWORD@proxy.example:3128",
            ),
            (
                "tunnel error: unsuccessful",
                "the proxy proxy.example:3128 from HTTPS_PROXY blocks the request. Ask its administrator, or name \
                    the host in NO_PROXY (tunnel error: unsuccessful)",
            ),
            (
                "the connection was refused; nothing is listening there",
                "the proxy proxy.example:3128 from HTTPS_PROXY cannot be used: the connection was refused; nothing is listening \
                    there. Correct HTTPS_PROXY, or name the host in NO_PROXY",
            ),
        ] {
            assert_eq!(told(cause, Some(&proxy)), sentence);
        }
        assert_eq!(proxy.check(), Ok(()));
    }

    #[test]
    fn a_certificate_that_is_not_trusted_says_what_to_set() {
        for (cause, word) in [
            ("invalid peer certificate: UnknownIssuer", "AWS_CA_BUNDLE"),
            ("invalid peer certificate: certificate expired: …", "clock"),
            (
                "invalid peer certificate: certificate not valid for name \"a\"",
                "captive portal",
            ),
            ("something else", "Check the network"),
        ] {
            assert!(told(cause, None).contains(word), "{cause}");
        }
    }

    #[test]
    fn socks_is_refused_before_anything_is_sent() {
        let refused = proxy("socks5h://me:CANARY@127.0.0.1:1080").check().unwrap_err();
        assert_eq!(
            refused,
            "the proxy 127.0.0.1:1080 from HTTPS_PROXY speaks SOCKS, and only http:// and https:// proxies can be used. \
                Correct HTTPS_PROXY, or name the host in NO_PROXY"
        );
    }
}
