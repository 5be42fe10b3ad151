//! Bypasses proxies for the servers that give a machine or a container its credentials. Through a proxy, a request to
//! such a server's address would reach another machine, so the response would contain that machine's credentials, and
//! the proxy could read the token that a container sends.

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use url::{Host, Url};

/// The IPv6 network of the metadata service and of the container agents, `fd00:ec2::/32`.
const METADATA_V6: [u16; 2] = [0xfd00, 0xec2];

/// A connector that bypasses proxies for plain HTTP requests to this machine and to link-local addresses.
#[derive(Debug)]
pub(super) struct Nearby {
    pub(super) nearby: SharedHttpConnector,
    /// The connector for all other requests.
    pub(super) elsewhere: SharedHttpConnector,
}

impl HttpConnector for Nearby {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = if is_nearby(request.uri()) {
            &self.nearby
        } else {
            &self.elsewhere
        };
        connector.call(request)
    }
}

/// Returns whether the URL's host is this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

fn is_nearby(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let is_on_link = match url.host() {
        Some(Host::Ipv4(address)) => address.is_link_local(),
        Some(Host::Ipv6(address)) => address.is_unicast_link_local() || address.segments()[..2] == METADATA_V6,
        Some(Host::Domain(_)) | None => false,
    };
    url.scheme() == "http" && (is_on_link || is_loopback(&url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_clear_text_to_this_machine_and_its_link_is_nearby() {
        let nearby = [
            "http://169.254.169.254/latest/api/token",
            "http://169.254.170.2/v2/credentials",
            "http://169.254.170.23/v1/credentials",
            "http://[fd00:ec2::254]/latest",
            "http://[fe80::1]/",
            "http://127.0.0.1:51678/role",
            "http://localhost/role",
        ];
        let elsewhere = [
            "https://169.254.169.254/",
            "https://sts.us-east-1.amazonaws.com/",
            "http://10.0.0.1/",
            "http://[fd00::1]/",
            "http://169.254.169.254.example/",
            "nonsense",
        ];
        assert_eq!(
            (nearby.map(is_nearby), elsewhere.map(is_nearby)),
            ([true; 7], [false; 6])
        );
    }
}
