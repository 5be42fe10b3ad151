//! What was not taken, and why: one sentence for each kind, with its count and the place of the first.

use crate::domain::secret::redacted;
use crate::domain::text::{agree, grouped};

/// Why something was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reason {
    /// An address of another distribution: host and id.
    OtherDistribution(String, String),
    /// An address of a host that is not one of this distribution.
    OtherHost(String),
    /// Addresses of yet other hosts, when there are too many to name.
    MoreHosts,
    /// An address of a scheme that CloudFront does not serve.
    Scheme(String),
    /// An address whose host cannot be one.
    BrokenAddress,
    /// A line of text that holds neither a path nor an address.
    Prose,
    /// The same as an earlier one.
    Repeated,
    /// A line that is not UTF-8.
    NotUtf8,
    /// A line with a NUL byte.
    Nul,
    /// A line that is longer than any path.
    LongLine,
    /// Something with a line break in it, which would be two lines.
    LineBreak,
    /// The signature of a signed URL, or a password: the URL is taken without it.
    Credential,
    /// More than the composer is made for.
    TooMany,
    /// A file that no folder of the map holds.
    OutsideOf(String),
    /// A file whose name holds a `*`.
    StarName,
    /// A file whose name is not UTF-8.
    NameNotUtf8,
    /// A line of a list of checksums that is none.
    NoChecksum,
    /// A link to a folder, which is not followed.
    FolderLink,
    /// Neither a file nor a folder.
    Special,
    /// A file that may not be read.
    Unreadable(String),
    /// A sitemap's entry whose address cannot be read.
    BrokenEntry,
    /// A sitemap's entry that did not change since then.
    Older(String),
    /// A sitemap's entry that does not tell when it changed.
    NoDate,
    /// A sitemap of an index that was not read: which, and why.
    Sitemap(String, String),
    /// Further sitemaps of an index.
    MoreSitemaps,
    /// What follows a place where a sitemap is no longer XML: its name, and why.
    Torn(String, String),
}

/// What was not taken for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Why.
    pub reason: Reason,
    /// How many; at least one.
    pub count: usize,
    /// The place of the first: `line 3`; empty if it has none.
    pub first: String,
}

impl LeftOut {
    /// The whole of it: `12 addresses of other.example: not a host of this distribution (first: line 3)`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let words = self.reason.words(self.count);
        match (self.first.as_str(), self.count) {
            ("", _) => words,
            (place, 1) => format!("{words} ({place})"),
            (place, _) => format!("{words} (first: {place})"),
        }
    }
}

impl Reason {
    /// What and why, for so many.
    fn words(&self, count: usize) -> String {
        let some = |one: &str, many: &str| counted(count, one, many);
        let entries = || some("entry", "entries");
        let addresses = || some("address", "addresses");
        match self {
            Self::OtherDistribution(host, id) => format!("{} of {host}: that is {id}", addresses()),
            Self::OtherHost(host) => format!("{} of {host}: not a host of this distribution", addresses()),
            Self::MoreHosts => format!("{} of further hosts: not of this distribution", addresses()),
            Self::Scheme(scheme) => format!("{} with {scheme}: CloudFront serves http and https", addresses()),
            Self::BrokenAddress => format!("{} without a host that can be read", addresses()),
            Self::Prose => format!("{} without a path or an address", some("line", "lines")),
            Self::Repeated => some("repeats an earlier one", "repeat an earlier one"),
            Self::NotUtf8 => format!("{} not UTF-8; save it as UTF-8", some("line is", "lines are")),
            Self::Nul => format!("{} a NUL byte", some("line holds", "lines hold")),
            Self::LongLine => format!("{} longer than any path", some("line is", "lines are")),
            Self::LineBreak => format!("{} a line break", some("entry holds", "entries hold")),
            Self::Credential => format!("{} with a credential, which is removed", some("URL", "URLs")),
            Self::TooMany => format!(
                "{} the first {}: take them in parts, or a wildcard",
                some("line after", "lines after"),
                grouped(super::MAX_ROWS as u64)
            ),
            Self::OutsideOf(folders) => format!("{} outside of {folders}", some("file", "files")),
            Self::StarName => format!(
                "{} with *: {} a wildcard",
                some("file name", "file names"),
                agree(count, "it would be", "each would be")
            ),
            Self::NameNotUtf8 => format!("{} not UTF-8", some("file name is", "file names are")),
            Self::NoChecksum => format!("{} without checksum and name", some("line", "lines")),
            Self::FolderLink => format!("{} to a folder, not followed", some("link", "links")),
            Self::BrokenEntry => format!("{} without an address that can be read", entries()),
            Self::Older(since) => format!("{} not changed since {since}", entries()),
            Self::NoDate => format!("{} without lastmod", entries()),
            Self::Sitemap(location, why) => format!("sitemap {}: {why}", redacted(location)),
            Self::MoreSitemaps => format!("{} not read", some("sitemap", "sitemaps")),
            Self::Torn(location, why) => {
                let location = redacted(location);
                format!("the rest of {location}, which is not valid sitemap XML after that: {why}")
            }
            Self::Unreadable(why) => format!("{} not readable: {why}", some("file is", "files are")),
            Self::Special => format!("{} no file", some("entry is", "entries are")),
        }
    }
}

/// `1 line`, `1,200 lines`.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count as u64), agree(count, one, many))
}
