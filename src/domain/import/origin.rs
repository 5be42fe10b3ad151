//! The origin of an imported row.

use std::fmt;
use std::sync::Arc;

/// The origin of an imported row: `paths.txt line 3`, `main..HEAD: removed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// A file's name, an address, a range of commits.
    pub source: Arc<str>,
    /// Where in it.
    pub at: At,
}

/// A place within a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// No place of its own.
    Somewhere,
    /// A line, counted from 1.
    Line(usize),
    /// Something with a name of its own, such as a file.
    Named(Box<str>),
    /// A file of a comparison, by what happened to it.
    Change(Change),
    /// Nowhere: it was added beside this row, since viewers may ask for the same under another name.
    VariantOf(Box<str>),
}

/// What happened to a file between two states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// Its content is another.
    Changed,
    /// It is gone.
    Removed,
    /// It is new under this name; it had the other one.
    RenamedFrom(Box<str>),
    /// It is gone under this name; it has the other one.
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
