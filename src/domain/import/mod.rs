//! Imports lists from other sources: plain files, text with URLs, earlier invalidations, changed files, sitemaps.
//!
//! Everything here turns text from outside into [`Row`]s for the composer, and each row remembers its origin. What
//! cannot be imported is left out item by item, never as a whole if a part is valid, and every kind is counted and
//! named, with the place of the first: [`LeftOut`]. This module only receives bytes; it reads no files, starts no git
//! and sends no requests.
//!
//! Rows are not normalized: the lint checks them afterwards like typed lines.

mod addresses;
mod basket;
mod earlier;
mod files;
mod git;
mod left_out;
mod manifest;
mod origin;
mod path;
mod plain;
mod reader;
mod sitemap;
mod source;
mod variants;
mod walk;

pub use basket::{Import, Row};
pub use earlier::invalidation;
pub use files::{NotAMap, PrefixMap};
pub use git::{CommitRange, NotARange, Renames, Torn, complaint, files as changed_files};
pub use left_out::{LeftOut, Reason};
pub use manifest::{NotComparable, Tree, compared, manifest};
pub use origin::{At, Change, Origin};
pub use path::{Completed, Names, TypedPath};
pub use plain::{export, list, pasted, text};
pub use reader::{NotText, split, whole};
pub use source::Source;
pub use variants::Variants;
pub use walk::{Location, Since, Walk};

/// The maximum number of bytes read from one source: a sitemap may have 50 MB, and a list of paths is far smaller.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The maximum number of rows from one import: the list size for which the composer's speed is measured.
pub const MAX_ROWS: usize = 100_000;

/// The maximum number of sitemaps read from an index.
pub const MAX_SITEMAPS: usize = 500;

/// The maximum length of a line in bytes; a longer one is no path: the longest path has 4,000 characters, each at most
/// four bytes before encoding.
const MAX_LINE: usize = 16_000;

#[cfg(test)]
mod tests;
