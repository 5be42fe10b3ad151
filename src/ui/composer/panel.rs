//! The composer's panel: item counts by kind, the maximum cost, and the diagnostics of the cursor's line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::super::context::ViewContext;
use crate::app::action::Action;
use crate::app::availability::is_available;
use crate::app::layout;
use crate::app::screen::composer::Composer;
use crate::domain::lint::{Code, Diagnostic, Severity};
use crate::domain::price::at_most_words;
use crate::domain::quota;
use crate::engine::counting::free_paths;
use crate::ui::page::{inset, key};
use crate::ui::theme::mark;
use crate::ui::widget::pen::{Pen, columns_of, line_of, rule, two_sided};
use crate::ui::widget::text::{count, thousands, wrap};

/// Draws the panel: next to the text if it is narrower than the page, or else below the text.
pub(super) fn draw(look: ViewContext<'_>, composer: &Composer, buffer: &mut Buffer, area: Rect) {
    if area.width == layout::COMPOSER_PANEL {
        beside(look, composer, buffer, area);
    } else {
        below(look, composer, buffer, area);
    }
}

fn beside(look: ViewContext<'_>, composer: &Composer, buffer: &mut Buffer, area: Rect) {
    for row in 0..usize::from(area.height) {
        Pen::new(buffer, line_of(area, row)).text("│", look.theme.dim);
    }
    let inner = Rect {
        x: area.x.saturating_add(2),
        width: area.width.saturating_sub(3),
        ..area
    };
    let lines = [
        totals(look, composer),
        vec![Line::blank()],
        said(look, composer, usize::from(inner.width)),
    ]
    .concat();
    for (number, line) in lines.into_iter().take(usize::from(inner.height)).enumerate() {
        two_sided(buffer, line_of(inner, number), &line.left, &line.right);
    }
}

fn below(look: ViewContext<'_>, composer: &Composer, buffer: &mut Buffer, area: Rect) {
    rule(buffer, inset(line_of(area, 0)), look.theme.dim);
    let (summary, inner) = (sums(look, composer), inset(line_of(area, 1)));
    two_sided(buffer, inner, &summary.left, &summary.right);
    let room = usize::from(area.width.saturating_sub(2));
    let lines = said(look, composer, room);
    let rows = usize::from(area.height).saturating_sub(2);
    for (number, line) in lines.into_iter().skip(1).take(rows).enumerate() {
        Pen::new(buffer, columns_of(inset(line_of(area, number + 2)), 0, room)).spans(&line.left);
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

/// Returns the line with the number of items to send and their maximum cost.
fn sums(look: ViewContext<'_>, composer: &Composer) -> Line {
    let billable = composer.analysis.summary().billable * composer.targets.len();
    let price = Span::styled(at_most_words(billable), look.theme.strong);
    Line {
        left: vec![Span::styled(count(billable, "item"), look.theme.strong)],
        right: vec![price],
    }
}

fn totals(look: ViewContext<'_>, composer: &Composer) -> Vec<Line> {
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
    let mut lines = vec![sums(look, composer)];
    if !kinds.is_empty() {
        lines.push(Line::of(kinds.join("  "), look.theme.text));
    }
    lines.push(Line::of(free_paths(&look.model.engine), look.theme.dim));
    if summary.covered > 0 {
        lines.push(Line::of(
            format!("{} skipped (already covered)", thousands(summary.covered as u64)),
            look.theme.dim,
        ));
    }
    if summary.errors > 0 {
        let words = format!("{} {} cannot be sent", mark::WRONG, count(summary.errors, "line"));
        lines.push(Line::of(words, look.theme.wrong));
    }
    for hint in quota::hints(summary.exact + summary.tags, summary.wildcards) {
        lines.extend(
            wrap(&hint, usize::from(layout::COMPOSER_PANEL) - 3)
                .into_iter()
                .map(|line| Line::of(line, look.theme.dim)),
        );
    }
    lines
}

/// Returns the diagnostics of the cursor's line and the suggested fix.
fn said(look: ViewContext<'_>, composer: &Composer, room: usize) -> Vec<Line> {
    let line = composer.editor.cursor().line;
    let diagnostics = composer.analysis.diagnostics(line);
    let origin = composer.origins.get(composer.editor.line(line));
    if diagnostics.is_empty() && origin.is_none() {
        return Vec::new();
    }
    let number = format!("line {}", thousands(line as u64 + 1));
    let from = origin.map_or_else(String::new, |origin| format!(", from {origin}"));
    let place = wrap(&format!("{number}{from}"), room);
    let mut lines: Vec<Line> = place.into_iter().map(|line| Line::of(line, look.theme.dim)).collect();
    for diagnostic in &diagnostics {
        lines.extend(sentence(look, diagnostic, room));
    }
    if let Some((fix, diagnostic)) = diagnostics.iter().find_map(|d| d.fix.as_ref().map(|fix| (fix, d))) {
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
    if let Some(owner) = composer.analysis.owner(line) {
        lines.push(step(look, Action::SwitchTarget, "switch to", owner));
    }
    if let Some(twin) = twin(look, composer, &diagnostics) {
        lines.push(step(look, Action::AddTwin, "add", twin));
    }
    lines
}

/// Returns the staging distribution, if the line has the remark about it and a key adds it as a target.
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
