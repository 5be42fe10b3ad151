//! The composer's notes on a line: beside it if there is room, otherwise below it. A suggestion has its own row, with
//! the key that applies it.

use ratatui::style::Style;
use ratatui::text::Span;

use super::super::context::ViewContext;
use crate::app::action::Action;
use crate::app::screen::composer::Composer;
use crate::domain::analysis::Row;
use crate::domain::lint::{Code, Diagnostic, Fix, Severity};
use crate::ui::page::key;
use crate::ui::widget::text::{chunks, width, wrap};

/// The minimum number of columns for notes below a line. If the text is narrower, the panel shows the notes.
const FEWEST: usize = 24;
/// The number of columns between a line and the note beside it.
const GAP: usize = 2;
/// The indentation of a note below a line, in columns.
const INDENT: usize = 2;

/// The notes on a line.
#[derive(Default)]
pub(super) struct Notes {
    /// The column, the text and the style of the note beside the line.
    pub beside: Option<(usize, String, Style)>,
    /// The rows below the line.
    pub below: Vec<Vec<Span<'static>>>,
}

/// Returns the notes on a row that takes `used` of `room` columns.
pub(super) fn of(look: ViewContext<'_>, composer: &Composer, row: &Row<'_>, (used, room): (usize, usize)) -> Notes {
    let mut notes = Notes::default();
    let diagnostics = composer.analysis.explained(row);
    let column = (used + GAP).max(room / 2);
    for (text, style) in said(look, row, &diagnostics) {
        let is_first = notes.beside.is_none() && notes.below.is_empty();
        if is_first && column + width(&text) <= room {
            notes.beside = Some((column, text, style));
        } else if room >= FEWEST {
            let lines = wrap(&text, room - INDENT).into_iter();
            notes.below.extend(lines.map(|line| vec![Span::styled(line, style)]));
        }
    }
    if let Some(fix) = offered(row, &diagnostics).filter(|_| room >= FEWEST) {
        notes
            .below
            .extend(suggestion(look, composer, (row.line, fix), room - INDENT));
    }
    for (number, line) in notes.below.iter_mut().enumerate() {
        let mark = if number == 0 { "└ " } else { "  " };
        line.insert(0, Span::styled(mark, look.theme.dim));
    }
    notes
}

/// Returns whether a diagnostic is shown in the text itself, so that the panel does not repeat it.
pub(super) fn is_said(row: &Row<'_>, diagnostic: &Diagnostic, room: usize) -> bool {
    room >= FEWEST && is_problem(row, diagnostic)
}

/// Returns whether the suggestion for a row is shown below it.
pub(super) fn has_suggestion(row: &Row<'_>, diagnostics: &[Diagnostic], room: usize) -> bool {
    room >= FEWEST && offered(row, diagnostics).is_some()
}

/// Returns whether a diagnostic has to be shown. If sending applies its safe fix anyway, the result is shown instead.
fn is_problem(row: &Row<'_>, diagnostic: &Diagnostic) -> bool {
    let is_shown = row.ok && is_changed(row) && diagnostic.fix.as_ref().is_some_and(|fix| fix.safe);
    diagnostic.severity >= Severity::Warning && !is_shown
}

/// Returns whether the item to send differs from what was typed.
fn is_changed(row: &Row<'_>) -> bool {
    row.wire != row.raw.trim()
}

/// Returns the notes on a line, with their styles: what covers it, what is sent instead, or what is wrong with it.
fn said(look: ViewContext<'_>, row: &Row<'_>, diagnostics: &[Diagnostic]) -> Vec<(String, Style)> {
    let theme = look.theme;
    if let Some(by) = row.covered_by {
        let kept = if row.kept { "kept; " } else { "" };
        let is_same = row.codes.contains(Code::Duplicate);
        let same = if is_same { "the same as" } else { "covered by" };
        return vec![(format!("{kept}{same} {}", by + 1), theme.dim)];
    }
    let is_sent_otherwise = row.ok && row.severity() == Some(Severity::Warning) && is_changed(row);
    let sent = is_sent_otherwise.then(|| (format!("→ {}", row.wire), theme.dim));
    let problems = diagnostics.iter().filter(|said| is_problem(row, said)).map(|said| {
        let is_error = said.severity == Severity::Error;
        (said.message.clone(), if is_error { theme.wrong } else { theme.dim })
    });
    sent.into_iter().chain(problems).collect()
}

/// Returns the suggestion for a line with a problem. A safe fix that sending applies anyway is not suggested.
fn offered<'a>(row: &Row<'_>, diagnostics: &'a [Diagnostic]) -> Option<&'a Fix> {
    let is_problem = row.covered_by.is_none() && row.severity() >= Some(Severity::Warning);
    let fix = diagnostics.iter().find_map(|said| said.fix.as_ref());
    fix.filter(|fix| is_problem && !(row.ok && fix.safe && is_changed(row)))
}

/// Returns the rows of a suggestion: the key, the text that replaces the line, and what that clears.
fn suggestion(
    look: ViewContext<'_>,
    composer: &Composer,
    (line, fix): (usize, &Fix),
    room: usize,
) -> Vec<Vec<Span<'static>>> {
    let theme = look.theme;
    let is_here = composer.editor.cursor().line == line;
    let (action, style) = if is_here {
        (composer.takes_suggestion(), theme.accent)
    } else {
        (Action::Complete, theme.dim)
    };
    let key = key(look, action);
    let indent = width(&key) + GAP;
    let inside = room.saturating_sub(indent);
    let text = fix.replacement.replace('\n', "  ");
    let clears = if fix.safe {
        String::new()
    } else {
        format!("clears {}", fix.clears)
    };
    let mut rows: Vec<_> = chunks(&text, inside)
        .into_iter()
        .map(|line| vec![Span::raw(" ".repeat(indent)), Span::styled(line, theme.text)])
        .collect();
    if let Some(start) = rows.first_mut().and_then(|row| row.first_mut()) {
        *start = Span::styled(format!("{key}{}", " ".repeat(GAP)), style);
    }
    match rows.as_mut_slice() {
        [only] if width(&text) + GAP + width(&clears) <= inside => {
            only.push(Span::styled(format!("{}{clears}", " ".repeat(GAP)), theme.dim));
        }
        _ => rows.extend(
            wrap(&clears, inside)
                .into_iter()
                .filter(|line| !line.is_empty())
                .map(|line| vec![Span::raw(" ".repeat(indent)), Span::styled(line, theme.dim)]),
        ),
    }
    rows
}
