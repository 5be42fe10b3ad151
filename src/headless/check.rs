//! `check`: the composer's lint for scripts.

use std::borrow::Cow;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::table::{Side, Table};
use super::{Error, items, output};
use crate::cli::{self, Output};
use crate::domain::analysis::{self, Analysis, Row};
use crate::domain::item::ItemKind;
use crate::domain::lint::{Code, Context, Diagnostic, Fix, Severity};
use crate::domain::secret;
use crate::domain::text::{count, visible};

/// Judges the lines and prints what can be said about them: 0 when all may be sent, 2 when one may not.
pub(super) fn run(arguments: cli::Check) -> Result<u8, Error> {
    let lines = items::gather(arguments.paths, arguments.paths_from.as_deref())?;
    let analysis = Analysis::of(&lines, Context::default());
    match arguments.output {
        Output::Json => output::print_json(&Document::of(&analysis))?,
        Output::Table => output::print(&text(&analysis, output::width()))?,
    }
    Ok(if analysis.summary().errors == 0 { 0 } else { 2 })
}

/// The lines that are items: blank lines and comments are passed over.
fn rows(analysis: &Analysis) -> impl Iterator<Item = (Row<'_>, ItemKind)> {
    analysis.rows().filter_map(|row| Some((row, row.kind()?)))
}

/// Never cut: half a reason is none.
fn text(analysis: &Analysis, width: Option<usize>) -> String {
    let table = match width {
        None => beside(analysis, usize::MAX),
        Some(width) => match width.saturating_sub(MARGIN + "  ".width() + widest_item(analysis)) {
            room @ COMFORTABLE.. => beside(analysis, room),
            _ => below(analysis, width.saturating_sub(MARGIN)),
        },
    };
    let sum = broken(&sum(&analysis.summary()), width.unwrap_or(usize::MAX)).join("\n");
    format!("{}\n{sum}\n", table.render(None))
}

/// Columns before the item: its line and its mark.
const MARGIN: usize = 9;

/// Remarks in less than this are hard to read.
const COMFORTABLE: usize = 45;

const LINE: (&str, Side) = ("Line", Side::Right);
const MARK: (&str, Side) = ("", Side::Left);
const ITEM: (&str, Side) = ("Item", Side::Left);

fn widest_item(analysis: &Analysis) -> usize {
    let widths = rows(analysis).map(|(row, _)| visible(&item(&row)).width());
    widths.max().unwrap_or_default()
}

/// Remarks in a column of their own.
fn beside(analysis: &Analysis, room: usize) -> Table {
    let mut table = Table::new([LINE, MARK, ITEM, ("Remark", Side::Left)]);
    for (row, _) in rows(analysis) {
        let mut remarks = remarks(analysis, &row, room).into_iter();
        table.push([
            line(&row),
            mark(&row).to_owned(),
            item(&row),
            remarks.next().unwrap_or_default(),
        ]);
        for remark in remarks {
            table.push([String::new(), String::new(), String::new(), remark]);
        }
    }
    table
}

/// Remarks under their item.
fn below(analysis: &Analysis, room: usize) -> Table {
    let mut table = Table::new([LINE, MARK, ITEM]);
    for (row, _) in rows(analysis) {
        table.push([line(&row), mark(&row).to_owned(), item(&row)]);
        for remark in remarks(analysis, &row, room) {
            table.push([String::new(), String::new(), remark]);
        }
    }
    table
}

fn line(row: &Row) -> String {
    (row.line + 1).to_string()
}

fn remarks(analysis: &Analysis, row: &Row, room: usize) -> Vec<String> {
    let remarks = analysis.diagnostics(row.line);
    remarks
        .iter()
        .flat_map(|diagnostic| broken(&remark(diagnostic, row), room))
        .collect()
}

/// The text in lines no wider than this, broken at blanks alone: a path that is wider stays whole. Later lines stand in a little.
fn broken(text: &str, width: usize) -> Vec<String> {
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

fn item(row: &Row) -> String {
    if row.raw == row.wire || !row.ok {
        secret::redacted(row.raw).into_owned()
    } else {
        format!("{} → {}", row.raw, row.wire)
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
        (summary.covered, "left out"),
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

/// What `--output json` promises: a shape of its own, so that the domain's may change.
#[derive(Serialize)]
struct Document<'a> {
    items: Vec<Entry<'a>>,
    summary: Summary,
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

impl<'a> Document<'a> {
    fn of(analysis: &'a Analysis) -> Self {
        let summary = analysis.summary();
        Self {
            items: rows(analysis)
                .map(|(row, kind)| Entry::of(row, kind, analysis))
                .collect(),
            summary: Summary {
                items: summary.items,
                errors: summary.errors,
                warnings: summary.warnings,
                billable: summary.billable,
                wildcards: summary.wildcards,
                tags: summary.tags,
            },
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
            diagnostics: analysis.diagnostics(row.line).into_iter().map(Said::from).collect(),
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
mod tests {
    use super::*;

    #[test]
    fn on_a_terminal_remarks_are_broken_beside_the_items_or_below() {
        let analysis = Analysis::of(&["images/*.jpg", "/fine.png"], Context::default());
        let beside = "\
Line     Item          Remark
   1  ✗  images/*.jpg  inner-wildcard: * works only as the last
                         character; this line would be refused. →
                         /images/* (clears more: all below /images/)
   2  ✓  /fine.png

2 items: 1 to send (1 path, 0 wildcards, 0 tags), 1 may not be sent
";
        let below = "\
Line     Item
   1  ✗  images/*.jpg
         inner-wildcard: * works only as the last character;
           this line would be refused. → /images/* (clears
           more: all below /images/)
   2  ✓  /fine.png

2 items: 1 to send (1 path, 0 wildcards, 0 tags), 1 may not
  be sent
";
        assert_eq!(text(&analysis, Some(69)), beside);
        assert_eq!(text(&analysis, Some(60)), below);
        assert!(text(&analysis, Some(1)).contains("refused."));
    }

    #[test]
    fn nothing_is_lost_by_breaking() {
        for width in 1..40 {
            let lines = broken("a bb  /a/rather/long/path cc", width);
            assert_eq!(
                lines
                    .iter()
                    .map(|line| line.trim())
                    .collect::<Vec<_>>()
                    .join(" ")
                    .replace("  ", " "),
                "a bb /a/rather/long/path cc"
            );
        }
    }
}
