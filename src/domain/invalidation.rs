//! CloudFront's own invalidation object and pages of lists.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::distribution::id;
use super::secret::redacted;

id! {
    /// The id of an invalidation; 13 to 26 characters of no fixed shape (`docs/cloudfront.md`, "Ids").
    InvalidationId
}

/// The status word as it came. `InProgress` and `Completed` are known; any other means "not done" and is shown verbatim.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Status(String);

impl Status {
    /// Takes the word as CloudFront gave it.
    pub fn new(word: impl Into<String>) -> Self {
        Self(word.into())
    }

    /// Whether the invalidation has reached every edge. Case does not matter: some servers say `COMPLETED`.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        self.0.eq_ignore_ascii_case("completed")
    }

    /// The word as CloudFront gave it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A row of `ListInvalidations`: it holds neither items nor the caller reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvalidationSummary {
    /// Its id.
    pub id: InvalidationId,
    /// Its status word.
    pub status: Status,
    /// When CloudFront accepted it.
    pub create_time: DateTime<Utc>,
}

/// An invalidation with everything that CloudFront keeps of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invalidation {
    /// Its id.
    pub id: InvalidationId,
    /// Its status word.
    pub status: Status,
    /// When CloudFront accepted it.
    pub create_time: DateTime<Utc>,
    /// Its items in wire form, in the order CloudFront chose to answer, which need not be the order sent.
    pub items: Vec<String>,
    /// The reference it was made with.
    pub caller_reference: String,
}

impl Invalidation {
    /// The same to be stored: others may have sent credentials among its items.
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        let items = self.items.iter().map(|item| redacted(item).into_owned());
        Self {
            items: items.collect(),
            ..self.clone()
        }
    }

    /// The row it is in a list.
    #[must_use]
    pub fn summary(&self) -> InvalidationSummary {
        InvalidationSummary {
            id: self.id.clone(),
            status: self.status.clone(),
            create_time: self.create_time,
        }
    }
}

/// One page of a list, with the marker that asks for the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<String>,
}
