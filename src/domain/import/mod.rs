//! Lists from elsewhere: plain files, text with addresses in it, earlier invalidations, changed files, sitemaps.
//!
//! Everything here turns text that somebody else wrote into [`Row`]s for the composer, and each row remembers where it
//! came from. What cannot be taken is left out one by one, never as a whole where a part is right, and every kind of it
//! is counted and named, with the place of the first: [`LeftOut`]. Reading files, starting git and asking servers is
//! not done here; bytes come in.
//!
//! Nothing of a row is normalised: the lint judges it afterwards like a line that was typed.

mod addresses;
mod basket;
mod earlier;
mod files;
mod git;
mod left_out;
mod manifest;
mod origin;
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
pub use plain::{export, list, pasted, text};
pub use reader::{NotText, split, whole};
pub use source::Source;
pub use variants::Variants;
pub use walk::{Location, Since, Walk};

/// The most that is read of one source, in bytes: a sitemap may have 50 MB, and a list of paths has far less.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The most rows that one import takes: what the composer is measured for.
pub const MAX_ROWS: usize = 100_000;

/// The most sitemaps of an index that are read.
pub const MAX_SITEMAPS: usize = 500;

/// A line with more bytes is no path: the longest has 4,000 characters, each at most four bytes before it is encoded.
const MAX_LINE: usize = 16_000;

#[cfg(test)]
mod tests;
