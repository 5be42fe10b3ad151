//! The skipped parts of an import: one sentence per reason, with the count and the place of the first occurrence.

use crate::domain::secret::redacted;
use crate::domain::text::{agree, grouped};

/// The reason why something was skipped.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A URL of another distribution: the URL's host and that distribution's id.
    OtherDistribution(String, String),
    /// A URL of a host that does not belong to this distribution.
    OtherHost(String),
    /// URLs of other hosts, once too many hosts have been named.
    MoreHosts,
    /// A URL with a scheme that CloudFront does not serve.
    Scheme(String),
    /// A URL whose host is invalid.
    BrokenAddress,
    /// A line of text that contains neither a path nor a URL.
    Prose,
    /// A duplicate of an earlier row or sitemap.
    Repeated,
    /// A line that is not UTF-8.
    NotUtf8,
    /// A line that contains a NUL byte.
    Nul,
    /// A line that is longer than any path.
    LongLine,
    /// Text that contains a line break and would become two lines.
    LineBreak,
    /// A signature or password in a URL, which is imported without it.
    Credential,
    /// A row beyond the maximum that the composer is designed for.
    TooMany,
    /// A file outside all folders of the map.
    OutsideOf(String),
    /// A file whose name contains a `*`.
    StarName,
    /// A file whose name is not UTF-8.
    NameNotUtf8,
    /// A line without a checksum in a list of checksums.
    NoChecksum,
    /// A symbolic link to a directory, which is not followed.
    FolderLink,
    /// An entry that is neither a file nor a folder.
    Special,
    /// A file that cannot be read.
    Unreadable(String),
    /// A sitemap entry whose URL cannot be parsed.
    BrokenEntry,
    /// A sitemap entry that has not changed since the given time.
    Older(String),
    /// A sitemap entry without a modification date.
    NoDate,
    /// A sitemap that is listed in an index but was not read, with its name and the reason.
    Sitemap(String, String),
    /// Sitemaps that are listed in an index but were not read because of a limit.
    MoreSitemaps,
    /// The rest of a sitemap, from the point where it is no longer valid XML, with the sitemap's name and the reason.
    Torn(String, String),
}

/// Everything that was skipped for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The reason.
    pub reason: Reason,
    /// The number of skipped items or entries; at least one.
    pub count: usize,
    /// The place of the first occurrence, e.g. `line 3`; empty if unknown.
    pub first: String,
}

impl LeftOut {
    /// Returns the full sentence: `12 URLs on other.example, which is not a host of this distribution (first: line 3)`.
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
    /// Describes what was skipped and why, worded for the given count.
    fn words(&self, count: usize) -> String {
        let some = |one: &str, many: &str| counted(count, one, many);
        let entries = || some("entry", "entries");
        let addresses = || some("URL", "URLs");
        match self {
            Self::OtherDistribution(host, id) => format!("{} on {host}, which belongs to {id}", addresses()),
            Self::OtherHost(host) => format!("{} on {host}, which is not a host of this distribution", addresses()),
            Self::MoreHosts => format!("{} on hosts that do not belong to this distribution", addresses()),
            Self::Scheme(scheme) => format!("{} with {scheme}; CloudFront serves only http and https", addresses()),
            Self::BrokenAddress => format!("{} without a valid host", addresses()),
            Self::Prose => format!("{} without a path or URL", some("line", "lines")),
            Self::Repeated => some("repeats an earlier one", "repeat an earlier one"),
            Self::NotUtf8 => format!("{} not UTF-8; save it as UTF-8", some("line is", "lines are")),
            Self::Nul => format!("{} a NUL byte", some("line contains", "lines contain")),
            Self::LongLine => format!("{} longer than a path can be", some("line is", "lines are")),
            Self::LineBreak => format!("{} a line break", some("entry contains", "entries contain")),
            Self::Credential => format!("{} with a credential, which is removed", some("URL", "URLs")),
            Self::TooMany => format!(
                "{} the first {}; import them in parts, or use a wildcard",
                some("line after", "lines after"),
                grouped(super::limits::MAX_ROWS as u64)
            ),
            Self::OutsideOf(folders) => format!("{} outside {folders}", some("file", "files")),
            Self::StarName => format!(
                "{} with *, which would act as a wildcard",
                some("file name", "file names")
            ),
            Self::NameNotUtf8 => format!("{} not UTF-8", some("file name is", "file names are")),
            Self::NoChecksum => format!("{} without a checksum and a name", some("line", "lines")),
            Self::FolderLink => format!(
                "{}, not followed",
                some("symlink to a directory", "symlinks to directories")
            ),
            Self::BrokenEntry => format!("{} without a valid URL", entries()),
            Self::Older(since) => format!("{} not changed since {since}", entries()),
            Self::NoDate => format!("{} without lastmod", entries()),
            Self::Sitemap(location, why) => format!("sitemap {}: {why}", redacted(location)),
            Self::MoreSitemaps => format!("{} not read", some("sitemap", "sitemaps")),
            Self::Torn(location, why) => {
                let location = redacted(location);
                format!("the rest of {location}, which is not valid sitemap XML: {why}")
            }
            Self::Unreadable(why) => format!("{} not readable: {why}", some("file is", "files are")),
            Self::Special => some("entry is not a regular file", "entries are not regular files"),
        }
    }
}

/// Formats a count with its noun: `1 line`, `1,200 lines`.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count as u64), agree(count, one, many))
}
