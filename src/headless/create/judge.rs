//! Applies the composer's rules to a list without an editor: the list is checked once, fixed if requested, and refused
//! as a whole if any line cannot be sent.

use serde::Serialize;

use super::lines::{Line, Place};
use crate::cli;
use crate::domain::analysis::Analysis;
use crate::domain::lint::{self, Code, Context, Diagnostic, Severity};
use crate::domain::secret;

/// A line that cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct RefusedLine {
    #[serde(flatten)]
    pub(super) place: Place,
    pub(super) raw: String,
    pub(super) code: Code,
    pub(super) message: String,
    /// The suggested correction.
    pub(super) suggestion: Option<String>,
}

/// The part of a list that will be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Judged {
    /// The items in wire form, in order.
    pub(super) items: Vec<String>,
    /// The number of items skipped because another one clears them.
    pub(super) covered: usize,
    /// The warnings.
    pub(super) warnings: Vec<Doubt>,
    /// The remarks on how the targets serve the items, without duplicates.
    pub(super) remarks: Vec<Doubt>,
}

/// A warning about an item that may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Doubt {
    /// The diagnostic's code.
    pub(super) code: Code,
    /// The position and the message.
    pub(super) sentence: String,
}

/// Checks the lines with the given lint context.
pub(super) fn judge(lines: &[Line], context: Context, arguments: &cli::Create) -> Result<Judged, Vec<RefusedLine>> {
    let mut lines = lines.to_vec();
    let mut analysis = analysis(&lines, context);
    if arguments.fix {
        fix(&mut analysis, &mut lines);
    }
    if analysis.summary().errors > 0 {
        return Err(refused(&analysis, &lines));
    }
    if arguments.keep_covered {
        let covered: Vec<usize> = analysis
            .rows()
            .filter(|row| row.ok && !row.sent)
            .map(|row| row.line)
            .collect();
        for line in covered {
            analysis.keep(line, true);
        }
    }
    Ok(Judged {
        items: analysis.sent().map(|(_, wire)| wire.to_owned()).collect(),
        covered: analysis.summary().covered,
        warnings: warnings(&analysis, &lines),
        remarks: remarks(&analysis, &lines),
    })
}

fn analysis(lines: &[Line], context: Context) -> Analysis {
    let raw: Vec<&str> = lines.iter().map(|line| line.raw.as_str()).collect();
    Analysis::of(&raw, context)
}

/// Applies safe fixes. A fix may turn one line into several, all of which keep that line's place.
fn fix(analysis: &mut Analysis, lines: &mut Vec<Line>) {
    for (at, text) in analysis.safe_fixes().into_iter().rev() {
        let fresh: Vec<&str> = text.split('\n').collect();
        analysis.splice(at..at + 1, &fresh);
        let place = lines.get(at).map(|line| line.place.clone()).unwrap_or_default();
        let fresh = fresh.iter().map(|raw| Line {
            raw: (*raw).to_owned(),
            place: place.clone(),
        });
        lines.splice(at..=at, fresh);
    }
}

fn refused(analysis: &Analysis, lines: &[Line]) -> Vec<RefusedLine> {
    let wrong = analysis.rows().filter(|row| row.severity() == Some(Severity::Error));
    wrong
        .filter_map(|row| {
            let said = analysis
                .explained(&row)
                .into_iter()
                .find(|said| said.severity == Severity::Error)?;
            Some(RefusedLine {
                place: lines.get(row.line)?.place.clone(),
                raw: secret::redacted(row.raw).into_owned(),
                code: said.code,
                message: said.message,
                suggestion: said.fix.map(|fix| fix.replacement),
            })
        })
        .collect()
}

fn remarks(analysis: &Analysis, lines: &[Line]) -> Vec<Doubt> {
    let remarks = analysis.rows().filter(|row| row.sent).flat_map(|row| {
        let said = analysis
            .explained(&row)
            .into_iter()
            .filter(|said| lint::ONCE.contains(said.code));
        said.map(move |said| (row.line, said))
    });
    remarks.filter_map(|(line, said)| doubt(lines, line, &said)).collect()
}

fn doubt(lines: &[Line], line: usize, said: &Diagnostic) -> Option<Doubt> {
    let place = lines.get(line)?.place.words();
    Some(Doubt {
        code: said.code,
        sentence: format!("{place}: {}", said.message),
    })
}

fn warnings(analysis: &Analysis, lines: &[Line]) -> Vec<Doubt> {
    let doubtful = analysis
        .rows()
        .filter(|row| row.sent && row.severity() == Some(Severity::Warning));
    doubtful
        .filter_map(|row| doubt(lines, row.line, analysis.explained(&row).first()?))
        .collect()
}
