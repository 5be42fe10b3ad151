//! Collects the result of an import: rows with their origins, and what was skipped.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::left_out::{LeftOut, Reason};
use super::limits::{MAX_LINE, MAX_ROWS};
use super::origin::{At, Origin};
use crate::domain::secret;

/// The maximum number of hosts to name individually; text with links usually contains only a handful.
const NAMED_HOSTS: usize = 12;

/// A line for the list, and its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line as inserted into the text; never contains a line break.
    pub text: String,
    /// Where the line came from.
    pub origin: Origin,
}

/// The result of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The name of the source: a file name, a URL, or a commit range.
    pub source: Arc<str>,
    /// The imported rows, in the order of the source.
    pub rows: Vec<Row>,
    /// The skipped lines, by reason, in the order first encountered.
    pub left_out: Vec<LeftOut>,
}

/// An import in progress.
#[derive(Debug)]
pub(crate) struct Basket {
    import: Import,
    /// The source of the next rows, which may be only part of the whole import, e.g. one sitemap of an index.
    part: Arc<str>,
    seen: HashSet<Box<str>>,
    places: HashMap<Reason, usize>,
    hosts: usize,
}

impl Basket {
    pub(crate) fn new(source: &str) -> Self {
        let source: Arc<str> = secret::stripped(source).into();
        Self {
            part: Arc::clone(&source),
            import: Import {
                source,
                rows: Vec::new(),
                left_out: Vec::new(),
            },
            seen: HashSet::new(),
            places: HashMap::new(),
            hosts: 0,
        }
    }

    /// Returns whether the import has reached the maximum number of rows.
    pub(crate) fn is_full(&self) -> bool {
        self.import.rows.len() >= MAX_ROWS
    }

    /// Sets the part of the source that the next rows belong to.
    pub(crate) fn enter(&mut self, part: &str) {
        let part = secret::stripped(part);
        if *self.part != *part {
            self.part = part.into();
        }
    }

    /// Adds a row.
    pub(crate) fn put(&mut self, text: impl Into<String>, at: At) {
        let text = self.unsigned(text.into(), &at);
        if text.len() > MAX_LINE {
            self.leave(Reason::LongLine, &at);
        } else if text.contains(['\n', '\r']) {
            self.leave(Reason::LineBreak, &at);
        } else if self.is_full() {
            self.leave(Reason::TooMany, &at);
        } else {
            let source = Arc::clone(&self.part);
            self.import.rows.push(Row {
                text,
                origin: Origin { source, at },
            });
        }
    }

    /// Adds a row unless it has already been added.
    pub(crate) fn put_once(&mut self, text: impl Into<String>, at: At) {
        let text = self.unsigned(text.into(), &at);
        if self.seen.contains(text.as_str()) {
            self.leave(Reason::Repeated, &at);
        } else {
            if !self.is_full() {
                self.seen.insert(text.as_str().into());
            }
            self.put(text, at);
        }
    }

    /// Returns the text without credentials.
    fn unsigned(&mut self, text: String, at: &At) -> String {
        let Cow::Owned(stripped) = secret::stripped(&text) else {
            return text;
        };
        self.leave(Reason::Credential, at);
        stripped
    }

    /// Counts something that was skipped, by reason.
    pub(crate) fn leave(&mut self, reason: Reason, at: &At) {
        let reason = self.bounded(reason);
        if let Some(known) = self
            .places
            .get(&reason)
            .and_then(|&at| self.import.left_out.get_mut(at))
        {
            known.count += 1;
            return;
        }
        self.places.insert(reason.clone(), self.import.left_out.len());
        let first = self.place(at);
        self.import.left_out.push(LeftOut {
            reason,
            count: 1,
            first,
        });
    }

    /// Returns the finished import.
    pub(crate) fn finish(self) -> Import {
        self.import
    }

    /// Limits how many hosts are named individually, because the text may contain a million of them.
    fn bounded(&mut self, reason: Reason) -> Reason {
        let is_host = matches!(reason, Reason::OtherHost(_) | Reason::OtherDistribution(..));
        if !is_host || self.places.contains_key(&reason) {
            return reason;
        }
        self.hosts += 1;
        if self.hosts <= NAMED_HOSTS {
            reason
        } else {
            Reason::MoreHosts
        }
    }

    /// Formats a place for display, including the part's name if there are several parts.
    fn place(&self, at: &At) -> String {
        if self.part == self.import.source || *at == At::Somewhere {
            return at.to_string();
        }
        let source = Arc::clone(&self.part);
        Origin { source, at: at.clone() }.to_string()
    }
}
