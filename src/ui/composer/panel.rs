//! The composer's panel: item counts by kind, the maximum cost, and the diagnostics of the cursor's line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::super::context::ViewContext;
use super::notes::{has_suggestion, is_said};
use crate::app::action::Action;
use crate::app::availability::is_available;
use crate::app::layout;
use crate::app::screen::composer::Composer;
use crate::domain::lint::{Code, Diagnostic, Severity};
use crate::domain::quota;
use crate::engine::counting::{Price, price};
use crate::ui::page::{inset, key};
use crate::ui::theme::mark;
use crate::ui::widget::pen::{Pen, line_of, rule, spans_width, two_sided};
use crate::ui::widget::text::{count, thousands, wrap};

/// Draws the panel: beside the text if the panel is narrower than the page, otherwise below the text. `text` is the
/// width of the text in columns; if it is wide enough, the text itself shows the problems.
pub(super) fn draw(look: ViewContext<'_>, composer: &Composer, buffer: &mut Buffer, (area, text): (Rect, usize)) {
    if area.width == layout::COMPOSER_PANEL {
        beside(look, composer, buffer, (area, text));
    } else {
        below(look, composer, buffer, (area, text));
    }
}

fn beside(look: ViewContext<'_>, composer: &Composer, buffer: &mut Buffer, (area, text): (Rect, usize)) {
    for row in 0..usize::from(area.height) {
        Pen::new(buffer, line_of(area, row)).text("│", look.theme.dim);
    }
    let inner = Rect {
        x: area.x.saturating_add(2),
        width: area.width.saturating_sub(3),
        ..area
    };
    let room = usize::from(inner.width);
    let lines = [
        totals(look, composer, room),
        vec![Line::blank()],
        said(look, composer, (room, text)),
    ]
    .concat();
    for (number, line) in that_fit(lines, usize::from(inner.height)).iter().enumerate() {
        two_sided(buffer, line_of(inner, number), &line.left, &line.right);
    }
}

/// Returns as many lines as fit. If some are dropped, the last visible one ends with an ellipsis, so that a truncated
/// sentence does not look complete.
fn that_fit(mut lines: Vec<Line>, rows: usize) -> Vec<Line> {
    let is_cut = lines.len() > rows;
    lines.truncate(rows);
    if let Some(last) = lines.last_mut().filter(|_| is_cut) {
        last.left.push(Span::raw(" …"));
    }
    lines
}

fn below(look: ViewContext<'_>, composer: &Composer, buffer: &mut Buffer, (area, text): (Rect, usize)) {
    rule(buffer, inset(line_of(area, 0)), look.theme.dim);
    let room = usize::from(area.width.saturating_sub(2));
    let price = price(&look.model.engine, billable(composer));
    let first = Line {
        left: [amount(look, composer).left, problems(look, composer, "  ")].concat(),
        right: cost(look, composer, &price),
    };
    let second = Line {
        left: kinds(look, composer),
        right: vec![Span::styled(price.free, look.theme.dim)],
    };
    let said = said(look, composer, (room, text));
    // Below the text, the panel does not need the number of the cursor's line.
    let lines = [first, second].into_iter().chain(said.into_iter().skip(1));
    let lines = that_fit(lines.collect(), usize::from(area.height).saturating_sub(1));
    for (number, line) in lines.iter().enumerate() {
        two_sided(buffer, inset(line_of(area, number + 1)), &line.left, &line.right);
    }
}

/// A line of the panel.
#[derive(Clone, Default)]
struct Line {
    left: Vec<Span<'static>>,
    right: Vec<Span<'static>>,
}

impl Line {
    fn blank() -> Self {
        Self::default()
    }

    fn of(text: impl Into<String>, style: Style) -> Self {
        Self {
            left: vec![Span::styled(text.into(), style)],
            right: Vec::new(),
        }
    }
}

fn billable(composer: &Composer) -> usize {
    composer.analysis.summary().billable * composer.targets.len()
}

/// Returns the line with the number of items to send.
fn amount(look: ViewContext<'_>, composer: &Composer) -> Line {
    Line::of(count(billable(composer), "item"), look.theme.strong)
}

/// Returns the price of the list, or nothing while the list is empty.
fn cost(look: ViewContext<'_>, composer: &Composer, price: &Price) -> Vec<Span<'static>> {
    let is_any = billable(composer) > 0;
    let words = is_any.then(|| Span::styled(price.words.clone(), look.theme.strong));
    words.into_iter().collect()
}

/// Returns the number of items of each kind.
fn kinds(look: ViewContext<'_>, composer: &Composer) -> Vec<Span<'static>> {
    let summary = composer.analysis.summary();
    let kinds = [
        (summary.exact, "path"),
        (summary.wildcards, "wildcard"),
        (summary.tags, "tag"),
    ];
    let kinds: Vec<_> = kinds
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| count(number, noun))
        .collect();
    vec![Span::styled(kinds.join("  "), look.theme.text)]
}

/// Returns the number of lines that cannot be sent, preceded by `gap`.
fn problems(look: ViewContext<'_>, composer: &Composer, gap: &str) -> Vec<Span<'static>> {
    let errors = composer.analysis.summary().errors;
    let words = format!("{gap}{} {} cannot be sent", mark::WRONG, count(errors, "line"));
    let is_any = (errors > 0).then_some(words);
    is_any
        .map(|words| Span::styled(words, look.theme.wrong))
        .into_iter()
        .collect()
}

fn totals(look: ViewContext<'_>, composer: &Composer, room: usize) -> Vec<Line> {
    let summary = composer.analysis.summary();
    let price = price(&look.model.engine, billable(composer));
    let (mut first, words) = (amount(look, composer), cost(look, composer, &price));
    let fits = spans_width(&first.left) + 2 + spans_width(&words) <= room;
    let mut lines = Vec::new();
    if fits {
        first.right = words;
        lines.push(first);
    } else {
        let second = Line {
            left: words,
            right: Vec::new(),
        };
        lines.extend([first, second]);
    }
    if summary.billable > 0 {
        lines.push(Line {
            left: kinds(look, composer),
            right: Vec::new(),
        });
    }
    lines.push(Line::of(price.free, look.theme.dim));
    if summary.covered > 0 {
        lines.push(Line::of(
            format!("{} skipped (already covered)", thousands(summary.covered as u64)),
            look.theme.dim,
        ));
    }
    if summary.errors > 0 {
        lines.push(Line {
            left: problems(look, composer, ""),
            right: Vec::new(),
        });
    }
    for hint in quota::hints(summary.exact + summary.tags, summary.wildcards) {
        let hint = wrap(&hint, room).into_iter();
        lines.extend(hint.map(|line| Line::of(line, look.theme.dim)));
    }
    lines
}

/// Returns the diagnostics and the suggested fix for the cursor's line, except those that the text itself shows because
/// its `text` columns are wide enough.
fn said(look: ViewContext<'_>, composer: &Composer, (room, text): (usize, usize)) -> Vec<Line> {
    let line = composer.editor.cursor().line;
    let Some(row) = composer.analysis.row(line) else {
        return Vec::new();
    };
    let diagnostics = composer.analysis.explained(&row);
    let origin = composer.origins.get(composer.editor.line(line));
    let rest: Vec<_> = diagnostics
        .iter()
        .filter(|diagnostic| !is_said(&row, diagnostic, text))
        .collect();
    let fix = diagnostics.iter().find_map(|d| d.fix.as_ref().map(|fix| (fix, d)));
    let fix = fix.filter(|_| !has_suggestion(&row, &diagnostics, text));
    let (owner, twin) = (composer.analysis.owner(line), twin(look, composer, &diagnostics));
    if rest.is_empty() && fix.is_none() && origin.is_none() && owner.is_none() && twin.is_none() {
        return Vec::new();
    }
    let number = format!("line {}", thousands(line as u64 + 1));
    let from = origin.map_or_else(String::new, |origin| format!(", from {origin}"));
    let place = wrap(&format!("{number}{from}"), room);
    let mut lines: Vec<Line> = place.into_iter().map(|line| Line::of(line, look.theme.dim)).collect();
    for diagnostic in rest {
        lines.extend(sentence(look, diagnostic, room));
    }
    if let Some((fix, diagnostic)) = fix {
        let (word, action) = if fix.safe {
            ("safe fix", Action::FixSafe)
        } else {
            ("suggestion", composer.takes_suggestion())
        };
        lines.push(step(look, action, word, &fix.replacement.replace('\n', "  ")));
        if !fix.safe && diagnostic.severity > Severity::Info {
            let clears = wrap(&format!("clears {}", fix.clears), room.saturating_sub(4));
            lines.extend(
                clears
                    .into_iter()
                    .map(|line| Line::of(format!("    {line}"), look.theme.dim)),
            );
        }
    }
    if let Some(owner) = owner {
        lines.push(step(look, Action::SwitchTarget, "switch to", owner));
    }
    if let Some(twin) = twin {
        lines.push(step(look, Action::AddTwin, "add", twin));
    }
    lines
}

/// Returns the staging distribution, if a diagnostic of the line mentions it and a key can add it as a target.
fn twin<'a>(look: ViewContext<'_>, composer: &'a Composer, diagnostics: &[Diagnostic]) -> Option<&'a str> {
    let told = diagnostics.iter().any(|said| said.code == Code::StagingTwin);
    let known = told && is_available(look.model, Action::AddTwin).is_ok();
    composer.analysis.context().staging_twin.as_deref().filter(|_| known)
}

/// Returns a line with a key and its action. The key comes first, so that a narrow panel truncates the text rather
/// than the key.
fn step(look: ViewContext<'_>, action: Action, word: &str, text: &str) -> Line {
    Line {
        left: vec![
            Span::styled(format!("  {}", key(look, action)), look.theme.accent),
            Span::styled(format!(" {word}  "), look.theme.dim),
            Span::styled(text.to_owned(), look.theme.text),
        ],
        right: Vec::new(),
    }
}

fn sentence(look: ViewContext<'_>, diagnostic: &Diagnostic, room: usize) -> Vec<Line> {
    let (sign, style) = match diagnostic.severity {
        Severity::Error => (mark::WRONG, look.theme.wrong),
        Severity::Warning => (mark::WARNING, look.theme.under_way),
        Severity::Info => (mark::QUIET, look.theme.dim),
    };
    let text = if diagnostic.severity == Severity::Info {
        look.theme.dim
    } else {
        look.theme.text
    };
    let wrapped = wrap(&diagnostic.message, room.saturating_sub(2).max(8));
    let first = |number: usize| if number == 0 { sign } else { " " };
    let line = |(number, words): (usize, String)| Line {
        left: vec![
            Span::styled(format!("{} ", first(number)), style),
            Span::styled(words, text),
        ],
        right: Vec::new(),
    };
    wrapped.into_iter().enumerate().map(line).collect()
}
