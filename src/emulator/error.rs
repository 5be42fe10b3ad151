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
    /// Creates an error of any kind.
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

    /// One of the items is invalid; CloudFront never says which one.
    pub(crate) const INVALID_PATHS: Self = Self::fixed(
        400,
        "InvalidArgument",
        "Your request contains one or more invalid invalidation paths.",
    );
    /// The error that CloudFront has been observed to return for a reused CallerReference.
    pub(crate) const REFERENCE_USED: Self = Self::fixed(
        400,
        "InvalidArgument",
        "Your request contains a caller reference that was used for a previous invalidation batch for the same distribution.",
    );
    /// The error that the documentation names for a reused CallerReference.
    pub(crate) const BATCH_ALREADY_EXISTS: Self = Self::fixed(
        400,
        "InvalidationBatchAlreadyExists",
        "The caller reference that you are using to create an invalidation batch is associated with another invalidation batch.",
    );
    pub(crate) const MALFORMED_XML: Self = Self::fixed(
        400,
        "MalformedXML",
        "The XML document in the request body is not well-formed, or does not have the expected form.",
    );
    pub(crate) const MISSING_BODY: Self = Self::fixed(
        400,
        "MissingBody",
        "This operation requires a body. Ensure that the body is present and the Content-Type header is set.",
    );
    pub(crate) const INCONSISTENT_QUANTITIES: Self = Self::fixed(
        400,
        "InconsistentQuantities",
        "The value of Quantity and the size of Items don't match.",
    );
    pub(crate) const BATCH_TOO_LARGE: Self =
        Self::fixed(413, "BatchTooLarge", "Invalidation batch specified is too large.");
    pub(crate) const TOO_MANY_INVALIDATIONS: Self = Self::fixed(
        400,
        "TooManyInvalidationsInProgress",
        "Processing your request will cause you to exceed the maximum number of in-progress invalidations.",
    );
    pub(crate) const THROTTLING: Self = Self::fixed(400, "Throttling", "Rate exceeded");
    pub(crate) const EXPIRED_TOKEN: Self = Self::fixed(
        403,
        "ExpiredToken",
        "The security token included in the request is expired",
    );
    pub(crate) const NO_SUCH_DISTRIBUTION: Self =
        Self::fixed(404, "NoSuchDistribution", "The specified distribution does not exist.");
    pub(crate) const NO_SUCH_CACHE_POLICY: Self =
        Self::fixed(404, "NoSuchCachePolicy", "The specified cache policy does not exist.");
    pub(crate) const NO_SUCH_DEPLOYMENT_POLICY: Self = Self::fixed(
        404,
        "NoSuchContinuousDeploymentPolicy",
        "The specified continuous deployment policy does not exist.",
    );
    pub(crate) const NO_SUCH_INVALIDATION: Self =
        Self::fixed(404, "NoSuchInvalidation", "The specified invalidation does not exist.");
    pub(crate) const ENTITY_NOT_FOUND: Self = Self::fixed(404, "EntityNotFound", "The entity was not found.");
    /// No operation of this API has that URL.
    pub(crate) const UNKNOWN_OPERATION: Self = Self::fixed(
        404,
        "UnknownOperationException",
        "The emulator does not know this operation.",
    );

    const fn fixed(status: u16, code: &'static str, message: &'static str) -> Self {
        Self {
            status,
            code: Cow::Borrowed(code),
            message: Cow::Borrowed(message),
        }
    }

    pub(crate) fn invalid_argument(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, "InvalidArgument", message)
    }

    /// A required member is missing; `member` is its path starting at `invalidationBatch`.
    pub(crate) fn missing_member(member: &str) -> Self {
        let message = format!(
            "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
        );
        Self::new(400, "MalformedXML", message)
    }
}
