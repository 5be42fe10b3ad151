//! Refusals: code, HTTP status and message, and the envelope they travel in.

use std::borrow::Cow;

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::xml::Writer;

/// An error as CloudFront words it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiError {
    /// HTTP status.
    pub status: u16,
    /// Error code, for example `InvalidArgument`.
    pub code: Cow<'static, str>,
    /// Sentence for people.
    pub message: Cow<'static, str>,
}

impl ApiError {
    /// An error of any kind.
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

    /// The document sent with it.
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

    /// One of the items may not be sent; which one is never said.
    pub(crate) fn invalid_paths() -> Self {
        Self::invalid_argument("Your request contains one or more invalid invalidation paths.")
    }

    pub(crate) fn invalid_argument(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, "InvalidArgument", message)
    }

    /// What the service was seen to answer to a CallerReference used again.
    pub(crate) fn reference_used() -> Self {
        Self::invalid_argument(
            "Your request contains a caller reference that was used for a previous invalidation batch for the same distribution.",
        )
    }

    /// What the documentation says it answers.
    pub(crate) fn batch_already_exists() -> Self {
        Self::new(
            400,
            "InvalidationBatchAlreadyExists",
            "The caller reference that you are using to create an invalidation batch is associated with another invalidation batch.",
        )
    }

    /// A required member is missing; `member` is its path from `invalidationBatch` on.
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

    pub(crate) fn no_such_invalidation() -> Self {
        Self::new(404, "NoSuchInvalidation", "The specified invalidation does not exist.")
    }

    pub(crate) fn entity_not_found() -> Self {
        Self::new(404, "EntityNotFound", "The entity was not found.")
    }

    /// Nothing of this API stands at that address.
    pub(crate) fn unknown_operation() -> Self {
        Self::new(
            404,
            "UnknownOperationException",
            "The emulator does not know this operation.",
        )
    }
}
