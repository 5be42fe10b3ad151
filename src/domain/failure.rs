//! The ways a call to CloudFront can end without the expected response.

use serde::{Deserialize, Serialize};

/// An error response from CloudFront with a code. The request had no effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// CloudFront's code, such as `TooManyInvalidationsInProgress`.
    pub code: String,
    /// CloudFront's message, unchanged.
    pub message: String,
    /// The HTTP status.
    pub http_status: u16,
    /// The request ID that AWS support asks for.
    pub request_id: Option<String>,
}

/// What a refusal means for the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The quota of invalidations is used up: wait and retry with the same reference.
    TooManyInProgress,
    /// Too many calls: slow down and retry with the same reference.
    Throttled,
    /// The reference was used before, in either spelling: look for it among the target's invalidations.
    ReferenceClash,
    /// The credentials expired or are not accepted: log in, then continue.
    Credentials,
    /// The clock of this machine is wrong, which CloudFront reports as a wrong signature.
    ClockSkew,
    /// The identity is not allowed to do this.
    AccessDenied,
    /// The distribution, tenant or invalidation does not exist.
    NotFound,
    /// The batch is too large.
    BatchTooLarge,
    /// Anything else: the request itself is wrong.
    Invalid,
}

impl RefusalKind {
    /// Returns the exit code of a command refused this way: 4 for credentials or permissions, 3 for anything else.
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

/// CloudFront's error codes for too many calls.
const THROTTLED: [&str; 4] = [
    "Throttling",
    "ThrottlingException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
];

/// Returns whether CloudFront's code asks for a later retry. A failure on this machine has a sentence instead of a
/// code.
#[must_use]
pub fn says_later(code: &str) -> bool {
    code == TOO_MANY || THROTTLED.contains(&code)
}

impl Refusal {
    /// Returns whether the refusal depends only on the content of the request: the same bytes are refused whenever they
    /// are sent.
    #[must_use]
    pub fn is_about_the_bytes(&self) -> bool {
        self.kind() == RefusalKind::BatchTooLarge
            || (self.kind() == RefusalKind::Invalid
                && matches!(
                    self.code.as_str(),
                    "InvalidArgument" | "MalformedXML" | "InconsistentQuantities" | "MissingBody"
                ))
    }

    /// Classifies the refusal by what to do about it (`docs/cloudfront.md`, "Errors").
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
            "NoSuchDistribution"
            | "NoSuchInvalidation"
            | "NoSuchCachePolicy"
            | "NoSuchContinuousDeploymentPolicy"
            | "EntityNotFound" => RefusalKind::NotFound,
            "BatchTooLarge" => RefusalKind::BatchTooLarge,
            _ => RefusalKind::Invalid,
        }
    }
}

impl Refusal {
    /// Returns the IAM action whose absence caused the refusal, e.g. `cloudfront:GetInvalidation`, if CloudFront names
    /// it.
    #[must_use]
    pub fn missing_right(&self) -> Option<&str> {
        let (_, from) = self.message.split_once("to perform: ")?;
        from.split_whitespace().next()
    }

    /// Returns whether the date of the signature was wrong: too old, or not valid yet.
    fn tells_a_date(&self) -> bool {
        ["Signature expired", "Signature not yet current"]
            .iter()
            .any(|words| self.message.contains(words))
    }
}

/// A role cannot be assumed without a code of an MFA device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeNeeded {
    /// The device, as the profile names it.
    pub device: String,
    /// Whether a code was given, and not accepted.
    pub refused: bool,
    /// The cause and what helps.
    pub sentence: String,
}

/// How a call ended without the expected response. Only [`Failure::Unknown`] leaves open whether CloudFront acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// CloudFront answered with a code.
    Refused(Refusal),
    /// There are no usable credentials; nothing was sent. The sentence names the cause and the command that helps.
    Credentials(String),
    /// There are none without a code of an MFA device; nothing was sent.
    CodeNeeded(CodeNeeded),
    /// No connection could be made; nothing was sent.
    Unreachable(String),
    /// The request was sent and no definite response came: a timeout, a reset, a 5xx, a truncated or unexpected
    /// response.
    Unknown(String),
    /// The call was invalid before anything was sent, e.g. because of an unusable configuration.
    Setup(String),
}

impl Failure {
    /// Returns CloudFront's refusal, if this is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Credentials(_) | Self::CodeNeeded(_) | Self::Unreachable(_) | Self::Unknown(_) | Self::Setup(_) => {
                None
            }
        }
    }

    /// Returns what kind of refusal it is, if it is one.
    #[must_use]
    pub fn kind(&self) -> Option<RefusalKind> {
        self.refusal().map(Refusal::kind)
    }

    /// Returns whether logging in would help.
    #[must_use]
    pub fn needs_login(&self) -> bool {
        match self {
            Self::Credentials(_) | Self::CodeNeeded(_) => true,
            Self::Refused(refusal) => refusal.kind() == RefusalKind::Credentials,
            Self::Unreachable(_) | Self::Unknown(_) | Self::Setup(_) => false,
        }
    }

    /// Returns whether a permission is missing, which will be missing later too.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.kind() == Some(RefusalKind::AccessDenied)
    }

    /// Returns whether a wrong clock may be why the signature was refused; the response does not always say so.
    #[must_use]
    pub fn may_be_the_clock(&self) -> bool {
        self.refusal()
            .is_some_and(|refusal| matches!(refusal.kind(), RefusalKind::ClockSkew | RefusalKind::Credentials))
    }

    /// Returns the exit code of a command that failed this way: 3 refused, 4 credentials or permissions, 1 anything
    /// else.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Credentials(_) | Self::CodeNeeded(_) => 4,
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
            Self::CodeNeeded(needed) => f.write_str(&needed.sentence),
            Self::Credentials(text) | Self::Unreachable(text) | Self::Unknown(text) | Self::Setup(text) => {
                f.write_str(text)
            }
        }
    }
}
