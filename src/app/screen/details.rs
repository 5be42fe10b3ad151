//! The details page of one invalidation.

use crate::engine::row::RowKey;

/// The state of the details page.
#[derive(Debug)]
pub struct Details {
    /// The row key of the invalidation.
    pub key: RowKey,
    /// The serial number that lets the view recognize the page in the next frame.
    pub serial: u64,
}
