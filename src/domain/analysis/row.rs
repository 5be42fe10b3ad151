//! What a list tells about a line, and about itself.

use serde::Serialize;

use crate::domain::item::ItemKind;
use crate::domain::lint::{Codes, Severity, Shape};

/// One line of the list in its present state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// The line number, from zero.
    pub line: usize,
    /// As typed.
    pub raw: &'a str,
    /// Blank, comment or item.
    pub shape: Shape,
    /// What would be sent; empty unless it is an item.
    pub wire: &'a str,
    /// What can be said about it, by itself and among the others.
    pub codes: Codes,
    /// Whether it is an item that may be sent.
    pub ok: bool,
    /// Whether it is sent: it may be, and nothing else clears it, or it is kept all the same.
    pub sent: bool,
    /// The line, from zero, that makes this one redundant.
    pub covered_by: Option<usize>,
    /// Whether a person wants it sent although another one covers it.
    pub kept: bool,
}

impl Row<'_> {
    /// The kind of an item; `None` for blank lines and comments.
    #[must_use]
    pub const fn kind(&self) -> Option<ItemKind> {
        match self.shape {
            Shape::Item(kind) => Some(kind),
            Shape::Blank | Shape::Comment => None,
        }
    }

    /// The weight of the loudest thing that can be said about it.
    #[must_use]
    pub const fn severity(&self) -> Option<Severity> {
        self.codes.worst()
    }
}

/// What a list adds up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Summary {
    /// Lines that are items, right or wrong.
    pub items: usize,
    /// Lines that may not be sent.
    pub errors: usize,
    /// Lines that may be sent and have a warning.
    pub warnings: usize,
    /// Items that are sent and billed: exact paths, wildcards and tags together.
    pub billable: usize,
    /// Sent paths without a wildcard.
    pub exact: usize,
    /// Sent wildcards.
    pub wildcards: usize,
    /// Sent tags.
    pub tags: usize,
    /// Items that may be sent and are left out, because another one clears the same.
    pub covered: usize,
}
