//! API errors: code, HTTP status and message, and the envelope that contains them.

use std::borrow::Cow;

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::xml::Writer;

/// An error as CloudFront words it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// The error code, e.g. `InvalidArgument`.
    pub code: Cow<'static, str>,
    /// The message for users.
    pub message: Cow<'static, str>,
}

impl ApiError {
    /// Creates an error with the given HTTP status, code and message.
    pub fn new(status: u16, code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
        }
    }

    pub(crate) fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Returns the error document.
    pub(crate) fn envelope(&self, request_id: &str) -> String {
        let side = if self.status >= 500 { "Receiver" } else { "Sender" };
        Writer::document("ErrorResponse", |xml| {
            xml.node("Error", |xml| {
                xml.leaf("Type", side);
                xml.leaf("Code", &self.code);
                xml.leaf("Message", &self.message);
            });
            xml.leaf("RequestId", request_id);
        })
    }

    pub(crate) fn invalid_argument(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, "InvalidArgument", message)
    }

    /// Creates the error for a missing required member; `member` is its path, starting at `invalidationBatch`.
    pub(crate) fn missing_member(member: &str) -> Self {
        let message = format!(
            "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
        );
        Self::new(400, "MalformedXML", message)
    }
}

/// Defines the errors that have a fixed message: name, HTTP status, code and message.
macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident $status:literal $code:literal $message:literal;)*) => {
        impl ApiError {
            $($(#[$doc])* pub(crate) const $name: Self = Self {
                status: $status,
                code: Cow::Borrowed($code),
                message: Cow::Borrowed($message),
            };)*
        }
    };
}

errors! {
    /// One of the items is invalid; CloudFront never says which one.
    INVALID_PATHS 400 "InvalidArgument"
        "Your request contains one or more invalid invalidation paths.";
    /// The error that CloudFront has been observed to return for a reused CallerReference.
    REFERENCE_USED 400 "InvalidArgument"
        "Your request contains a caller reference that was used for a previous invalidation batch for the same distribution.";
    /// The error that the documentation names for a reused CallerReference.
    BATCH_ALREADY_EXISTS 400 "InvalidationBatchAlreadyExists"
        "The caller reference that you are using to create an invalidation batch is associated with another invalidation batch.";
    MALFORMED_XML 400 "MalformedXML"
        "The XML document in the request body is not well-formed, or does not have the expected form.";
    MISSING_BODY 400 "MissingBody"
        "This operation requires a body. Ensure that the body is present and the Content-Type header is set.";
    INCONSISTENT_QUANTITIES 400 "InconsistentQuantities"
        "The value of Quantity and the size of Items don't match.";
    BATCH_TOO_LARGE 413 "BatchTooLarge"
        "Invalidation batch specified is too large.";
    TOO_MANY_INVALIDATIONS 400 "TooManyInvalidationsInProgress"
        "Processing your request will cause you to exceed the maximum number of in-progress invalidations.";
    THROTTLING 400 "Throttling"
        "Rate exceeded";
    EXPIRED_TOKEN 403 "ExpiredToken"
        "The security token included in the request is expired";
    NO_SUCH_DISTRIBUTION 404 "NoSuchDistribution"
        "The specified distribution does not exist.";
    NO_SUCH_CACHE_POLICY 404 "NoSuchCachePolicy"
        "The specified cache policy does not exist.";
    NO_SUCH_DEPLOYMENT_POLICY 404 "NoSuchContinuousDeploymentPolicy"
        "The specified continuous deployment policy does not exist.";
    NO_SUCH_INVALIDATION 404 "NoSuchInvalidation"
        "The specified invalidation does not exist.";
    ENTITY_NOT_FOUND 404 "EntityNotFound"
        "The entity was not found.";
    /// The API has no operation with that URL.
    UNKNOWN_OPERATION 404 "UnknownOperationException"
        "The emulator does not support this operation.";
    SERVICE_UNAVAILABLE 503 "ServiceUnavailable"
        "CloudFront encountered an internal error. Please try again.";
    INTERNAL_ERROR 500 "InternalError"
        "CloudFront encountered an internal error.";
    INVALID_CLIENT_TOKEN_ID 403 "InvalidClientTokenId"
        "The security token included in the request is invalid.";
}
