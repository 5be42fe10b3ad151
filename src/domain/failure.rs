//! The ways in which a call to CloudFront can fail.

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
    /// The request ID, which AWS Support asks for.
    pub request_id: Option<String>,
}

/// The kind of refusal, which determines the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The quota of invalidations in progress is used up: wait and retry with the same reference.
    TooManyInProgress,
    /// There were too many calls: slow down and retry with the same reference.
    Throttled,
    /// The reference has been used before, regardless of the code that CloudFront reports: look for it among the
    /// target's invalidations.
    ReferenceClash,
    /// The credentials have expired or are not accepted: log in, then continue.
    Credentials,
    /// The local clock is wrong, which CloudFront reports as an invalid signature.
    ClockSkew,
    /// The identity is not allowed to do this.
    AccessDenied,
    /// The distribution, tenant or invalidation does not exist.
    NotFound,
    /// The batch is too large.
    BatchTooLarge,
    /// Any other refusal: the request itself is invalid.
    Invalid,
}

impl RefusalKind {
    /// Returns the exit code of a command that is refused this way: 4 for credentials or permissions, 3 for anything
    /// else.
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

/// CloudFront's code for an exhausted quota of invalidations in progress.
pub const TOO_MANY: &str = "TooManyInvalidationsInProgress";

/// CloudFront's documented code for a reference that has already been used for different items.
pub const REFERENCE_USED: &str = "InvalidationBatchAlreadyExists";

/// CloudFront's error codes for too many calls.
pub(super) const THROTTLED: [&str; 4] = [
    "Throttling",
    "ThrottlingException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
];

/// Returns whether CloudFront's code means that the request should be retried later. Failures on this machine have a
/// sentence instead of a code.
#[must_use]
pub fn says_later(code: &str) -> bool {
    code == TOO_MANY || THROTTLED.contains(&code)
}

impl Refusal {
    /// Returns whether the refusal depends only on the contents of the request, so that the same bytes are always
    /// refused.
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
    /// Returns the IAM action that the identity is not allowed to perform, e.g. `cloudfront:GetInvalidation`, if
    /// CloudFront names it.
    #[must_use]
    pub fn missing_right(&self) -> Option<&str> {
        let (_, from) = self.message.split_once("to perform: ")?;
        from.split_whitespace().next()
    }

    /// Returns whether the date of the signature was wrong: too old or in the future.
    fn tells_a_date(&self) -> bool {
        ["Signature expired", "Signature not yet current"]
            .iter()
            .any(|words| self.message.contains(words))
    }
}

/// The error for a role that cannot be assumed without an MFA code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeNeeded {
    /// The MFA device, as named in the profile.
    pub device: String,
    /// Whether a code was entered but not accepted.
    pub refused: bool,
    /// A sentence stating the cause and the remedy.
    pub sentence: String,
}

/// The ways in which a call can fail. Only [`Failure::Unknown`] leaves open whether CloudFront acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// CloudFront returned an error code.
    Refused(Refusal),
    /// There are no usable credentials; nothing was sent. The sentence names the cause and the command that helps.
    Credentials(String),
    /// The credentials require an MFA code; nothing was sent.
    CodeNeeded(CodeNeeded),
    /// No connection could be made; nothing was sent.
    Unreachable(String),
    /// The request was sent, but no definite response arrived: a timeout, a reset, a 5xx, a truncated or unexpected
    /// response.
    Unknown(String),
    /// The call was invalid before anything was sent, e.g. because of an unusable configuration.
    Setup(String),
}

impl Failure {
    /// Returns CloudFront's refusal, if the failure is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Credentials(_) | Self::CodeNeeded(_) | Self::Unreachable(_) | Self::Unknown(_) | Self::Setup(_) => {
                None
            }
        }
    }

    /// Returns the kind of the refusal, if the failure is one.
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

    /// Returns whether a permission is missing, so that a retry would fail as well.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.kind() == Some(RefusalKind::AccessDenied)
    }

    /// Returns whether a wrong clock may have caused the signature to be refused; the response does not always say so.
    #[must_use]
    pub fn may_be_the_clock(&self) -> bool {
        self.refusal()
            .is_some_and(|refusal| matches!(refusal.kind(), RefusalKind::ClockSkew | RefusalKind::Credentials))
    }

    /// Returns the exit code of a command that failed this way: 3 if refused, 4 for credentials or permissions, 1 for
    /// anything else.
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
