//! `check`: the composer's lint for scripts.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::{self, Write};
use std::iter::repeat_n;
use std::ops::Range;

use serde::{Serialize, Serializer};
use unicode_width::UnicodeWidthStr;

use super::table::{Side, pad};
use super::{Error, in_order, items, output};
use crate::cli::{self, Output};
use crate::domain::analysis::{self, Analysis, Row};
use crate::domain::import;
use crate::domain::item::ItemKind;
use crate::domain::lint::{Code, Context, Diagnostic, Fix, Severity};
use crate::domain::secret;
use crate::domain::text::{count, visible};

/// Judges the lines and prints what can be said about them: 0 when all may be sent, 2 when one may not.
///
/// A later line may cover the first one, so nothing can be said before all were read; but what is said is made and
/// written line by line, and never held together.
pub(super) fn run(arguments: &cli::Check) -> Result<u8, Error> {
    let analysis = analysis(arguments)?;
    output::stream(|out| match arguments.output {
        Output::Json => write_document(out, &analysis),
        Output::Jsonl => write_lines(out, &analysis),
        Output::Table => write_text(out, &analysis, output::width()),
        Output::Text => write_cells(out, &analysis),
    })?;
    Ok(if analysis.summary().errors == 0 { 0 } else { 2 })
}

/// The list, which keeps its own copy of what was read.
fn analysis(arguments: &cli::Check) -> Result<Analysis, Error> {
    let text = arguments.paths_from.as_deref().map(items::read).transpose()?;
    let typed = arguments.paths.iter().map(String::as_str);
    let lines: Vec<&str> = typed.chain(text.iter().flat_map(|text| import::split(text))).collect();
    Ok(Analysis::of(&lines, Context::default()))
}

/// Those of the lines that are items: blank lines and comments are passed over.
fn rows(analysis: &Analysis, lines: Range<usize>) -> impl Iterator<Item = (Row<'_>, ItemKind)> {
    let rows = lines.filter_map(|line| analysis.row(line));
    rows.filter_map(|row| Some((row, row.kind()?)))
}

/// One object a line, without the sum.
fn write_lines(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    in_order::write(out, analysis.len(), |lines| {
        let mut part = Vec::new();
        for (row, kind) in rows(analysis, lines) {
            output::write_json_line(&mut part, &Entry::of(row, kind, analysis))?;
        }
        Ok(part)
    })
}

/// Line, `ok` or `error`, wire form and codes, with tabs between them.
fn write_cells(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    rows(analysis, 0..analysis.len()).try_for_each(|(row, _)| {
        let codes: Vec<String> = row.codes.iter().map(|code| code.to_string()).collect();
        let word = if row.ok { "ok" } else { "error" };
        let wire = visible(if row.ok { row.wire } else { row.raw });
        writeln!(out, "{}\t{word}\t{wire}\t{}", row.line + 1, codes.join(" "))
    })
}

/// Never cut: half a reason is none.
fn write_text(out: &mut dyn Write, analysis: &Analysis, width: Option<usize>) -> io::Result<()> {
    let sheet = Sheet::of(analysis, width);
    sheet.heading(out)?;
    in_order::write(out, analysis.len(), |lines| {
        let mut part = Vec::new();
        for (row, _) in rows(analysis, lines) {
            sheet.row(&mut part, &row, &analysis.explained(&row))?;
        }
        Ok(part)
    })?;
    let sum = broken(&sum(&analysis.summary()), width.unwrap_or(usize::MAX)).join("\n");
    writeln!(out, "\n{sum}")
}

/// Columns before the item: its line and its mark.
const MARGIN: usize = 9;

/// Remarks in less than this are hard to read.
const COMFORTABLE: usize = 45;

const GAP: &str = "  ";

/// How wide the columns are and where the remarks stand, which is decided before the first row is written.
struct Sheet {
    line: usize,
    mark: usize,
    item: usize,
    /// Remarks have a column of their own, or stand under their item.
    beside: bool,
    /// Room for a remark.
    room: usize,
}

impl Sheet {
    fn of(analysis: &Analysis, width: Option<usize>) -> Self {
        let (widest, any) = analysis
            .forms()
            .map(|(raw, wire, ok)| item_width(raw, wire, ok))
            .fold((0, false), |(widest, _), item| (widest.max(item), true));
        let beside = width.map_or(usize::MAX, |width| width.saturating_sub(MARGIN + GAP.len() + widest));
        let is_beside = beside >= COMFORTABLE;
        let below = width.unwrap_or(usize::MAX).saturating_sub(MARGIN);
        Self {
            line: last_line(analysis).to_string().len().max(LINE.len()),
            mark: usize::from(any),
            item: widest.max(ITEM.len()),
            beside: is_beside,
            room: if is_beside { beside } else { below },
        }
    }

    fn heading(&self, out: &mut dyn Write) -> io::Result<()> {
        let remark = if self.beside { REMARK } else { "" };
        self.cells(out, LINE, "", ITEM, remark)
    }

    fn row(&self, out: &mut dyn Write, row: &Row, diagnostics: &[Diagnostic]) -> io::Result<()> {
        let remarks = diagnostics
            .iter()
            .flat_map(|diagnostic| broken(&remark(diagnostic, row), self.room));
        let mut remarks = remarks.map(|remark| visible(&remark).into_owned());
        let first = if self.beside { remarks.next() } else { None };
        let (line, item) = ((row.line + 1).to_string(), item(row));
        self.cells(out, &line, mark(row), &visible(&item), &first.unwrap_or_default())?;
        remarks.try_for_each(|remark| {
            let (item, remark) = if self.beside { ("", &*remark) } else { (&*remark, "") };
            self.cells(out, "", "", item, remark)
        })
    }

    /// One line of the sheet, which never ends in a blank.
    fn cells(&self, out: &mut dyn Write, line: &str, mark: &str, item: &str, remark: &str) -> io::Result<()> {
        let mut text = pad(line, self.line, Side::Right);
        for (cell, width) in [(mark, self.mark), (item, self.item), (remark, 0)] {
            text.push_str(GAP);
            text.push_str(cell);
            text.extend(repeat_n(' ', width.saturating_sub(width_of(cell))));
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        out.write_all(text.as_bytes())
    }
}

const LINE: &str = "Line";
const ITEM: &str = "Item";
const REMARK: &str = "Remark";

/// The number of the last line that is an item.
fn last_line(analysis: &Analysis) -> usize {
    let last = (0..analysis.len()).rev().filter_map(|line| analysis.row(line));
    last.filter(|row| row.kind().is_some())
        .map(|row| row.line + 1)
        .next()
        .unwrap_or_default()
}

/// Most texts are ASCII, and `visible` leaves nothing in them that has no width.
fn width_of(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

fn item_width(raw: &str, wire: &str, ok: bool) -> usize {
    if raw == wire || !ok {
        width_of(&visible(&secret::redacted(raw)))
    } else {
        width_of(&visible(raw)) + width_of(ARROW) + width_of(&visible(wire))
    }
}

/// The text in lines no wider than this, broken at blanks alone: a path that is wider stays whole. Later lines stand in a little.
fn broken(text: &str, width: usize) -> Vec<String> {
    if text.len() <= width {
        return vec![text.to_owned()];
    }
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let longer = lines.last().map_or(0, |line| line.width() + 1 + word.width());
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if longer <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("  {word}")),
        }
    }
    lines
}

/// What it says without colours: wrong, doubtful, left out, fine.
fn mark(row: &Row) -> &'static str {
    match row.severity() {
        Some(Severity::Error) => "✗",
        _ if !row.sent => "·",
        Some(Severity::Warning) => "!",
        Some(Severity::Info) | None => "✓",
    }
}

/// Between what was typed and what is sent.
const ARROW: &str = " → ";

fn item(row: &Row) -> String {
    if row.raw == row.wire || !row.ok {
        secret::redacted(row.raw).into_owned()
    } else {
        format!("{}{ARROW}{}", row.raw, row.wire)
    }
}

fn remark(diagnostic: &Diagnostic, row: &Row) -> String {
    // What is sent stands beside the item already.
    let offer = diagnostic
        .fix
        .as_ref()
        .filter(|fix| fix.replacement != row.wire)
        .map(offer);
    format!(
        "{}: {}{}",
        diagnostic.code,
        diagnostic.message,
        offer.unwrap_or_default()
    )
}

fn offer(fix: &Fix) -> String {
    format!(" → {} (clears {})", fix.replacement.replace('\n', ", "), fix.clears)
}

fn sum(summary: &analysis::Summary) -> String {
    let mut parts = vec![format!(
        "{}: {} to send ({}, {}, {})",
        count(summary.items, "item"),
        summary.billable,
        count(summary.exact, "path"),
        count(summary.wildcards, "wildcard"),
        count(summary.tags, "tag"),
    )];
    let more = [
        (summary.covered, "skipped"),
        (summary.errors, "may not be sent"),
        (summary.warnings, "with a warning"),
    ];
    parts.extend(
        more.iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}")),
    );
    parts.join(", ")
}

/// What `--output json` promises: a shape of its own, so that the domain's may change. Its items are made part by part.
#[derive(Serialize)]
struct Document<I> {
    items: I,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Summary>,
}

/// What a document without items has in their place.
const NO_ITEMS: &str = "[]";

/// What stands before and behind the items of a document that has nothing else.
const FRAME: (&str, &str) = ("{\n  \"items\": [\n", "\n  ]\n}\n");

fn write_document(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    let empty = json(&Document {
        items: [(); 0],
        summary: Some(analysis.summary().into()),
    })?;
    if rows(analysis, 0..analysis.len()).next().is_none() {
        return out.write_all(empty.as_bytes());
    }
    let (head, tail) = empty.split_once(NO_ITEMS).unwrap_or((&empty, ""));
    write!(out, "{head}[")?;
    let mut parts = Separated { out, begun: false };
    in_order::write(&mut parts, analysis.len(), |lines| entries(analysis, lines))?;
    write!(out, "\n  ]{tail}")
}

/// The items of some lines as they stand in a document, without what stands around them.
fn entries(analysis: &Analysis, lines: Range<usize>) -> io::Result<Vec<u8>> {
    let entries = rows(analysis, lines).map(|(row, kind)| Entry::of(row, kind, analysis));
    let document = json(&Document {
        items: Sequence(RefCell::new(entries)),
        summary: None,
    })?;
    let (before, behind) = FRAME;
    let items = document.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
    Ok(items.unwrap_or_default().into())
}

fn json(value: &impl Serialize) -> io::Result<String> {
    let mut text = Vec::new();
    output::write_json(&mut text, value)?;
    String::from_utf8(text).map_err(io::Error::other)
}

/// Puts a comma between parts that are not empty.
struct Separated<'a> {
    out: &'a mut dyn Write,
    begun: bool,
}

impl Write for Separated<'_> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.write_all(part).map(|()| part.len())
    }

    fn write_all(&mut self, part: &[u8]) -> io::Result<()> {
        if part.is_empty() {
            return Ok(());
        }
        let mark = if self.begun { ",\n" } else { "\n" };
        self.begun = true;
        self.out.write_all(mark.as_bytes())?;
        self.out.write_all(part)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Values that are made while they are written, once.
struct Sequence<I>(RefCell<I>);

impl<I: Iterator<Item: Serialize>> Serialize for Sequence<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&mut *self.0.borrow_mut())
    }
}

#[derive(Serialize)]
struct Entry<'a> {
    line: usize,
    // What a build prints is kept by others.
    raw: Cow<'a, str>,
    wire: Cow<'a, str>,
    kind: ItemKind,
    ok: bool,
    diagnostics: Vec<Said>,
    covered_by: Option<usize>,
}

#[derive(Serialize)]
struct Said {
    code: Code,
    severity: Severity,
    message: String,
    fix: Option<String>,
    fix_safe: bool,
}

#[derive(Serialize)]
struct Summary {
    items: usize,
    errors: usize,
    warnings: usize,
    billable: usize,
    wildcards: usize,
    tags: usize,
}

impl From<analysis::Summary> for Summary {
    fn from(summary: analysis::Summary) -> Self {
        Self {
            items: summary.items,
            errors: summary.errors,
            warnings: summary.warnings,
            billable: summary.billable,
            wildcards: summary.wildcards,
            tags: summary.tags,
        }
    }
}

impl<'a> Entry<'a> {
    fn of(row: Row<'a>, kind: ItemKind, analysis: &Analysis) -> Self {
        Self {
            line: row.line + 1,
            raw: secret::redacted(row.raw),
            wire: secret::redacted(row.wire),
            kind,
            ok: row.ok,
            diagnostics: analysis.explained(&row).into_iter().map(Said::from).collect(),
            covered_by: row.covered_by.map(|line| line + 1),
        }
    }
}

impl From<Diagnostic> for Said {
    fn from(diagnostic: Diagnostic) -> Self {
        let fix_safe = diagnostic.fix.as_ref().is_some_and(|fix| fix.safe);
        Self {
            code: diagnostic.code,
            severity: diagnostic.severity,
            message: diagnostic.message,
            fix: diagnostic.fix.map(|fix| fix.replacement),
            fix_safe,
        }
    }
}

#[cfg(test)]
mod tests;
