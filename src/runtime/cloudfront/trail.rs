//! Calls CloudTrail's `LookupEvents` (`docs/cloudfront.md`, "CloudTrail"). A whole SDK client would be too large for
//! this single operation with JSON bodies, so only the SDK's components for signing and sending requests are used.

use std::convert::Infallible;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_sdk_cloudfront::config::{IdentityCache, StalledStreamProtectionConfig};
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{
    AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SigningName;
use aws_types::region::SigningRegion;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::failure::{self, Asked, Ending};
use super::{CONNECT, READ_ATTEMPT};
use crate::domain::failure::{Failure, Refusal};
use crate::domain::text::visible;
use crate::domain::trail::{Event, Events, Query};
use crate::runtime::credentials::{Connection, TrailEndpoint};

/// The name of the operation in the request header.
pub(crate) const OPERATION: &str = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents";

/// The maximum page size.
const PAGE: u32 = 50;

/// The response header with the request ID, which AWS Support asks for.
const REQUEST_ID: &str = "x-amzn-requestid";

/// A response with any status.
#[derive(Debug)]
struct Answered {
    status: u16,
    request_id: Option<String>,
    body: Vec<u8>,
}

/// Requests a page of events.
pub(super) async fn look_up(connection: &Connection, query: Query) -> Result<Events, Failure> {
    let endpoint = connection.trail_endpoint();
    let sent = operation(connection, &endpoint).invoke(query).await;
    let answered = sent.map_err(|error| {
        let asked = Asked {
            connection,
            server: endpoint.name(),
            patience: READ_ATTEMPT,
        };
        failure::of(Ending::unanswered(error), &asked)
    })?;
    if (200..300).contains(&answered.status) {
        events(&answered, connection)
    } else {
        Err(refused(&answered, connection))
    }
}

fn operation(connection: &Connection, endpoint: &TrailEndpoint) -> Operation<Query, Answered, Infallible> {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(READ_ATTEMPT)
        .operation_timeout(READ_ATTEMPT);
    Operation::builder()
        .service_name("cloudtrail")
        .operation_name("LookupEvents")
        .endpoint_url(&endpoint.url)
        .http_client(connection.trail_client(endpoint))
        .time_source(connection.clock().clone())
        .sleep_impl(TokioSleep::new())
        .timeout_config(timeouts.build())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        // The caller controls the pace and the retries.
        .no_retry()
        .runtime_plugin(signed(connection, endpoint))
        .serializer(|query: Query| Ok(request(&query)?))
        .deserializer(|response: &HttpResponse| Ok(answered(response)))
        .build()
}

/// Returns the plugin that signs requests with the connection's credentials.
fn signed(connection: &Connection, endpoint: &TrailEndpoint) -> StaticRuntimePlugin {
    let mut config = Layer::new("signing");
    config.store_put(AuthSchemeOptionResolverParams::new(()));
    config.store_put(SigV4OperationSigningConfig {
        region: Some(SigningRegion::from(endpoint.region)),
        name: Some(SigningName::from_static("cloudtrail")),
        signing_options: SigningOptions::default(),
        ..SigV4OperationSigningConfig::default()
    });
    let keys = SharedCredentialsProvider::new(connection.keys());
    let schemes = StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]);
    let components = RuntimeComponentsBuilder::new("signing")
        .with_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(schemes)))
        .with_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()))
        .with_identity_cache(Some(IdentityCache::no_cache()))
        .with_identity_resolver(SCHEME_ID, SharedIdentityResolver::new(keys));
    StaticRuntimePlugin::new()
        .with_config(config.freeze())
        .with_runtime_components(components)
}

fn request(query: &Query) -> Result<HttpRequest, aws_smithy_runtime_api::http::HttpError> {
    let mut body = json!({
        "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": query.name}],
        "StartTime": query.from.timestamp(),
        // The service only accepts whole seconds, so the end is rounded up.
        "EndTime": query.to.timestamp().saturating_add(1),
        "MaxResults": PAGE,
    });
    if let (Some(token), Some(members)) = (&query.token, body.as_object_mut()) {
        members.insert("NextToken".to_owned(), Value::from(token.as_str()));
    }
    let mut request = HttpRequest::new(SdkBody::from(body.to_string()));
    request.set_method("POST")?;
    request.set_uri("/")?;
    let headers = request.headers_mut();
    headers.insert("x-amz-target", OPERATION);
    headers.insert("content-type", "application/x-amz-json-1.1");
    headers.insert("user-agent", concat!("app/invalidash-", env!("CARGO_PKG_VERSION")));
    Ok(request)
}

fn answered(response: &HttpResponse) -> Answered {
    Answered {
        status: response.status().as_u16(),
        request_id: response.headers().get(REQUEST_ID).map(str::to_owned),
        body: response.body().bytes().unwrap_or_default().to_vec(),
    }
}

/// A page as the service sends it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    events: Vec<Listed>,
    next_token: Option<String>,
}

/// An event in a page. Its record is JSON in a string.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Listed {
    /// Seconds since 1970.
    event_time: Option<f64>,
    cloud_trail_event: Option<String>,
}

impl Listed {
    fn read(&self) -> Option<Event> {
        Event::read(self.cloud_trail_event.as_ref()?, self.time())
    }

    fn time(&self) -> Option<DateTime<Utc>> {
        // An out-of-range time counts as missing.
        #[expect(clippy::cast_possible_truncation, reason = "what does not fit saturates")]
        self.event_time
            .and_then(|time| DateTime::from_timestamp_millis((time * 1000.0) as i64))
    }
}

fn events(answered: &Answered, connection: &Connection) -> Result<Events, Failure> {
    let page: Page = serde_json::from_slice(&answered.body).map_err(|error| {
        Failure::Unknown(if error.is_eof() {
            format!("the response ({}) was truncated", answered.status)
        } else {
            foreign(answered, connection)
        })
    })?;
    let listed = page.events.len();
    let events: Vec<Event> = page.events.iter().filter_map(Listed::read).collect();
    Ok(Events {
        unreadable: listed - events.len(),
        events,
        next: page.next_token.filter(|token| !token.is_empty()),
    })
}

/// Parses an error document: `{"__type": "com.amazonaws…#ThrottlingException", "message": "Rate exceeded"}`.
fn refused(answered: &Answered, connection: &Connection) -> Failure {
    let error: Value = serde_json::from_slice(&answered.body).unwrap_or_default();
    let text = |names: [&str; 2]| names.iter().find_map(|name| error[*name].as_str());
    let code = text(["__type", "code"]).map(|code| code.rsplit('#').next().unwrap_or(code));
    let Some(code) = code.filter(|code| !code.is_empty()) else {
        return Failure::Unknown(foreign(answered, connection));
    };
    let message = connection.redact(text(["message", "Message"]).unwrap_or_default());
    if (400..500).contains(&answered.status) {
        return Failure::Refused(Refusal {
            code: code.to_owned(),
            message,
            http_status: answered.status,
            request_id: answered.request_id.clone(),
        });
    }
    let (code, message) = (visible(code), visible(&message));
    Failure::Unknown(format!("the response was {} {code}: {message}", answered.status))
}

fn foreign(answered: &Answered, connection: &Connection) -> String {
    let body = connection.redact(&failure::lossy(&answered.body));
    failure::foreign(answered.status, &body, "CloudTrail JSON")
}
