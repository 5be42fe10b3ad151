//! Imports lists from other sources: plain files, text with URLs, earlier invalidations, changed files, sitemaps.
//!
//! This module turns external text into [`Row`]s for the composer, and each row records its origin. Lines that cannot
//! be imported are skipped individually; an import never fails as a whole if part of it is valid. Each reason is
//! reported with its count and the place of the first occurrence: [`LeftOut`]. The module only receives bytes; it does
//! not read files, run git or send requests.
//!
//! Rows are not normalized. The lint checks them later, just like typed lines.

mod addresses;
mod basket;
mod earlier;
mod files;
mod git;
mod left_out;
mod limits;
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
pub use limits::{MAX_BYTES, MAX_ROWS, MAX_SITEMAPS};
pub use manifest::{NotComparable, Tree, compared, manifest};
pub use origin::{At, Change, Origin};
pub use path::{Completed, Names, TypedPath};
pub use plain::{export, list, pasted, text};
pub use reader::{NotText, split, whole};
pub use source::Source;
pub use variants::Variants;
pub use walk::{Location, Since, Walk};

#[cfg(test)]
mod tests;
