//! The composer's list of lines, with lint and coverage kept up to date while the user edits.
//!
//! [`Analysis`] contains every line with what [`super::lint`] reports for the line alone and what [`super::coverage`]
//! finds by comparing it with the others. [`Analysis::splice`] applies an edit: only new lines are linted, and the
//! index over the items is updated rather than rebuilt. Line numbers start at zero here, and at one in text for users.

mod fixes;
mod once;
mod row;
mod shell;
mod store;

use std::ops::Range;

use super::coverage::{Cover, Coverage, RowId, Rows as _, Verdict};
use super::item::Item;
use super::lint::{self, Code, Codes, Context, Diagnostic, Severity, Shape};
use once::{Once, topics};
pub use row::{Row, Summary};
use shell::ShellWatch;
use store::{Store, Stored};

/// A list of lines, each checked individually and against the others.
#[derive(Debug, Clone, Default)]
pub struct Analysis {
    context: Context,
    store: Store,
    lines: Vec<RowId>,
    coverage: Coverage,
    shell: ShellWatch,
    once: Once,
    counts: Counts,
}

/// The totals from checking each line individually.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    items: usize,
    errors: usize,
    warnings: usize,
}

impl Analysis {
    /// Creates an empty list with the given lint context.
    #[must_use]
    pub fn new(context: Context) -> Self {
        Self {
            context,
            ..Self::default()
        }
    }

    /// Creates a list from these lines.
    #[must_use]
    pub fn of<S: AsRef<str>>(lines: &[S], context: Context) -> Self {
        let mut analysis = Self::new(context);
        analysis.splice(0..0, lines);
        analysis
    }

    /// Returns the lint context: what is known about the target.
    #[must_use]
    pub const fn context(&self) -> &Context {
        &self.context
    }

    /// Replaces the lint context and checks all lines again if it has changed.
    pub fn set_context(&mut self, context: Context) {
        if self.context != context {
            self.context = context;
            self.relint(&self.lines.clone());
        }
    }

    /// Returns the number of lines.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.lines.len()
    }

    /// Returns whether the list has no lines.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Replaces the lines `removed` (clamped to the list) with `fresh`. If one line replaces one line, a mark set by
    /// [`Analysis::keep`] is preserved.
    pub fn splice<S: AsRef<str>>(&mut self, removed: Range<usize>, fresh: &[S]) {
        let end = removed.end.min(self.lines.len());
        let start = removed.start.min(end);
        let old: Vec<RowId> = self.lines.get(start..end).unwrap_or_default().to_vec();
        let kept = matches!((old.as_slice(), fresh), ([only], [_]) if self.store.is_kept(*only));
        self.leave(&old);
        self.store.free(&old);
        let new: Vec<RowId> = fresh.iter().map(|raw| self.store.add(raw.as_ref(), kept)).collect();
        self.lines.splice(start..end, new.iter().copied());
        let moved = if old.len() == new.len() {
            start..end
        } else {
            start..self.lines.len()
        };
        self.store
            .renumber(moved.start, self.lines.get(moved).unwrap_or_default());
        self.enter(&new);
        self.settle();
    }

    /// Marks a line to be sent even though another one covers it, or removes the mark. Identical items are sent only
    /// once either way.
    pub fn keep(&mut self, line: usize, kept: bool) {
        let Some(&id) = self.lines.get(line) else { return };
        self.store.set_kept(id, kept);
        if self.store.is_ok(id) {
            self.coverage.set_kept(id, kept, &self.store);
            self.coverage.refresh(&self.store);
        }
    }

    /// Returns the current state of one line.
    #[must_use]
    pub fn row(&self, line: usize) -> Option<Row<'_>> {
        let &id = self.lines.get(line)?;
        let stored = self.store.get(id)?;
        let ok = self.store.is_ok(id);
        let verdict = if ok {
            self.coverage.verdict(id)
        } else {
            Verdict::default()
        };
        let covered_by = match verdict.cover {
            Cover::By(other) | Cover::Same(other) => Some(self.store.line(other)),
            Cover::None | Cover::Perhaps(_) => None,
        };
        Some(Row {
            line,
            raw: &stored.raw,
            shape: stored.shape,
            wire: stored.wire(),
            codes: self.codes(id),
            ok,
            sent: ok && verdict.sent,
            covered_by,
            kept: stored.kept,
        })
    }

    /// Returns all lines, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.lines.len()).filter_map(|line| self.row(line))
    }

    /// Returns the diagnostics of a line, most severe first.
    #[must_use]
    pub fn diagnostics(&self, line: usize) -> Vec<Diagnostic> {
        self.row(line).map(|row| self.explained(&row)).unwrap_or_default()
    }

    /// Returns the diagnostics of a row of this list, most severe first.
    #[must_use]
    pub fn explained(&self, row: &Row<'_>) -> Vec<Diagnostic> {
        let Some(&id) = self.lines.get(row.line).filter(|_| !row.codes.is_empty()) else {
            return Vec::new();
        };
        let Some(judged) = self.store.get(id).map(Stored::line) else {
            return Vec::new();
        };
        let words = judged.words(&self.context);
        row.codes
            .iter()
            .map(|code| words.explain(code, self.by(id, code).map(|other| other + 1)))
            .collect()
    }

    /// Returns every item, valid or not: as typed, in wire form, and whether it may be sent. Diagnostics are left out
    /// because they take longer to compute.
    pub fn forms(&self) -> impl Iterator<Item = (&str, &str, bool)> {
        let stored = self.lines.iter().filter_map(|&id| Some((id, self.store.get(id)?)));
        stored
            .filter(|(_, row)| matches!(row.shape, Shape::Item(_)))
            .map(|(id, row)| (&*row.raw, row.wire(), self.store.is_ok(id)))
    }

    /// Returns the totals of the list without iterating over it.
    #[must_use]
    pub const fn summary(&self) -> Summary {
        let totals = self.coverage.totals();
        Summary {
            items: self.counts.items,
            errors: self.counts.errors,
            warnings: self.counts.warnings,
            billable: totals.exact + totals.wildcards + totals.tags,
            exact: totals.exact,
            wildcards: totals.wildcards,
            tags: totals.tags,
            covered: totals.left_out,
        }
    }

    /// Returns whether `/*` is sent.
    #[must_use]
    pub const fn whole_site(&self) -> bool {
        self.coverage.totals().whole_site
    }

    /// Returns the items to send in line order, without duplicates.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        self.sent().filter_map(|(_, wire)| Item::from_wire(wire).ok()).collect()
    }

    /// Returns the line numbers (from zero) and wire forms of the items to send.
    pub fn sent(&self) -> impl Iterator<Item = (usize, &str)> {
        let sent = |id: RowId| self.store.is_ok(id) && self.coverage.verdict(id).sent;
        self.lines
            .iter()
            .enumerate()
            .filter(move |&(_, &id)| sent(id))
            .map(|(line, &id)| (line, self.store.wire(id)))
    }

    /// Returns the next line below `from` with a diagnostic of at least this severity, wrapping around at the end.
    #[must_use]
    pub fn next_problem(&self, from: usize, at_least: Severity) -> Option<usize> {
        let below = (from + 1).min(self.lines.len());
        (below..self.lines.len())
            .chain(0..below)
            .find(|&line| self.is_problem(line, at_least))
    }

    /// Returns the id of the other distribution that the line's URL belongs to.
    #[must_use]
    pub fn owner(&self, line: usize) -> Option<&str> {
        let row = self.row(line)?;
        let foreign = row.codes.iter().any(|code| code == Code::HostMismatch);
        foreign.then(|| lint::owner(row.raw, &self.context)).flatten()
    }

    fn is_problem(&self, line: usize, at_least: Severity) -> bool {
        let codes = self
            .lines
            .get(line)
            .and_then(|&id| self.store.get(id))
            .map(|row| row.codes);
        codes.and_then(Codes::worst).is_some_and(|worst| worst >= at_least)
    }

    /// Returns every code of a row, except suggestions that the list already follows and remarks that a line above
    /// already has.
    fn codes(&self, id: RowId) -> Codes {
        let Some(stored) = self.store.get(id) else {
            return Codes::NONE;
        };
        let mut codes = stored.codes;
        for code in [
            Code::NonAscii,
            Code::PlusSign,
            Code::DirectoryVariants,
            Code::RootVariants,
            Code::QueryVariants,
        ] {
            if codes.contains(code) && self.has_variants(id, code) {
                codes = codes.without(code);
            }
        }
        for topic in topics(&stored.raw, codes, &self.context) {
            if !self.once.is_made_on(id, &topic) {
                codes = codes.without(topic.0);
            }
        }
        self.among(id).map_or(codes, |(code, _)| codes.with(code))
    }

    /// Returns the topics of a row's remarks, limited to remarks that a list shows only once.
    fn topics(&self, id: RowId) -> Vec<once::Topic> {
        let stored = self.store.get(id);
        stored.map_or_else(Vec::new, |row| topics(&row.raw, row.codes, &self.context))
    }

    /// Returns the line that causes a row to have this code, if there is one.
    fn by(&self, id: RowId, code: Code) -> Option<usize> {
        let (_, other) = self.among(id).filter(|&(found, _)| found == code)?;
        Some(self.store.line(other))
    }

    /// Returns the code that a row has because of another row, and the id of that other row.
    fn among(&self, id: RowId) -> Option<(Code, RowId)> {
        let verdict = self.store.is_ok(id).then(|| self.coverage.verdict(id))?;
        match verdict.cover {
            Cover::By(other) if !verdict.sent => Some((Code::Covered, other)),
            Cover::Same(other) => Some((Code::Duplicate, other)),
            Cover::Perhaps(other) => Some((Code::PerhapsCovered, other)),
            Cover::By(_) | Cover::None => None,
        }
    }

    /// Returns whether the objects that a diagnostic suggests adding are already in the list.
    fn has_variants(&self, id: RowId, code: Code) -> bool {
        let Some(stored) = self.store.get(id) else { return false };
        let is_there = |wire: &str| self.coverage.contains(wire, &self.store);
        lint::are_variants(&stored.raw, code, &self.context, is_there)
    }

    /// Removes rows from the index and the counts; must be called while the store still contains them.
    fn leave(&mut self, ids: &[RowId]) {
        let ok: Vec<RowId> = ids.iter().copied().filter(|&id| self.store.is_ok(id)).collect();
        self.coverage.remove(&ok, &self.store);
        for &id in ids {
            self.once.leave(id, &self.topics(id));
            self.count(id, false);
        }
    }

    /// Lints rows and adds them to the index and the counts.
    fn enter(&mut self, ids: &[RowId]) {
        self.store.judge_all(ids, &self.context);
        for &id in ids {
            if self.shell.is_active() && self.store.root_folder(id).is_some() {
                self.store.accuse(id);
            }
            let (topics, store) = (self.topics(id), &self.store);
            self.once.enter(id, &topics, |row| store.line(row));
            self.count(id, true);
        }
        let ok = ids
            .iter()
            .filter(|&&id| self.store.is_ok(id))
            .map(|&id| (id, self.store.is_kept(id)));
        self.coverage.insert(ok, &self.store);
    }

    /// Applies the rules for the whole list after rows have been removed or added.
    fn settle(&mut self) {
        if self.shell.turn() {
            let folders: Vec<RowId> = self
                .lines
                .iter()
                .copied()
                .filter(|&id| self.store.root_folder(id).is_some())
                .collect();
            self.leave(&folders);
            self.enter(&folders);
        }
        if self.once.is_open() {
            let mut once = std::mem::take(&mut self.once);
            once.settle(self.lines.iter().map(|&id| (id, self.topics(id))));
            self.once = once;
        }
        self.coverage.refresh(&self.store);
    }

    fn relint(&mut self, ids: &[RowId]) {
        self.leave(ids);
        self.once.clear();
        self.enter(ids);
        self.settle();
    }

    fn count(&mut self, id: RowId, add: bool) {
        let Some(row) = self.store.get(id) else { return };
        let change = |count: &mut usize, applies: bool| {
            *count = if !applies {
                *count
            } else if add {
                *count + 1
            } else {
                count.saturating_sub(1)
            };
        };
        change(&mut self.counts.items, matches!(row.shape, Shape::Item(_)));
        change(&mut self.counts.errors, row.codes.worst() == Some(Severity::Error));
        change(&mut self.counts.warnings, row.codes.worst() == Some(Severity::Warning));
        if let Some(folder) = self.store.root_folder(id) {
            self.shell.count(folder, add);
        }
    }
}
