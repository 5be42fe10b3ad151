//! How a call to CloudFront can end without the answer it was made for.

use serde::{Deserialize, Serialize};

/// CloudFront's refusal: an answer with a code. The request did nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// CloudFront's code, such as `TooManyInvalidationsInProgress`.
    pub code: String,
    /// CloudFront's message, as it came.
    pub message: String,
    /// The HTTP status.
    pub http_status: u16,
    /// What AWS support asks for.
    pub request_id: Option<String>,
}

/// What a refusal means for what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The quota of invalidations is used up: wait and ask again with the same reference.
    TooManyInProgress,
    /// Too many calls: slow down and ask again with the same reference.
    Throttled,
    /// The reference was used before, in either spelling: look for it in the history.
    ReferenceClash,
    /// The credentials expired or are not accepted: log in, then go on.
    Credentials,
    /// The clock of this machine is off; CloudFront calls it a wrong signature.
    ClockSkew,
    /// The identity may not do this.
    AccessDenied,
    /// The distribution, tenant or invalidation does not exist.
    NotFound,
    /// The batch holds too much.
    BatchTooLarge,
    /// Anything else: the request itself is wrong.
    Invalid,
}

impl RefusalKind {
    /// The process's exit code for a command that is refused so: 4 credentials or rights, 3 anything else.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Credentials | Self::AccessDenied => 4,
            Self::TooManyInProgress
            | Self::Throttled
            | Self::ReferenceClash
            | Self::ClockSkew
            | Self::NotFound
            | Self::BatchTooLarge
            | Self::Invalid => 3,
        }
    }
}

/// CloudFront's code when the quota of invalidations in progress is used up.
pub const TOO_MANY: &str = "TooManyInvalidationsInProgress";

/// CloudFront's documented code for a reference that was used for other items.
pub const REFERENCE_USED: &str = "InvalidationBatchAlreadyExists";

/// CloudFront's codes for too many calls.
const THROTTLED: [&str; 4] = [
    "Throttling",
    "ThrottlingException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
];

/// Whether this is a code by which CloudFront asks to be asked again later. What failed on this machine has a sentence.
#[must_use]
pub fn says_later(code: &str) -> bool {
    code == TOO_MANY || THROTTLED.contains(&code)
}

impl Refusal {
    /// Whether it is about what the request holds and nothing else: the very same bytes are refused whenever they arrive.
    #[must_use]
    pub fn is_about_the_bytes(&self) -> bool {
        self.kind() == RefusalKind::BatchTooLarge
            || (self.kind() == RefusalKind::Invalid
                && matches!(
                    self.code.as_str(),
                    "InvalidArgument" | "MalformedXML" | "InconsistentQuantities" | "MissingBody"
                ))
    }

    /// Sorts the refusal by what to do about it (`docs/cloudfront.md`, "Errors").
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        match self.code.as_str() {
            TOO_MANY => RefusalKind::TooManyInProgress,
            code if says_later(code) => RefusalKind::Throttled,
            REFERENCE_USED => RefusalKind::ReferenceClash,
            "InvalidArgument" if self.message.to_ascii_lowercase().contains("caller reference") => {
                RefusalKind::ReferenceClash
            }
            "SignatureDoesNotMatch" | "InvalidSignatureException" if self.tells_a_date() => RefusalKind::ClockSkew,
            "RequestTimeTooSkewed" | "RequestExpired" | "RequestInTheFuture" => RefusalKind::ClockSkew,
            "ExpiredToken"
            | "ExpiredTokenException"
            | "InvalidClientTokenId"
            | "UnrecognizedClientException"
            | "SignatureDoesNotMatch"
            | "InvalidSignatureException"
            | "AuthFailure"
            | "MissingAuthenticationToken"
            | "IncompleteSignature" => RefusalKind::Credentials,
            "AccessDenied" | "AccessDeniedException" | "OptInRequired" => RefusalKind::AccessDenied,
            "NoSuchDistribution" | "NoSuchInvalidation" | "EntityNotFound" => RefusalKind::NotFound,
            "BatchTooLarge" => RefusalKind::BatchTooLarge,
            _ => RefusalKind::Invalid,
        }
    }
}

impl Refusal {
    /// The operation that a missing right refused, such as `cloudfront:GetInvalidation`, where CloudFront names it.
    #[must_use]
    pub fn missing_right(&self) -> Option<&str> {
        let (_, from) = self.message.split_once("to perform: ")?;
        from.split_whitespace().next()
    }

    /// Whether it is the date of a signature that is wrong: too old, or not valid yet.
    fn tells_a_date(&self) -> bool {
        ["Signature expired", "Signature not yet current"]
            .iter()
            .any(|words| self.message.contains(words))
    }
}

/// How a call ended without its answer. Only [`Failure::Unknown`] leaves open whether CloudFront acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// CloudFront answered with a code.
    Refused(Refusal),
    /// There are no usable credentials; nothing was sent. The sentence names the cause and the command that helps.
    Credentials(String),
    /// No connection could be made; nothing was sent.
    Unreachable(String),
    /// It was sent and no definite response came: a timeout, a reset, a 5xx, a truncated or unexpected response.
    Unknown(String),
    /// The call itself was wrong before anything was sent, such as a configuration that cannot work.
    Setup(String),
}

impl Failure {
    /// CloudFront's refusal, if it is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Credentials(_) | Self::Unreachable(_) | Self::Unknown(_) | Self::Setup(_) => None,
        }
    }

    /// Whether a login is what helps.
    #[must_use]
    pub fn needs_login(&self) -> bool {
        match self {
            Self::Credentials(_) => true,
            Self::Refused(refusal) => refusal.kind() == RefusalKind::Credentials,
            Self::Unreachable(_) | Self::Unknown(_) | Self::Setup(_) => false,
        }
    }

    /// Whether a clock that is wrong may be why the signature was refused; it is not always said.
    #[must_use]
    pub fn may_be_the_clock(&self) -> bool {
        self.refusal()
            .is_some_and(|refusal| matches!(refusal.kind(), RefusalKind::ClockSkew | RefusalKind::Credentials))
    }

    /// The process's exit code for a command that ended so: 3 refused, 4 credentials or rights, 1 anything else.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Credentials(_) => 4,
            Self::Refused(refusal) => refusal.kind().exit_code(),
            Self::Unreachable(_) | Self::Unknown(_) | Self::Setup(_) => 1,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        let id = self.request_id.as_ref();
        id.map_or(Ok(()), |id| write!(f, " (request {id})"))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Credentials(text) | Self::Unreachable(text) | Self::Unknown(text) | Self::Setup(text) => {
                f.write_str(text)
            }
        }
    }
}
