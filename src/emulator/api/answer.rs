//! The API's responses, and the headers that they all share.

use chrono::{DateTime, SecondsFormat, Utc};
use http::header::{DATE, ETAG, LOCATION};
use http::{HeaderName, StatusCode};

use crate::emulator::error::ApiError;
use crate::emulator::http_date::http_date;
use crate::emulator::message::Reply;

/// The header that identifies a request.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// The response of a successful operation.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) etag: Option<String>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn ok(body: String) -> Self {
        Self {
            status: StatusCode::OK,
            location: None,
            etag: None,
            body,
        }
    }

    pub(crate) fn with_etag(self, etag: &str) -> Self {
        Self {
            etag: Some(etag.to_owned()),
            ..self
        }
    }
}

/// Returns the response of a successful operation, with its headers.
pub(crate) fn accepted(answer: Answer, request_id: &str, now: DateTime<Utc>) -> Reply {
    let mut reply = signed(answer.status, answer.body, request_id, now);
    if let Some(location) = &answer.location {
        reply.set(LOCATION, location);
    }
    if let Some(etag) = &answer.etag {
        reply.set(ETAG, etag);
    }
    reply
}

/// Returns the error response.
pub(crate) fn refusal(error: &ApiError, request_id: &str, now: DateTime<Utc>) -> Reply {
    signed(error.status_code(), error.envelope(request_id), request_id, now)
}

fn signed(status: StatusCode, body: String, request_id: &str, now: DateTime<Utc>) -> Reply {
    identified(Reply::new(status, "text/xml", body), request_id, now)
}

/// Adds the headers that every response has.
pub(crate) fn identified(mut reply: Reply, request_id: &str, now: DateTime<Utc>) -> Reply {
    reply.set(REQUEST_ID, request_id);
    reply.set(DATE, &http_date(now));
    reply
}

/// Formats a time for a document: UTC with milliseconds.
pub(crate) fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
