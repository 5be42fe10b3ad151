//! CloudFront's invalidation object, and pages of its lists.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::distribution::id;
use super::secret::redacted;

id! {
    /// The id of an invalidation: 13 to 26 characters without a fixed format (`docs/cloudfront.md`, "Ids").
    InvalidationId
}

id! {
    /// The status word as received. `InProgress` and `Completed` are known; any other word means "not done" and is shown
    /// verbatim.
    Status
}

impl Status {
    /// Returns whether the invalidation has reached every edge location. Case is ignored because some servers return
    /// `COMPLETED`.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        self.as_str().eq_ignore_ascii_case("completed")
    }
}

/// An entry of `ListInvalidations`, which contains neither items nor the caller reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvalidationSummary {
    /// The invalidation's id.
    pub id: InvalidationId,
    /// The status word.
    pub status: Status,
    /// When CloudFront accepted the invalidation.
    pub create_time: DateTime<Utc>,
}

/// An invalidation with all the details that CloudFront stores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invalidation {
    /// The invalidation's id.
    pub id: InvalidationId,
    /// The status word.
    pub status: Status,
    /// When CloudFront accepted the invalidation.
    pub create_time: DateTime<Utc>,
    /// The items in wire form, in the order CloudFront returned them. They may have been sent in a different order.
    pub items: Vec<String>,
    /// The caller reference of the request that created the invalidation.
    pub caller_reference: String,
}

impl Invalidation {
    /// Returns a copy for storage with credentials redacted, because items sent by others may contain some.
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        let items = self.items.iter().map(|item| redacted(item).into_owned());
        Self {
            items: items.collect(),
            ..self.clone()
        }
    }

    /// Returns the summary, as it appears in a list.
    #[must_use]
    pub fn summary(&self) -> InvalidationSummary {
        InvalidationSummary {
            id: self.id.clone(),
            status: self.status.clone(),
            create_time: self.create_time,
        }
    }
}

/// One page of a list, with the marker for requesting the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries of this page.
    pub items: Vec<T>,
    /// The marker of the next page; `None` on the last page.
    pub next: Option<String>,
}
