//! CloudTrail's `LookupEvents`, in JSON: the events of create calls, newest first, in pages.

use chrono::{DateTime, Utc};
use http::header::DATE;
use http::{HeaderName, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::api::answer::{REQUEST_ID, identified, refusal};
use super::error::ApiError;
use super::invalidation::after;
use super::message::{Outcome, Reply, Request};
use super::route::{Operation, Route};
use super::signing;
use super::state::State;
use super::trail::{Event, SOURCE};
use super::xml::Element;

/// The header that names the operation.
const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const SERVICE: &str = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.";
const LOOKUP_EVENTS: &str = "LookupEvents";

/// The maximum page size, which is also the default.
const PAGE: usize = 50;

/// Returns the CloudTrail operation that a request calls.
fn operation(request: &Request) -> Option<&str> {
    let target = request.headers.get(TARGET)?.to_str().ok()?;
    target
        .strip_prefix(SERVICE)
        // Older clients omit the namespace.
        .or_else(|| target.strip_prefix("CloudTrail_20131101."))
}

/// Returns whether a request is for CloudTrail.
pub(crate) fn is_asked(request: &Request) -> bool {
    operation(request).is_some()
}

/// Handles one call, applying any fault due for it.
pub(crate) fn handle(state: &mut State, request: &Request, now: DateTime<Utc>) -> Outcome {
    let request_id = state.random.uuid();
    if operation(request) != Some(LOOKUP_EVENTS) {
        return Outcome::Reply(as_json(refusal(&ApiError::UNKNOWN_OPERATION, &request_id, now)));
    }
    let route = Route {
        operation: Operation::LookupEvents,
        target: String::new(),
        invalidation: String::new(),
    };
    let look_up = |state: &mut State| match found(state, request, now) {
        Ok(body) => identified(respond(StatusCode::OK, &body), &request_id, now),
        Err(error) => as_json(refusal(&error, &request_id, now)),
    };
    match state.respond(&route, request, (&request_id, now), |_, _| (), look_up) {
        Outcome::Reply(reply) => Outcome::Reply(as_json(reply)),
        other => other,
    }
}

/// Converts an error from CloudFront's XML to CloudTrail's JSON. CloudTrail uses different codes for some errors.
fn as_json(reply: Reply) -> Reply {
    let Some((code, message)) = error_of(&reply) else {
        return reply;
    };
    let (status, code) = match code.as_str() {
        "AccessDenied" => (StatusCode::BAD_REQUEST, "AccessDeniedException"),
        "Throttling" => (StatusCode::BAD_REQUEST, "ThrottlingException"),
        "ExpiredToken" => (StatusCode::BAD_REQUEST, "ExpiredTokenException"),
        "InvalidClientTokenId" => (StatusCode::BAD_REQUEST, "UnrecognizedClientException"),
        "SignatureDoesNotMatch" => (StatusCode::BAD_REQUEST, "InvalidSignatureException"),
        other => (reply.status, other),
    };
    let mut answer = respond(status, &json!({"__type": code, "message": message}));
    for name in [REQUEST_ID, DATE] {
        if let Some(value) = reply.headers.get(&name) {
            answer.headers.insert(name, value.clone());
        }
    }
    answer
}

/// Extracts the code and message from an XML error.
fn error_of(reply: &Reply) -> Option<(String, String)> {
    let root = Element::parse(&reply.body).ok()?;
    let error = root.child("Error")?;
    Some((error.child("Code")?.text.clone(), error.child("Message")?.text.clone()))
}

fn respond(status: StatusCode, body: &Value) -> Reply {
    Reply::new(status, "application/x-amz-json-1.1", body.to_string())
}

/// The parameters of `LookupEvents`. Times are in seconds since 1970.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Lookup {
    #[serde(rename = "LookupAttributes")]
    attributes: Vec<Attribute>,
    start_time: Option<f64>,
    end_time: Option<f64>,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    attribute_key: String,
    attribute_value: String,
}

fn found(state: &State, request: &Request, now: DateTime<Utc>) -> Result<Value, ApiError> {
    signing::check(request, "cloudtrail", &state.settings, now)?;
    let lookup = Lookup::read(request)?;
    let (attribute, size, from) = (lookup.attribute()?, lookup.size()?, lookup.from()?);
    let delivered = |event: &&Event| after(event.time, state.settings.trail_delay_ms) <= now;
    let events = state.trail.events().filter(delivered);
    let mut events: Vec<&Event> = events.filter(|event| lookup.takes(event, attribute)).collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.time));
    let page = events.iter().skip(from).take(size);
    let listed: Vec<Value> = page.map(|event| event.listed(&state.settings.account)).collect();
    let mut body = json!({ "Events": listed });
    if from + size < events.len() {
        body["NextToken"] = json!(format!("after-{}", from + size));
    }
    Ok(body)
}

impl Lookup {
    fn read(request: &Request) -> Result<Self, ApiError> {
        let lookup: Self = serde_json::from_slice(&request.body)
            .map_err(|_| wrong("SerializationException", "The request is not valid JSON."))?;
        if lookup
            .start_time
            .zip(lookup.end_time)
            .is_some_and(|(start, end)| start > end)
        {
            return Err(wrong(
                "InvalidTimeRangeException",
                "The start time is after the end time.",
            ));
        }
        Ok(lookup)
    }

    /// Returns the attribute to search by, if any. More than one is refused.
    fn attribute(&self) -> Result<Option<&Attribute>, ApiError> {
        match self.attributes.as_slice() {
            [] => Ok(None),
            [one] if one.is_known() => Ok(Some(one)),
            _ => Err(wrong(
                "InvalidLookupAttributesException",
                "The lookup attributes are not valid.",
            )),
        }
    }

    fn size(&self) -> Result<usize, ApiError> {
        let size = self.max_results.unwrap_or(PAGE);
        if (1..=PAGE).contains(&size) {
            Ok(size)
        } else {
            Err(wrong("InvalidMaxResultsException", "MaxResults must be from 1 to 50."))
        }
    }

    /// Returns the index of the first event of the page.
    fn from(&self) -> Result<usize, ApiError> {
        let Some(token) = &self.next_token else { return Ok(0) };
        let from = token.strip_prefix("after-").and_then(|number| number.parse().ok());
        from.ok_or_else(|| wrong("InvalidNextTokenException", "The token is not valid."))
    }

    fn takes(&self, event: &Event, attribute: Option<&Attribute>) -> bool {
        // A float represents whole seconds exactly.
        let time = f64::from(u32::try_from(event.time.timestamp()).unwrap_or(u32::MAX));
        self.start_time.is_none_or(|start| start <= time)
            && self.end_time.is_none_or(|end| time <= end)
            && attribute.is_none_or(|attribute| attribute.fits(event))
    }
}

impl Attribute {
    fn is_known(&self) -> bool {
        matches!(
            self.attribute_key.as_str(),
            "EventName" | "EventId" | "Username" | "EventSource" | "AccessKeyId" | "ReadOnly"
        )
    }

    fn fits(&self, event: &Event) -> bool {
        let value = match self.attribute_key.as_str() {
            "EventName" => event.name(),
            "EventId" => &event.id,
            "Username" => event.username(),
            "AccessKeyId" => event.key(),
            "ReadOnly" => "false",
            _ => SOURCE,
        };
        value == self.attribute_value
    }
}

fn wrong(code: &'static str, message: &'static str) -> ApiError {
    ApiError::new(400, code, message)
}
