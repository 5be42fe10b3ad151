//! The rows of a list, stored under stable ids.

use std::thread;

use crate::domain::coverage::{RowId, Rows};
use crate::domain::item::ItemKind;
use crate::domain::lint::{Code, Codes, Context, Line, Shape, lint, root_folder};

/// A line and its lint results. Lists of 100,000 lines are common, so this type is small: messages are built only when
/// they are displayed.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) raw: Box<str>,
    /// The wire form; `None` if it equals `raw`.
    wire: Option<Box<str>>,
    pub(super) codes: Codes,
    pub(super) shape: Shape,
    pub(super) kept: bool,
}

/// The minimum number of rows for which a second thread is worthwhile.
const WORTH_A_THREAD: usize = 20_000;

/// Lints the second half of the rows on another thread, or on this one if no thread can be started.
fn judge_beside(rows: &mut [Stored], context: &Context) {
    let (first, second) = rows.split_at_mut(rows.len() / 2);
    let judge = |rows: &mut [Stored]| rows.iter_mut().for_each(|row| row.judge(context));
    let is_judged = thread::scope(|scope| {
        let beside = thread::Builder::new().spawn_scoped(scope, || judge(second));
        judge(first);
        beside.is_ok_and(|beside| beside.join().is_ok())
    });
    if !is_judged {
        judge(second);
    }
}

impl Stored {
    /// Lints the line and stores its shape and codes.
    fn judge(&mut self, context: &Context) {
        let line = lint(&self.raw, context);
        let wire = (*line.wire != *self.raw).then(|| Box::from(&*line.wire));
        (self.shape, self.codes) = (line.shape, line.codes);
        self.wire = wire;
    }

    /// Returns the row as the lint sees it.
    pub(super) fn line(&self) -> Line<'_> {
        Line {
            raw: &self.raw,
            shape: self.shape,
            wire: self.wire().into(),
            codes: self.codes,
        }
    }

    pub(super) fn wire(&self) -> &str {
        match self.shape {
            Shape::Item(_) => self.wire.as_deref().unwrap_or(&self.raw),
            Shape::Blank | Shape::Comment => "",
        }
    }
}

/// All rows by id, and the line number of each one.
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

    /// Adds a line; the caller must call [`Store::judge`] next.
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

    /// Releases ids for reuse.
    pub(super) fn free(&mut self, ids: &[RowId]) {
        self.free.extend(ids);
    }

    /// Sets the line numbers of consecutive rows, starting at `start`.
    pub(super) fn renumber(&mut self, start: usize, ids: &[RowId]) {
        for (line, &id) in (start..).zip(ids) {
            if let Some(slot) = self.line_of.get_mut(id as usize) {
                *slot = line;
            }
        }
    }

    /// Lints one row.
    pub(super) fn judge(&mut self, id: RowId, context: &Context) {
        if let Some(row) = self.rows.get_mut(id as usize) {
            row.judge(context);
        }
    }

    /// Lints several rows. Half of a large contiguous block is linted on a second thread, which does not affect the
    /// results.
    pub(super) fn judge_all(&mut self, ids: &[RowId], context: &Context) {
        match self.block(ids) {
            Some(rows) if rows.len() >= WORTH_A_THREAD => judge_beside(rows, context),
            _ => ids.iter().for_each(|&id| self.judge(id, context)),
        }
    }

    /// Returns the rows of consecutive ids as one slice; `None` if the ids are not consecutive.
    fn block(&mut self, ids: &[RowId]) -> Option<&mut [Stored]> {
        let (&first, &last) = (ids.first()?, ids.last()?);
        let follow = ids.iter().zip(first..).all(|(&id, expected)| id == expected);
        let rows = self.rows.get_mut(first as usize..=last as usize);
        rows.filter(|_| follow)
    }

    /// Marks a row as part of an expanded `/*`.
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

    /// Returns whether the row is an item that may be sent, and is therefore in the index.
    pub(super) fn is_ok(&self, id: RowId) -> bool {
        self.get(id)
            .is_some_and(|row| matches!(row.shape, Shape::Item(_)) && !row.codes.has_error())
    }

    /// Returns the folder of the file system root that the row names, if any.
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
