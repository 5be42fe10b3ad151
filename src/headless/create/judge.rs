//! The composer's rules for a list that nobody edits: judged once, fixed where that was asked for, refused as a whole where
//! one line cannot be sent.

use serde::Serialize;

use super::lines::{Line, Place};
use crate::cli;
use crate::domain::analysis::Analysis;
use crate::domain::lint::{Code, Context, Severity};

/// A line that cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct RefusedLine {
    #[serde(flatten)]
    pub(super) place: Place,
    pub(super) raw: String,
    pub(super) code: Code,
    pub(super) message: String,
    /// What would be right.
    pub(super) suggestion: Option<String>,
}

/// What is sent of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Judged {
    /// In wire form and in order.
    pub(super) items: Vec<String>,
    /// How many are left out, since another one clears them.
    pub(super) covered: usize,
    /// What is doubtful.
    pub(super) warnings: Vec<Doubt>,
}

/// What is doubtful about an item that may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Doubt {
    /// The diagnostic.
    pub(super) code: Code,
    /// Where it stands and what it is.
    pub(super) sentence: String,
}

/// Judges the lines for targets of which this is known.
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
    })
}

fn analysis(lines: &[Line], context: Context) -> Analysis {
    let raw: Vec<&str> = lines.iter().map(|line| line.raw.as_str()).collect();
    Analysis::of(&raw, context)
}

/// Applies what clears the same. A fix may make several lines of one; each stands where that one stood.
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
                raw: row.raw.to_owned(),
                code: said.code,
                message: said.message,
                suggestion: said.fix.map(|fix| fix.replacement),
            })
        })
        .collect()
}

fn warnings(analysis: &Analysis, lines: &[Line]) -> Vec<Doubt> {
    let doubtful = analysis
        .rows()
        .filter(|row| row.sent && row.severity() == Some(Severity::Warning));
    doubtful
        .filter_map(|row| {
            let said = analysis.explained(&row).into_iter().next()?;
            let place = lines.get(row.line)?.place.words();
            Some(Doubt {
                code: said.code,
                sentence: format!("{place}: {}", said.message),
            })
        })
        .collect()
}
