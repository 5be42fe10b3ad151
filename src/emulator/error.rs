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
    pub(crate) fn invalid_paths() -> Self {
        Self::invalid_argument("Your request contains one or more invalid invalidation paths.")
    }

    pub(crate) fn invalid_argument(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, "InvalidArgument", message)
    }

    /// The error that CloudFront has been observed to return for a reused CallerReference.
    pub(crate) fn reference_used() -> Self {
        Self::invalid_argument(
            "Your request contains a caller reference that was used for a previous invalidation batch for the same distribution.",
        )
    }

    /// The error that the documentation names for a reused CallerReference.
    pub(crate) fn batch_already_exists() -> Self {
        Self::new(
            400,
            "InvalidationBatchAlreadyExists",
            "The caller reference that you are using to create an invalidation batch is associated with another invalidation batch.",
        )
    }

    /// A required member is missing; `member` is its path starting at `invalidationBatch`.
    pub(crate) fn missing_member(member: &str) -> Self {
        let message = format!(
            "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
        );
        Self::new(400, "MalformedXML", message)
    }

    pub(crate) fn malformed_xml() -> Self {
        let message = "The XML document in the request body is not well-formed, or does not have the expected form.";
        Self::new(400, "MalformedXML", message)
    }

    pub(crate) fn missing_body() -> Self {
        let message =
            "This operation requires a body. Ensure that the body is present and the Content-Type header is set.";
        Self::new(400, "MissingBody", message)
    }

    pub(crate) fn inconsistent_quantities() -> Self {
        Self::new(
            400,
            "InconsistentQuantities",
            "The value of Quantity and the size of Items don't match.",
        )
    }

    pub(crate) fn batch_too_large() -> Self {
        Self::new(413, "BatchTooLarge", "Invalidation batch specified is too large.")
    }

    pub(crate) fn too_many_invalidations() -> Self {
        let message =
            "Processing your request will cause you to exceed the maximum number of in-progress invalidations.";
        Self::new(400, "TooManyInvalidationsInProgress", message)
    }

    pub(crate) fn throttling() -> Self {
        Self::new(400, "Throttling", "Rate exceeded")
    }

    pub(crate) fn no_such_distribution() -> Self {
        Self::new(404, "NoSuchDistribution", "The specified distribution does not exist.")
    }

    pub(crate) fn no_such_cache_policy() -> Self {
        Self::new(404, "NoSuchCachePolicy", "The specified cache policy does not exist.")
    }

    pub(crate) fn no_such_deployment_policy() -> Self {
        let message = "The specified continuous deployment policy does not exist.";
        Self::new(404, "NoSuchContinuousDeploymentPolicy", message)
    }

    pub(crate) fn no_such_invalidation() -> Self {
        Self::new(404, "NoSuchInvalidation", "The specified invalidation does not exist.")
    }

    pub(crate) fn entity_not_found() -> Self {
        Self::new(404, "EntityNotFound", "The entity was not found.")
    }

    /// No operation of this API has that URL.
    pub(crate) fn unknown_operation() -> Self {
        Self::new(
            404,
            "UnknownOperationException",
            "The emulator does not know this operation.",
        )
    }
}
