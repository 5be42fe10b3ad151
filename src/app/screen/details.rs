//! The details page of one invalidation.

use crate::engine::row::RowKey;

/// The state of the page.
#[derive(Debug)]
pub struct Details {
    /// The key of the invalidation.
    pub key: RowKey,
    /// The serial number by which the view recognizes the page in the next frame.
    pub serial: u64,
}
