//! Determines the service's time from the `Date` headers of its responses.

use aws_sdk_cloudfront::config::{HttpClient, RuntimeComponents};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};

use crate::runtime::clock::ServiceClock;

/// The headers that identify a response from the service itself. A proxy's page carries the proxy's own date.
const REQUEST_IDS: [&str; 2] = ["x-amzn-requestid", "x-amz-request-id"];

/// An HTTP client that uses the dates of its responses to correct a clock.
#[derive(Debug)]
pub(super) struct Dated<T> {
    pub(super) inner: T,
    pub(super) clock: ServiceClock,
}

impl HttpClient for Dated<SharedHttpClient> {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Dated {
            inner: self.inner.http_connector(settings, components),
            clock: self.clock.clone(),
        })
    }
}

impl HttpConnector for Dated<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (clock, sent) = (self.clock.clone(), self.clock.machine());
        let response = self.inner.call(request);
        HttpConnectorFuture::new(async move {
            let response = response.await?;
            if let Some(date) = date(&response) {
                clock.learn(sent, date);
            }
            Ok(response)
        })
    }
}

/// Returns when the service responded; `None` for a cached response, which is older than its arrival suggests.
fn date(response: &HttpResponse) -> Option<DateTime<Utc>> {
    let headers = response.headers();
    let is_the_services = REQUEST_IDS.iter().any(|name| headers.get(*name).is_some());
    let date = headers
        .get("date")
        .filter(|_| is_the_services && headers.get("age").is_none())?;
    let date = DateTime::parse_from_rfc2822(date).ok()?;
    Some(date.to_utc())
}
