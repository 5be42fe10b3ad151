//! A notice and its level.

use chrono::{DateTime, Utc};

use crate::engine::row::key::RowKey;

/// The level of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// A passing remark.
    Info,
    /// Something that the user waited for is finished.
    Done,
    /// Something that needs attention.
    Warning,
    /// Something went wrong.
    Error,
}

/// A message to the user, shown on the notice line and in the messages overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// When the notice was posted.
    pub at: DateTime<Utc>,
    /// The level.
    pub level: Level,
    /// The text of the notice, which is a sentence.
    pub text: String,
    /// The invalidation that the notice is about. While it is selected, the notice line shows the next step.
    pub about: Option<RowKey>,
}
