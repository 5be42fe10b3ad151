//! The text output of `check`: a table of the lines and their findings.

use std::borrow::Cow;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::{in_order, rows};
use crate::domain::analysis::{Analysis, Row, Summary};
use crate::domain::lint::{Diagnostic, Fix, Severity};
use crate::domain::secret;
use crate::domain::text::{count, visible};
use crate::headless::table::{Side, push_padded};

/// Writes the table. Text is never truncated, because half a reason is useless.
pub(super) fn write_text(out: &mut dyn Write, analysis: &Analysis, width: Option<usize>) -> io::Result<()> {
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

/// The width of the columns before the item: line number and mark.
pub(super) const MARGIN: usize = 9;

/// The minimum width at which findings are easy to read.
pub(super) const COMFORTABLE: usize = 45;

const GAP: &str = "  ";

/// The layout of the table, determined before the first row is written.
struct Sheet {
    line: usize,
    mark: usize,
    item: usize,
    /// Whether findings have their own column instead of appearing below their item.
    beside: bool,
    /// The width available for a finding.
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
        self.cells(out, (LINE, ""), (ITEM, ITEM.len()), remark)
    }

    fn row(&self, out: &mut dyn Write, row: &Row, diagnostics: &[Diagnostic]) -> io::Result<()> {
        let remarks: Vec<String> = diagnostics.iter().map(|diagnostic| remark(diagnostic, row)).collect();
        let mut remarks = remarks.iter().flat_map(|remark| broken(remark, self.room));
        let first = if self.beside { remarks.next() } else { None };
        let (line, item) = ((row.line + 1).to_string(), item(row));
        let first = visible(first.as_deref().unwrap_or_default());
        let item_width = item_width(row.raw, row.wire, row.ok);
        self.cells(out, (&line, mark(row)), (&visible(&item), item_width), &first)?;
        remarks.try_for_each(|remark| {
            let remark = visible(&remark);
            let (item, remark) = if self.beside { ("", &*remark) } else { (&*remark, "") };
            self.cells(out, ("", ""), (item, width_of(item)), remark)
        })
    }

    /// Writes one line of the table, without trailing spaces. The item's width is passed in, because it is slow to
    /// compute. Line numbers are ASCII, and every mark is one column wide.
    fn cells(
        &self,
        out: &mut dyn Write,
        (line, mark): (&str, &str),
        (item, width): (&str, usize),
        remark: &str,
    ) -> io::Result<()> {
        let mut text = String::with_capacity(self.line + self.item + remark.len() + 16);
        let mut push = |cell: &str, blanks: usize, side| {
            push_padded(&mut text, cell, blanks, side);
            text.push_str(GAP);
        };
        push(line, self.line.saturating_sub(line.len()), Side::Right);
        push(
            mark,
            self.mark.saturating_sub(usize::from(!mark.is_empty())),
            Side::Left,
        );
        push(item, self.item.saturating_sub(width), Side::Left);
        text.push_str(remark);
        text.truncate(text.trim_end().len());
        text.push('\n');
        out.write_all(text.as_bytes())
    }
}

const LINE: &str = "Line";
const ITEM: &str = "Item";
const REMARK: &str = "Remark";

/// Returns the number of the last line that is an item.
fn last_line(analysis: &Analysis) -> usize {
    let last = (0..analysis.len()).rev().filter_map(|line| analysis.row(line));
    last.filter(|row| row.kind().is_some())
        .map(|row| row.line + 1)
        .next()
        .unwrap_or_default()
}

/// Returns the display width of text. Most text is ASCII, in which `visible` leaves no zero-width characters.
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

/// Breaks text into lines of at most this width, but only at spaces, so a path that is wider stays whole. Continuation
/// lines are indented.
pub(super) fn broken(text: &str, width: usize) -> Vec<Cow<'_, str>> {
    if text.len() <= width {
        return vec![text.into()];
    }
    let mut lines: Vec<Cow<'_, str>> = vec!["".into()];
    for word in text.split(' ') {
        let longer = lines.last().map_or(0, |line| line.width() + 1 + word.width());
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.to_mut().push_str(word),
            Some(line) if longer <= width => {
                let line = line.to_mut();
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("  {word}").into()),
        }
    }
    lines
}

/// Returns the mark of a row: error, skipped, warning or fine. Marks are distinguishable without colors.
pub(super) fn mark(row: &Row) -> &'static str {
    match row.severity() {
        Some(Severity::Error) => "✗",
        _ if !row.sent => "·",
        Some(Severity::Warning) => "!",
        Some(Severity::Info) | None => "✓",
    }
}

/// The arrow between the original text and the wire form.
const ARROW: &str = " → ";

pub(super) fn item<'a>(row: &Row<'a>) -> Cow<'a, str> {
    if row.raw == row.wire || !row.ok {
        secret::redacted(row.raw)
    } else {
        [row.raw, ARROW, row.wire].concat().into()
    }
}

pub(super) fn remark(diagnostic: &Diagnostic, row: &Row) -> String {
    // The wire form is already shown next to the item.
    let fix = diagnostic.fix.as_ref().filter(|fix| fix.replacement != row.wire);
    let mut text = String::with_capacity(ROOM_FOR_A_REMARK);
    text.extend([diagnostic.code.as_str(), ": ", diagnostic.message.as_str()]);
    if let Some(fix) = fix {
        offer(&mut text, fix);
    }
    text
}

/// The initial buffer capacity, in bytes, which is enough for most findings.
const ROOM_FOR_A_REMARK: usize = 256;

fn offer(text: &mut String, fix: &Fix) {
    let mut mark = ARROW;
    for line in fix.replacement.split('\n') {
        text.extend([mark, line]);
        mark = ", ";
    }
    text.extend([" (clears ", &*fix.clears, ")"]);
}

fn sum(summary: &Summary) -> String {
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
        (summary.errors, "cannot be sent"),
        (summary.warnings, "with a warning"),
    ];
    parts.extend(
        more.iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}")),
    );
    parts.join(", ")
}
