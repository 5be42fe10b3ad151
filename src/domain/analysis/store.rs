//! The rows of a list under identities that do not move.

use crate::domain::coverage::{RowId, Rows};
use crate::domain::item::ItemKind;
use crate::domain::lint::{Code, Codes, Context, Shape, lint, root_folder};

/// A line and what was found about it. 100,000 of them are common, so it is small: sentences are made when looked at.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) raw: Box<str>,
    /// `None`: the same as `raw`.
    wire: Option<Box<str>>,
    pub(super) codes: Codes,
    pub(super) shape: Shape,
    pub(super) kept: bool,
}

impl Stored {
    pub(super) fn wire(&self) -> &str {
        match self.shape {
            Shape::Item(_) => self.wire.as_deref().unwrap_or(&self.raw),
            Shape::Blank | Shape::Comment => "",
        }
    }
}

/// All rows, by identity, and the line that each stands in.
#[derive(Debug, Clone, Default)]
pub(super) struct Store {
    rows: Vec<Stored>,
    line_of: Vec<usize>,
    free: Vec<RowId>,
}

impl Store {
    pub(super) fn get(&self, id: RowId) -> Option<&Stored> {
        self.rows.get(id as usize)
    }

    /// Takes a line in; [`Store::judge`] must follow.
    pub(super) fn add(&mut self, raw: &str, kept: bool) -> RowId {
        let row = Stored {
            raw: raw.into(),
            wire: None,
            codes: Codes::NONE,
            shape: Shape::Blank,
            kept,
        };
        if let Some(id) = self.free.pop() {
            if let Some(slot) = self.rows.get_mut(id as usize) {
                *slot = row;
            }
            return id;
        }
        self.rows.push(row);
        self.line_of.push(0);
        RowId::try_from(self.rows.len() - 1).unwrap_or(RowId::MAX)
    }

    /// Gives identities back.
    pub(super) fn free(&mut self, ids: &[RowId]) {
        self.free.extend(ids);
    }

    /// Tells rows that follow each other where they stand, from `start` on.
    pub(super) fn renumber(&mut self, start: usize, ids: &[RowId]) {
        for (line, &id) in (start..).zip(ids) {
            if let Some(slot) = self.line_of.get_mut(id as usize) {
                *slot = line;
            }
        }
    }

    /// Finds out what a row is and what can be said about it.
    pub(super) fn judge(&mut self, id: RowId, context: &Context) {
        let Some(row) = self.rows.get_mut(id as usize) else {
            return;
        };
        let line = lint(&row.raw, context);
        let wire = (*line.wire != *row.raw).then(|| Box::from(&*line.wire));
        (row.shape, row.codes) = (line.shape, line.codes);
        row.wire = wire;
    }

    /// Makes a row part of what a shell has written by mistake.
    pub(super) fn accuse(&mut self, id: RowId) {
        if let Some(row) = self.rows.get_mut(id as usize) {
            row.codes = Code::ShellExpansion.into();
        }
    }

    pub(super) fn set_kept(&mut self, id: RowId, kept: bool) {
        if let Some(row) = self.rows.get_mut(id as usize) {
            row.kept = kept;
        }
    }

    pub(super) fn is_kept(&self, id: RowId) -> bool {
        self.get(id).is_some_and(|row| row.kept)
    }

    /// Whether the row is an item that may be sent, and so stands in the index.
    pub(super) fn is_ok(&self, id: RowId) -> bool {
        self.get(id)
            .is_some_and(|row| matches!(row.shape, Shape::Item(_)) && !row.codes.has_error())
    }

    /// Which folder of a computer's root the row is, if it is one.
    pub(super) fn root_folder(&self, id: RowId) -> Option<u32> {
        let row = self.get(id).filter(|row| row.shape == Shape::Item(ItemKind::Path))?;
        root_folder(row.wire())
    }
}

impl Rows for Store {
    fn wire(&self, id: RowId) -> &str {
        self.get(id).map_or("", Stored::wire)
    }

    fn line(&self, id: RowId) -> usize {
        self.line_of.get(id as usize).copied().unwrap_or_default()
    }
}
