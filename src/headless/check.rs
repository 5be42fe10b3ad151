//! `check`: the composer's lint for scripts.

use serde::Serialize;

use super::table::{Side, Table};
use super::{Error, items, output};
use crate::cli::{self, Output};
use crate::domain::analysis::{self, Analysis, Row};
use crate::domain::item::ItemKind;
use crate::domain::lint::{Code, Context, Diagnostic, Fix, Severity};

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

fn text(analysis: &Analysis, width: Option<usize>) -> String {
    let mut table = Table::new([
        ("Line", Side::Right),
        ("", Side::Left),
        ("Item", Side::Left),
        ("Remark", Side::Left),
    ]);
    for (row, _) in rows(analysis) {
        let line = (row.line + 1).to_string();
        let mut remarks = analysis.diagnostics(row.line).into_iter().map(|diagnostic| remark(&diagnostic, &row));
        table.push([line, mark(&row).to_owned(), item(&row), remarks.next().unwrap_or_default()]);
        for remark in remarks {
            table.push([String::new(), String::new(), String::new(), remark]);
        }
    }
    format!("{}\n{}\n", table.render(width), sum(&analysis.summary()))
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
    if row.raw == row.wire || !row.ok { row.raw.to_owned() } else { format!("{} → {}", row.raw, row.wire) }
}

fn remark(diagnostic: &Diagnostic, row: &Row) -> String {
    // What is sent stands beside the item already.
    let offer = diagnostic.fix.as_ref().filter(|fix| fix.replacement != row.wire).map(offer);
    format!("{}: {}{}", diagnostic.code, diagnostic.message, offer.unwrap_or_default())
}

fn offer(fix: &Fix) -> String {
    format!(" → {} (clears {})", fix.replacement.replace('\n', ", "), fix.clears)
}

fn sum(summary: &analysis::Summary) -> String {
    let mut parts = vec![format!(
        "{}: {} to send ({}, {}, {})",
        counted(summary.items, "item"),
        summary.billable,
        counted(summary.exact, "path"),
        counted(summary.wildcards, "wildcard"),
        counted(summary.tags, "tag"),
    )];
    let more = [
        (summary.covered, "left out"),
        (summary.errors, "may not be sent"),
        (summary.warnings, "with a warning"),
    ];
    parts.extend(more.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    parts.join(", ")
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
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
    raw: &'a str,
    wire: &'a str,
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
            items: rows(analysis).map(|(row, kind)| Entry::of(row, kind, analysis)).collect(),
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
            raw: row.raw,
            wire: row.wire,
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
