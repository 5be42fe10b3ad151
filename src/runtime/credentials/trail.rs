//! CloudTrail's endpoint, and the HTTP client for it.

use aws_sdk_cloudfront::config::SharedHttpClient;

use super::{Connection, transport};

/// The endpoint for CloudTrail requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TrailEndpoint {
    /// The URL.
    pub(crate) url: String,
    /// The region that requests are signed for.
    pub(crate) region: &'static str,
    /// Whether this is AWS's own endpoint.
    is_aws: bool,
}

impl TrailEndpoint {
    /// Returns the endpoint's name for use in a sentence.
    pub(crate) fn name(&self) -> &str {
        if self.is_aws { "CloudTrail" } else { &self.url }
    }
}

/// Returns CloudTrail's region and domain for a connection's region. CloudFront is a global service, so each partition
/// records its events in a single region.
fn region_of(region: &str) -> (&'static str, &'static str) {
    if region.starts_with("cn-") {
        ("cn-northwest-1", "amazonaws.com.cn")
    } else if region.starts_with("us-gov-") {
        ("us-gov-west-1", "amazonaws.com")
    } else if region.starts_with("eusc-") {
        ("eusc-de-east-1", "amazonaws.eu")
    } else {
        ("us-east-1", "amazonaws.com")
    }
}

impl Connection {
    /// Returns the endpoint for CloudTrail requests: the configured one, else the one that replaces CloudFront's, else
    /// AWS's own.
    pub(crate) fn trail_endpoint(&self) -> TrailEndpoint {
        let (region, domain) = region_of(self.region());
        let configured = self.settings.trail_endpoint_url.as_deref().or(self.endpoint_url());
        let url = configured.map_or_else(
            || match (self.uses_fips(), self.uses_dual_stack()) {
                (true, true) => format!("https://cloudtrail-fips.{region}.api.aws/"),
                (true, false) => format!("https://cloudtrail-fips.{region}.{domain}/"),
                (false, true) => format!("https://cloudtrail.{region}.api.aws/"),
                (false, false) => format!("https://cloudtrail.{region}.{domain}/"),
            },
            str::to_owned,
        );
        TrailEndpoint {
            url,
            region,
            is_aws: configured.is_none(),
        }
    }

    /// Returns the HTTP client for an endpoint. A server that replaces only CloudTrail gets its own client.
    pub(crate) fn trail_client(&self, endpoint: &TrailEndpoint) -> SharedHttpClient {
        let is_shared = endpoint.is_aws || self.endpoint_url() == Some(endpoint.url.as_str());
        if is_shared {
            return self.http_client();
        }
        let client = transport::whole(transport::client(Some(&endpoint.url), self.roots()));
        transport::dated(client, self.clock().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_in_one_region_of_each_partition() {
        for (region, expected) in [
            ("eu-central-1", "us-east-1"),
            ("us-gov-east-1", "us-gov-west-1"),
            ("cn-north-1", "cn-northwest-1"),
            ("eusc-de-east-1", "eusc-de-east-1"),
        ] {
            assert_eq!(region_of(region).0, expected, "{region}");
        }
    }

    #[test]
    fn what_stands_in_for_cloudfront_stands_in_for_cloudtrail() {
        let endpoint = Connection::demo("http://127.0.0.1:4566").trail_endpoint();
        assert_eq!(
            (endpoint.url.as_str(), endpoint.region, endpoint.name()),
            ("http://127.0.0.1:4566", "us-east-1", "http://127.0.0.1:4566")
        );
    }
}
