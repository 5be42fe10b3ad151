//! `check`: the composer's lint for scripts.

mod sheet;

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;

use super::error::Error;
use super::{in_order, items, output};
use crate::cli::{self, Output};
use crate::domain::analysis::{self, Analysis, Row};
use crate::domain::import;
use crate::domain::item::ItemKind;
use crate::domain::lint::{Code, Context, Diagnostic, Severity};
use crate::domain::secret;
use crate::domain::text::visible;

/// Checks the lines and prints the findings. Returns 0 if all lines can be sent, and 2 otherwise.
///
/// All lines are read before anything is printed, because a later line may cover the first one. The output is generated
/// and written piece by piece, so it is never in memory as a whole.
pub(super) fn run(arguments: &cli::Check) -> Result<u8, Error> {
    let analysis = analysis(arguments)?;
    output::stream(|out| match arguments.output {
        Output::Json => write_document(out, &analysis),
        Output::Jsonl => write_lines(out, &analysis),
        Output::Table => sheet::write_text(out, &analysis, output::width()),
        Output::Text => write_cells(out, &analysis),
    })?;
    Ok(if analysis.summary().errors == 0 { 0 } else { 2 })
}

/// Analyzes the list. The analysis owns a copy of the text.
fn analysis(arguments: &cli::Check) -> Result<Analysis, Error> {
    let text = arguments.paths_from.as_deref().map(items::read).transpose()?;
    let typed = arguments.paths.iter().map(String::as_str);
    let lines: Vec<&str> = typed.chain(text.iter().flat_map(|text| import::split(text))).collect();
    Ok(Analysis::of(&lines, Context::default()))
}

/// Returns the lines that are items, without blank lines and comments.
fn rows(analysis: &Analysis, lines: Range<usize>) -> impl Iterator<Item = (Row<'_>, ItemKind)> {
    let rows = lines.filter_map(|line| analysis.row(line));
    rows.filter_map(|row| Some((row, row.kind()?)))
}

/// Writes one JSON object per line, without the summary.
fn write_lines(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    in_order::write(out, analysis.len(), |lines| {
        let mut part = Vec::new();
        for (row, kind) in rows(analysis, lines) {
            writeln!(part, "{}", output::json_line(&Entry::of(row, kind, analysis))?)?;
        }
        Ok(part)
    })
}

/// Writes line number, `ok` or `error`, wire form and codes, separated by tabs.
fn write_cells(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    rows(analysis, 0..analysis.len()).try_for_each(|(row, _)| {
        let codes: Vec<String> = row.codes.iter().map(|code| code.to_string()).collect();
        let word = if row.ok { "ok" } else { "error" };
        let shown = secret::redacted(if row.ok { row.wire } else { row.raw });
        let wire = visible(&shown);
        writeln!(out, "{}\t{word}\t{wire}\t{}", row.line + 1, codes.join(" "))
    })
}

/// The `--output json` document, kept separate from the domain's types so that those types can change. Its items are
/// generated piece by piece.
#[derive(Serialize)]
struct Document<I> {
    items: I,
    summary: Summary,
}

/// The items of an empty document.
const NO_ITEMS: &str = "[]";

fn write_document(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    let empty = output::json(&Document {
        items: [(); 0],
        summary: analysis.summary().into(),
    })?;
    let Some((first, _)) = rows(analysis, 0..analysis.len()).next() else {
        return out.write_all(empty.as_bytes());
    };
    let (head, tail) = empty.split_once(NO_ITEMS).unwrap_or((&empty, ""));
    write!(out, "{head}[")?;
    in_order::write(out, analysis.len(), |lines| entries(analysis, lines, first.line))?;
    write!(out, "\n  ]{tail}")
}

/// Formats the items on these lines as elements of the document's array. A comma precedes every item but the one on
/// line `first`.
fn entries(analysis: &Analysis, lines: Range<usize>, first: usize) -> io::Result<Vec<u8>> {
    let mut part = Vec::new();
    for (row, kind) in rows(analysis, lines) {
        let mut mark = if row.line == first { "" } else { "," };
        for line in output::json(&Entry::of(row, kind, analysis))?.lines() {
            writeln!(part, "{mark}")?;
            write!(part, "    {line}")?;
            mark = "";
        }
    }
    Ok(part)
}

#[derive(Serialize)]
struct Entry<'a> {
    line: usize,
    // Other systems store build output, so credentials are removed.
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
