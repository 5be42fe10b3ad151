//! The state of one line, and the totals of the whole list.

use serde::Serialize;

use crate::domain::item::ItemKind;
use crate::domain::lint::{Codes, Severity, Shape};

/// The current state of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// The line number, starting at zero.
    pub line: usize,
    /// The text as typed.
    pub raw: &'a str,
    /// Whether the line is blank, a comment or an item.
    pub shape: Shape,
    /// The wire form that would be sent; empty unless the line is an item.
    pub wire: &'a str,
    /// The diagnostic codes of the line, both on its own and in relation to the others.
    pub codes: Codes,
    /// Whether the line is an item that may be sent.
    pub ok: bool,
    /// Whether the line is sent: it is valid, and either no other line covers it or the user keeps it.
    pub sent: bool,
    /// The number, starting at zero, of the line that makes this one redundant.
    pub covered_by: Option<usize>,
    /// Whether the user wants the line to be sent even though another one covers it.
    pub kept: bool,
}

impl Row<'_> {
    /// Returns the kind of the item; `None` for blank lines and comments.
    #[must_use]
    pub const fn kind(&self) -> Option<ItemKind> {
        match self.shape {
            Shape::Item(kind) => Some(kind),
            Shape::Blank | Shape::Comment => None,
        }
    }

    /// Returns the severity of the most severe diagnostic.
    #[must_use]
    pub const fn severity(&self) -> Option<Severity> {
        self.codes.worst()
    }
}

/// The totals of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Summary {
    /// The number of lines that are items, valid or not.
    pub items: usize,
    /// The number of lines that cannot be sent because of an error.
    pub errors: usize,
    /// The number of lines that can be sent but have a warning.
    pub warnings: usize,
    /// The number of items that are sent and billed: exact paths, wildcards and tags together.
    pub billable: usize,
    /// The number of paths sent without a wildcard.
    pub exact: usize,
    /// The number of wildcards sent.
    pub wildcards: usize,
    /// The number of tags sent.
    pub tags: usize,
    /// The number of items that could be sent but are skipped, because another item clears the same objects.
    pub covered: usize,
}
