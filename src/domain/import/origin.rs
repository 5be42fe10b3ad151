//! The origin of an imported row.

use std::fmt;
use std::sync::Arc;

/// The origin of an imported row, e.g. `paths.txt line 3` or `main..HEAD: removed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The source: a file name, a URL, or a commit range.
    pub source: Arc<str>,
    /// The place within the source.
    pub at: At,
}

/// A place within a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// No specific place.
    Somewhere,
    /// A line number, counted from 1.
    Line(usize),
    /// A named part, e.g. a file.
    Named(Box<str>),
    /// A file in a comparison, with its kind of change.
    Change(Change),
    /// A variant added for the given row, because viewers may request the same page by another path.
    VariantOf(Box<str>),
}

/// The kind of change to a file between two states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The file was added.
    Added,
    /// The file's content changed.
    Changed,
    /// The file was removed.
    Removed,
    /// The file was renamed from the given name.
    RenamedFrom(Box<str>),
    /// The file was renamed to the given name.
    RenamedTo(Box<str>),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            At::Somewhere => f.write_str(&self.source),
            At::Line(_) | At::Named(_) => write!(f, "{} {}", self.source, self.at),
            At::Change(_) => write!(f, "{}: {}", self.source, self.at),
            At::VariantOf(_) => write!(f, "{}", self.at),
        }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Somewhere => Ok(()),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Named(name) => f.write_str(name),
            Self::Change(change) => write!(f, "{change}"),
            Self::VariantOf(path) => write!(f, "variant of {path}"),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added => f.write_str("added"),
            Self::Changed => f.write_str("changed"),
            Self::Removed => f.write_str("removed"),
            Self::RenamedFrom(old) => write!(f, "renamed from {old}"),
            Self::RenamedTo(new) => write!(f, "renamed to {new}"),
        }
    }
}
