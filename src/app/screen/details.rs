//! One invalidation, whole.

use crate::engine::row::RowKey;

/// The state of the page.
#[derive(Debug)]
pub struct Details {
    /// Which one.
    pub key: RowKey,
    /// By which the view knows the page from frame to frame.
    pub serial: u64,
}
