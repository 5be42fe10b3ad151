//! Injected faults: the effects of a network, a proxy or an overloaded service on a call.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::header::DATE;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

use super::api::answer::refusal;
use super::error::ApiError;
use super::http_date::http_date;
use super::message::{Outcome, Reply};
use super::route::{Operation, Route};
use super::signing;

/// A fault to inject. If several match a call, the oldest one applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The operation that the fault applies to; `None` means every operation of the API, but not the edge.
    #[serde(default)]
    pub operation: Option<Operation>,
    /// The distribution, tenant or, at the edge, host that the fault applies to; `None` means any.
    #[serde(default)]
    pub target: Option<String>,
    /// The number of matching calls to let through before the fault applies.
    #[serde(default)]
    pub skip: u32,
    /// The number of matching calls affected after that; `None` means all, until the faults are cleared.
    #[serde(default = "once")]
    pub times: Option<u32>,
    /// Whether the operation takes effect before the response is altered. Faults that alter the real response always
    /// let the operation take effect.
    #[serde(default)]
    pub committed: bool,
    /// The effect on the call.
    pub what: Trouble,
}

#[expect(clippy::unnecessary_wraps, reason = "serde wants the type of the field")]
fn once() -> Option<u32> {
    Some(1)
}

/// The effect of a fault on a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Trouble {
    /// Responds with 503 `ServiceUnavailable`.
    ServiceUnavailable,
    /// Responds with 500 `InternalError`.
    InternalError,
    /// Responds with 400 `Throttling`.
    Throttling,
    /// Responds with 400 `TooManyInvalidationsInProgress`.
    TooManyInvalidations,
    /// Responds with 413 `BatchTooLarge`.
    BatchTooLarge,
    /// Responds with 403 `AccessDenied`, naming the action and the resource.
    AccessDenied,
    /// Responds with 403 `ExpiredToken`.
    ExpiredToken,
    /// Responds with 403 `InvalidClientTokenId`.
    InvalidClientTokenId,
    /// Responds with 403 `SignatureDoesNotMatch`, as if the secret were wrong or a proxy had rewritten headers.
    SignatureDoesNotMatch,
    /// Responds with 403 `SignatureDoesNotMatch`, as if the client's clock were off by 15 minutes.
    ClockSkew,
    /// Responds with 404 `NoSuchInvalidation`.
    NoSuchInvalidation,
    /// Responds with 404 `NoSuchDistribution`.
    NoSuchDistribution,
    /// Responds with 400 and one of the two error codes for a reused CallerReference.
    ReferenceClash {
        /// Whether to use the documented error code rather than the observed one.
        documented: bool,
    },
    /// Responds with any other error in CloudFront's envelope.
    Error(ApiError),
    /// Responds with this status and the HTML page of a proxy or captive portal.
    Html {
        /// The HTTP status.
        status: u16,
    },
    /// Responds with a status and no body.
    Empty {
        /// The HTTP status.
        status: u16,
    },
    /// Closes the connection without a response.
    Drop,
    /// Sends no response and keeps the connection open.
    Hang,
    /// Delays the real response.
    Delay {
        /// The delay.
        milliseconds: u64,
    },
    /// Sends the real response slowly.
    SlowBody {
        /// The number of bytes per chunk.
        chunk: usize,
        /// The pause before each chunk.
        milliseconds: u64,
    },
    /// Breaks the connection partway through the body of the real response.
    CutBody {
        /// The number of bytes that arrive.
        after: usize,
    },
    /// Sends the start of the real response as if it were complete.
    TruncatedBody {
        /// The number of bytes that arrive.
        after: usize,
    },
    /// Sends the status and headers of the real response without its body.
    EmptyBody,
    /// Sends the real response with this text as its `Status`.
    Status(String),
}

/// The details of a call that a fault needs.
#[derive(Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) route: &'a Route,
    pub(crate) request_id: &'a str,
    pub(crate) account: &'a str,
    pub(crate) now: DateTime<Utc>,
}

impl Fault {
    /// Creates a fault that applies once, to the next API call.
    #[must_use]
    pub fn new(what: Trouble) -> Self {
        Self {
            operation: None,
            target: None,
            skip: 0,
            times: once(),
            committed: false,
            what,
        }
    }

    /// Restricts the fault to calls to `operation`.
    #[must_use]
    pub fn on(self, operation: Operation) -> Self {
        Self {
            operation: Some(operation),
            ..self
        }
    }

    /// Restricts the fault to calls for a distribution or tenant.
    #[must_use]
    pub fn at(self, target: &str) -> Self {
        Self {
            target: Some(target.to_owned()),
            ..self
        }
    }

    /// Lets this many matching calls pass first.
    #[must_use]
    pub fn after(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// Applies the fault to this many calls.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }

    /// Applies the fault until the faults are cleared.
    #[must_use]
    pub fn always(self) -> Self {
        Self { times: None, ..self }
    }

    /// Lets the operation take effect before the fault applies.
    #[must_use]
    pub fn committed(self) -> Self {
        Self {
            committed: true,
            ..self
        }
    }

    fn fits(&self, operation: Operation, target: &str) -> bool {
        self.operation
            .map_or(operation != Operation::Edge, |wanted| wanted == operation)
            && self.target.as_ref().is_none_or(|wanted| wanted == target)
    }

    /// Returns the service's error, if the fault is one and the operation does not take effect.
    pub(crate) fn refusal(&self, scene: &Scene<'_>) -> Option<ApiError> {
        let error = self.what.error(scene)?;
        (!self.committed).then_some(error)
    }

    /// Applies the fault to one call; `work` executes the call and returns the real response.
    pub(crate) fn play(&self, scene: &Scene<'_>, work: impl FnOnce() -> Reply) -> Outcome {
        match self.what.instead(scene) {
            Some(outcome) => {
                if self.committed {
                    work();
                }
                outcome
            }
            None => self.what.upon(work()),
        }
    }
}

impl Trouble {
    /// Returns the outcome that replaces the real response; `None` if the fault alters the real response instead.
    fn instead(&self, scene: &Scene<'_>) -> Option<Outcome> {
        Some(match self {
            Self::Drop => Outcome::Drop,
            Self::Hang => Outcome::Hang,
            Self::Html { status } => Outcome::Reply(page(*status)),
            Self::Empty { status } => Outcome::Reply(Reply {
                status: code(*status),
                headers: HeaderMap::new(),
                body: bytes::Bytes::new(),
            }),
            Self::ClockSkew => Outcome::Reply(clock_skew(scene)),
            _ => Outcome::Reply(refusal(&self.error(scene)?, scene.request_id, scene.now)),
        })
    }

    fn error(&self, scene: &Scene<'_>) -> Option<ApiError> {
        Some(match self {
            Self::ServiceUnavailable => ApiError::SERVICE_UNAVAILABLE,
            Self::InternalError => ApiError::INTERNAL_ERROR,
            Self::Throttling => ApiError::THROTTLING,
            Self::TooManyInvalidations => ApiError::TOO_MANY_INVALIDATIONS,
            Self::BatchTooLarge => ApiError::BATCH_TOO_LARGE,
            Self::AccessDenied => access_denied(scene),
            Self::ExpiredToken => ApiError::EXPIRED_TOKEN,
            Self::InvalidClientTokenId => ApiError::INVALID_CLIENT_TOKEN_ID,
            Self::SignatureDoesNotMatch => ApiError::new(403, "SignatureDoesNotMatch", WRONG_SIGNATURE),
            Self::NoSuchInvalidation => ApiError::NO_SUCH_INVALIDATION,
            Self::NoSuchDistribution => ApiError::NO_SUCH_DISTRIBUTION,
            Self::ReferenceClash { documented: true } => ApiError::BATCH_ALREADY_EXISTS,
            Self::ReferenceClash { documented: false } => ApiError::REFERENCE_USED,
            Self::Error(error) => error.clone(),
            Self::ClockSkew
            | Self::Html { .. }
            | Self::Empty { .. }
            | Self::Drop
            | Self::Hang
            | Self::Delay { .. }
            | Self::SlowBody { .. }
            | Self::CutBody { .. }
            | Self::TruncatedBody { .. }
            | Self::EmptyBody
            | Self::Status(_) => return None,
        })
    }

    /// Returns the outcome with the real response as altered by this fault.
    fn upon(&self, mut reply: Reply) -> Outcome {
        match self {
            Self::Delay { milliseconds } => {
                let then = Box::new(Outcome::Reply(reply));
                return Outcome::Delayed {
                    by: Duration::from_millis(*milliseconds),
                    then,
                };
            }
            Self::SlowBody { chunk, milliseconds } => {
                return Outcome::Slow {
                    reply,
                    chunk: *chunk,
                    pause: Duration::from_millis(*milliseconds),
                };
            }
            Self::CutBody { after } => return Outcome::Cut { reply, after: *after },
            Self::TruncatedBody { after } => reply.body.truncate(*after),
            Self::EmptyBody => reply.body.clear(),
            Self::Status(word) => reply.body = with_status(&reply.body, word).into(),
            // All other faults replace the response.
            _ => {}
        }
        Outcome::Reply(reply)
    }
}

const WRONG_SIGNATURE: &str = "The request signature we calculated does not match the signature you provided. \
    Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn page(status: u16) -> Reply {
    let status = code(status);
    let body = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n</body>\r\n</html>\r\n"
    );
    Reply::new(status, "text/html", body)
}

fn clock_skew(scene: &Scene<'_>) -> Reply {
    let server = scene.now + TimeDelta::minutes(15);
    let message = signing::expired(scene.now, server);
    let mut reply = refusal(
        &ApiError::new(403, "SignatureDoesNotMatch", message),
        scene.request_id,
        scene.now,
    );
    reply.set(DATE, &http_date(server));
    reply
}

fn access_denied(scene: &Scene<'_>) -> ApiError {
    let Route { operation, target, .. } = scene.route;
    let kind = operation.resource();
    let account = scene.account;
    let service = if *operation == Operation::LookupEvents {
        "cloudtrail"
    } else {
        "cloudfront"
    };
    // List operations have no resource, so the message names none.
    let resource = if target.is_empty() {
        String::new()
    } else {
        format!(" on resource: arn:aws:cloudfront::{account}:{kind}/{target}")
    };
    let message = format!(
        "User: arn:aws:iam::{account}:user/deploy is not authorized to perform: {service}:{operation:?}{resource} because \
         no identity-based policy allows the {service}:{operation:?} action"
    );
    ApiError::new(403, "AccessDenied", message)
}

fn with_status(body: &[u8], word: &str) -> String {
    let text = String::from_utf8_lossy(body);
    let other = format!("<Status>{word}</Status>");
    text.replace("<Status>InProgress</Status>", &other)
        .replace("<Status>Completed</Status>", &other)
}

/// The faults that have not been used up yet.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) list: Vec<Fault>,
}

impl Faults {
    /// Returns the fault due for a call and counts it as used.
    pub(crate) fn take(&mut self, operation: Operation, target: &str) -> Option<Fault> {
        for (index, fault) in self
            .list
            .iter_mut()
            .enumerate()
            .filter(|(_, fault)| fault.fits(operation, target))
        {
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            let due = fault.clone();
            fault.times = fault.times.map(|times| times.saturating_sub(1));
            if fault.times == Some(0) {
                self.list.remove(index);
            }
            return (due.times != Some(0)).then_some(due);
        }
        None
    }
}
