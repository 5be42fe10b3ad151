//! The limits of an import.

/// The maximum number of bytes read from one source. A sitemap may be up to 50 MB; a list of paths is far smaller.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The maximum number of rows in one import. The composer's speed is measured with lists of this size.
pub const MAX_ROWS: usize = 100_000;

/// The maximum number of sitemaps read from an index.
pub const MAX_SITEMAPS: usize = 500;

/// The maximum length of a line in bytes. A longer line is not a path, because the longest path has 4,000 characters,
/// each at most four bytes before encoding.
pub(super) const MAX_LINE: usize = 16_000;
