//! Classifies calls that ended without the expected response, based on the SDK's errors
//! (`docs/cloudfront.md`, "How a call can end").
//!
//! A complete error document with a 4xx status and a code is a refusal. Missing credentials or a failed connection
//! mean that nothing was sent. Everything else is unknown: the request may have succeeded.

use std::error::Error;
use std::io;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cloudfront::config::http::HttpResponse;
use aws_sdk_cloudfront::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudfront::operation::RequestId as _;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::HttpError;

use crate::domain::failure::{Failure, Refusal};
use crate::domain::secret;
use crate::domain::text::visible;
use crate::runtime::credentials::advice::causes;
use crate::runtime::credentials::{Connection, Document, Unfinished, is_web_page};
use crate::runtime::network;

/// The number of characters shown of an unexpected response.
const EXCERPT: usize = 80;

/// The details of a request that appear in the sentence about its failure.
pub(super) struct Asked<'a> {
    pub(super) connection: &'a Connection,
    /// The name of the server, as it appears in a sentence.
    pub(super) server: &'a str,
    /// The response timeout.
    pub(super) patience: Duration,
}

/// An SDK error independent of its operation's type, reduced to the relevant variant with its code and message.
pub(super) enum Ending {
    /// An HTTP response that is an error, or that does not come from CloudFront.
    Answered(Answered),
    /// A response that started but could not be read to its end.
    Torn { status: u16 },
    /// No response arrived in time.
    TimedOut,
    /// The request could not be built.
    Unmade(Box<dyn Error + Send + Sync>),
    /// There was no response, or nothing was sent.
    Failed(Box<dyn Error + Send + Sync>),
}

pub(super) struct Answered {
    status: u16,
    code: Option<String>,
    message: String,
    request_id: Option<String>,
    body: Vec<u8>,
}

impl<E> From<SdkError<E, HttpResponse>> for Ending
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        let request_id = error.request_id().map(str::to_owned);
        match error {
            SdkError::ServiceError(service) => Self::Answered(Answered {
                status: service.raw().status().as_u16(),
                code: service.err().code().filter(|code| !code.is_empty()).map(str::to_owned),
                message: service.err().message().unwrap_or_default().to_owned(),
                request_id,
                body: service.raw().body().bytes().unwrap_or_default().to_vec(),
            }),
            unanswered => Self::unanswered(unanswered),
        }
    }
}

impl Ending {
    /// Converts an error that is not a response from the service.
    pub(super) fn unanswered<E>(error: SdkError<E, HttpResponse>) -> Self
    where
        E: Error + Send + Sync + 'static,
    {
        match error {
            SdkError::ResponseError(response) => Self::Torn {
                status: response.raw().status().as_u16(),
            },
            SdkError::TimeoutError(_) => Self::TimedOut,
            unmade @ SdkError::ConstructionFailure(_) => unmade.into_source().map_or(Self::TimedOut, Self::Unmade),
            other => other.into_source().map_or(Self::TimedOut, Self::Failed),
        }
    }
}

/// Returns the failure, with a sentence that describes it.
pub(super) fn of(ending: Ending, asked: &Asked<'_>) -> Failure {
    match ending {
        Ending::Answered(answered) => answered_with(answered, asked),
        Ending::Torn { status } => Failure::Unknown(Unfinished::Cut { status }.to_string()),
        Ending::TimedOut => Failure::Unknown(format!("no response within {} seconds", asked.patience.as_secs())),
        Ending::Unmade(error) => match find::<CredentialsError>(error.as_ref()) {
            Some(credentials) => asked.connection.no_keys(credentials),
            None => Failure::Setup(format!("could not build the request: {}", innermost(error.as_ref()))),
        },
        Ending::Failed(error) => without_answer(error.as_ref(), asked),
    }
}

fn answered_with(answered: Answered, asked: &Asked<'_>) -> Failure {
    let message = asked.connection.redact(&answered.message);
    match answered.code {
        Some(code) if (400..500).contains(&answered.status) && is_error_document(&answered.body) => {
            let request_id = answered.request_id;
            Failure::Refused(Refusal {
                code,
                message,
                http_status: answered.status,
                request_id,
            })
        }
        Some(code) => {
            let request = answered
                .request_id
                .map(|id| format!(" (request {})", visible(&id)))
                .unwrap_or_default();
            let (code, message) = (visible(&code), visible(&message));
            Failure::Unknown(format!(
                "the response was {} {code}: {message}{request}",
                answered.status
            ))
        }
        None => Failure::Unknown(foreign(
            answered.status,
            &asked.connection.redact(&lossy(&answered.body)),
            "CloudFront XML",
        )),
    }
}

/// Returns whether the refusal comes from CloudFront itself. The SDK finds a code in any document that has one.
fn is_error_document(body: &[u8]) -> bool {
    matches!(Document::of(body), Document::Whole(root) if root == "ErrorResponse")
}

/// Describes a response that does not come from CloudFront: from a proxy or a captive portal, or one without a body.
pub(super) fn foreign(status: u16, body: &str, expected: &str) -> String {
    let body = body.trim();
    if body.is_empty() {
        return Unfinished::Empty { status }.to_string();
    }
    let starts = excerpt(body);
    if is_web_page(body.as_bytes()) {
        format!(
            "got an HTML page (HTTP {status}) instead of {expected}, probably from a proxy or captive portal. It \
                starts with: {starts}"
        )
    } else {
        format!("got a response (HTTP {status}) that is not {expected}. It starts with: {starts}")
    }
}

/// Returns the beginning of the text on one line, escaped and without credentials, such as those of a proxy.
fn excerpt(text: &str) -> String {
    let text = secret::redacted(text);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut begins: String = line.chars().take(EXCERPT).collect();
    if begins.len() < line.len() {
        begins.push('…');
    }
    visible(&begins).into_owned()
}

/// Returns the start of a body as text, so that a large page is not copied in full.
pub(super) fn lossy(body: &[u8]) -> String {
    String::from_utf8_lossy(body.get(..4096).unwrap_or(body)).into_owned()
}

fn without_answer(error: &(dyn Error + 'static), asked: &Asked<'_>) -> Failure {
    if let Some(credentials) = find::<CredentialsError>(error) {
        return asked.connection.no_keys(credentials);
    }
    if let Some(reason) = never_connected(error) {
        let (server, proxy, cause) = (asked.server, asked.connection.proxy(), innermost(error));
        let is_told = network::of_certificate(&cause).is_some() || cause.starts_with("tunnel error");
        let (why, next) = if is_told || proxy.is_some() {
            network::why(if is_told { &cause } else { &reason }, proxy.as_ref())
        } else {
            (reason, "Check the network".to_owned())
        };
        return Failure::Unreachable(format!("{server} cannot be reached: {why}. {next}"));
    }
    if find::<HttpError>(error).is_some() {
        return Failure::Setup(format!("could not build the request: {}", innermost(error)));
    }
    if let Some(unfinished) = find::<Unfinished>(error) {
        return Failure::Unknown(unfinished.to_string());
    }
    if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse) {
        return Failure::Unknown(format!("the response was not HTTP ({})", innermost(error)));
    }
    let cause = find::<io::Error>(error).map_or_else(|| innermost(error), in_words);
    Failure::Unknown(format!("the connection broke before the response arrived ({cause})"))
}

/// Returns the reason why no connection was made, or `None` if one may have been made.
fn never_connected(error: &(dyn Error + 'static)) -> Option<String> {
    use hyper_util::client::legacy::Error as ClientError;
    let cause = find::<io::Error>(error);
    let refused = cause.is_some_and(|cause| cause.kind() == io::ErrorKind::ConnectionRefused);
    let connecting = find::<ClientError>(error).is_some_and(ClientError::is_connect);
    (refused || connecting).then(|| match cause {
        _ if find::<ConnectorError>(error).is_some_and(ConnectorError::is_timeout) => {
            "the connection timed out".to_owned()
        }
        Some(cause) if cause.raw_os_error().is_some() || refused => in_words(cause),
        Some(_) | None if innermost(error).contains("lookup address") => {
            format!("its name cannot be resolved ({})", innermost(error))
        }
        Some(_) | None => format!(
            "the TLS connection failed ({}); a proxy may be intercepting it",
            innermost(error)
        ),
    })
}

fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "the connection was refused; nothing is listening there".to_owned(),
        io::ErrorKind::ConnectionReset => "the connection was reset".to_owned(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => {
            "the connection was closed".to_owned()
        }
        io::ErrorKind::TimedOut => "the connection timed out".to_owned(),
        _ => excerpt(&error.to_string()),
    }
}

/// Returns the text of the innermost cause.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let last = causes(error).last().map(ToString::to_string).unwrap_or_default();
    excerpt(&last)
}

fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|error| error.downcast_ref())
}
