//! The list of the composer, judged and kept judged while it is edited.
//!
//! [`Analysis`] holds every line with what [`super::lint`] says of it and what [`super::coverage`] makes of it among
//! the others. [`Analysis::splice`] tells it about an edit: only the lines that are new are judged, and the index over
//! the items is mended, not rebuilt. Lines are counted from zero here, and from one in what people read.

mod row;
mod shell;
mod store;

use std::ops::Range;

use super::coverage::{Cover, Coverage, RowId, Rows as _, Verdict};
use super::item::Item;
use super::lint::{self, Code, Codes, Context, Diagnostic, Fix, Severity, Shape};
pub use row::{Row, Summary};
use shell::ShellWatch;
use store::{Store, Stored};

/// A list of lines, each judged by itself and among the others.
#[derive(Debug, Clone, Default)]
pub struct Analysis {
    context: Context,
    store: Store,
    lines: Vec<RowId>,
    coverage: Coverage,
    shell: ShellWatch,
    counts: Counts,
}

/// What the lines by themselves add up to.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    items: usize,
    errors: usize,
    warnings: usize,
}

impl Analysis {
    /// An empty list for a target of which this is known.
    #[must_use]
    pub fn new(context: Context) -> Self {
        Self {
            context,
            ..Self::default()
        }
    }

    /// A list of these lines.
    #[must_use]
    pub fn of<S: AsRef<str>>(lines: &[S], context: Context) -> Self {
        let mut analysis = Self::new(context);
        analysis.splice(0..0, lines);
        analysis
    }

    /// What is known of the target.
    #[must_use]
    pub const fn context(&self) -> &Context {
        &self.context
    }

    /// Judges all lines anew, since something else is known of the target now.
    pub fn set_context(&mut self, context: Context) {
        if self.context != context {
            self.context = context;
            self.relint(&self.lines.clone());
        }
    }

    /// How many lines there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no line at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Puts `fresh` in the place of the lines `removed` (cut to what there is). Where one line replaces one, a mark by
    /// [`Analysis::keep`] stays.
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

    /// Marks a line to be sent although another one covers it, or takes the mark away. Of items that are the same
    /// only one is ever sent.
    pub fn keep(&mut self, line: usize, kept: bool) {
        let Some(&id) = self.lines.get(line) else { return };
        self.store.set_kept(id, kept);
        if self.store.is_ok(id) {
            self.coverage.set_kept(id, kept, &self.store);
            self.coverage.refresh(&self.store);
        }
    }

    /// One line as it stands now.
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

    /// All lines, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.lines.len()).filter_map(|line| self.row(line))
    }

    /// What can be said about a line in words, the loudest first.
    #[must_use]
    pub fn diagnostics(&self, line: usize) -> Vec<Diagnostic> {
        self.row(line).map(|row| self.explained(&row)).unwrap_or_default()
    }

    /// The same for a row of this list that is at hand.
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

    /// Every item, right or wrong, as it was typed and as it would be sent, and whether it may be: without what can be
    /// said about it, which takes longer to find out.
    pub fn forms(&self) -> impl Iterator<Item = (&str, &str, bool)> {
        let stored = self.lines.iter().filter_map(|&id| Some((id, self.store.get(id)?)));
        stored
            .filter(|(_, row)| matches!(row.shape, Shape::Item(_)))
            .map(|(id, row)| (&*row.raw, row.wire(), self.store.is_ok(id)))
    }

    /// What the list adds up to, without going through it.
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

    /// Whether `/*` is sent.
    #[must_use]
    pub const fn whole_site(&self) -> bool {
        self.coverage.totals().whole_site
    }

    /// What is sent, in the order of the lines, each item once.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        self.sent().filter_map(|(_, wire)| Item::from_wire(wire).ok()).collect()
    }

    /// The lines that are sent, from zero, with their wire forms.
    pub fn sent(&self) -> impl Iterator<Item = (usize, &str)> {
        let sent = |id: RowId| self.store.is_ok(id) && self.coverage.verdict(id).sent;
        self.lines
            .iter()
            .enumerate()
            .filter(move |&(_, &id)| sent(id))
            .map(|(line, &id)| (line, self.store.wire(id)))
    }

    /// The next line below `from` that has something at least as grave to tell, going round at the end.
    #[must_use]
    pub fn next_problem(&self, from: usize, at_least: Severity) -> Option<usize> {
        let below = (from + 1).min(self.lines.len());
        (below..self.lines.len())
            .chain(0..below)
            .find(|&line| self.is_problem(line, at_least))
    }

    /// The same, upwards.
    #[must_use]
    pub fn previous_problem(&self, from: usize, at_least: Severity) -> Option<usize> {
        let above = from.min(self.lines.len());
        (0..above)
            .rev()
            .chain((above..self.lines.len()).rev())
            .find(|&line| self.is_problem(line, at_least))
    }

    /// Each line that safe fixes change, with what they make of it.
    #[must_use]
    pub fn safe_fixes(&self) -> Vec<(usize, String)> {
        let fixable = |id: &RowId| self.store.get(*id).is_some_and(|row| row.codes.may_have_safe_fix());
        let lines = self.lines.iter().enumerate().filter(|(_, id)| fixable(id));
        lines
            .filter_map(|(line, &id)| Some((line, lint::apply_safe_fixes(&self.store.get(id)?.raw, &self.context)?)))
            .collect()
    }

    /// The fix for the loudest diagnostic of a line that has one, safe or not.
    #[must_use]
    pub fn offered_fix(&self, line: usize) -> Option<Fix> {
        self.diagnostics(line).into_iter().find_map(|diagnostic| diagnostic.fix)
    }

    /// The other distribution, by its id, that a line's address belongs to.
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

    /// Everything that can be said about a row, without the suggestions that the list already follows.
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
        ] {
            if codes.contains(code) && self.has_variants(id, code) {
                codes = codes.without(code);
            }
        }
        self.among(id).map_or(codes, |(code, _)| codes.with(code))
    }

    /// The line that gives a row this code, if one does.
    fn by(&self, id: RowId, code: Code) -> Option<usize> {
        let (_, other) = self.among(id).filter(|&(found, _)| found == code)?;
        Some(self.store.line(other))
    }

    /// What is to be said of a row beside another one, and that one.
    fn among(&self, id: RowId) -> Option<(Code, RowId)> {
        let verdict = self.store.is_ok(id).then(|| self.coverage.verdict(id))?;
        match verdict.cover {
            Cover::By(other) if !verdict.sent => Some((Code::Covered, other)),
            Cover::Same(other) => Some((Code::Duplicate, other)),
            Cover::Perhaps(other) => Some((Code::PerhapsCovered, other)),
            Cover::By(_) | Cover::None => None,
        }
    }

    /// Whether the objects that a diagnostic suggests are in the list already.
    fn has_variants(&self, id: RowId, code: Code) -> bool {
        let Some(stored) = self.store.get(id) else { return false };
        let is_there = |wire: &str| self.coverage.contains(wire, &self.store);
        lint::are_variants(&stored.raw, code, &self.context, is_there)
    }

    /// Takes rows out of index and counts, while the store still has them.
    fn leave(&mut self, ids: &[RowId]) {
        let ok: Vec<RowId> = ids.iter().copied().filter(|&id| self.store.is_ok(id)).collect();
        self.coverage.remove(&ok, &self.store);
        for &id in ids {
            self.count(id, false);
        }
    }

    /// Judges rows and takes them into index and counts.
    fn enter(&mut self, ids: &[RowId]) {
        self.store.judge_all(ids, &self.context);
        for &id in ids {
            if self.shell.is_active() && self.store.root_folder(id).is_some() {
                self.store.accuse(id);
            }
            self.count(id, true);
        }
        let ok = ids
            .iter()
            .filter(|&&id| self.store.is_ok(id))
            .map(|&id| (id, self.store.is_kept(id)));
        self.coverage.insert(ok, &self.store);
    }

    /// After rows left and entered: the whole-list rules.
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
        self.coverage.refresh(&self.store);
    }

    fn relint(&mut self, ids: &[RowId]) {
        self.leave(ids);
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
