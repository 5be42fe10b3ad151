//! The import preview: the price before and after, what was skipped and why, and the lines with their origins.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::super::super::context::ViewContext;
use super::super::super::memory::Scroller;
use super::super::super::theme::mark;
use super::super::super::widget::pen::{Pen, line_of, rows_from, two_sided};
use super::super::super::widget::text::{count, fit, thousands, wrap};
use super::super::kit::{columns, open};
use crate::app::action::Action;
use crate::app::overlay::import::preview::Preview;
use crate::domain::import::{At, Row};
use crate::domain::price::at_most_words;
use crate::ui::page::key;

/// The preferred width, in columns.
const WIDTH: usize = 92;
/// The preferred number of lines of the list.
const ROWS: usize = 12;
/// The maximum number of reasons for skipping that are listed individually.
const NAMED: usize = 6;

/// The left and right sides of a line above the list.
type Line = (Vec<Span<'static>>, Vec<Span<'static>>);

/// Draws the preview.
pub(super) fn draw(
    look: ViewContext<'_>,
    preview: &Preview,
    mut scroller: Scroller<'_>,
    buffer: &mut Buffer,
    room: Rect,
) {
    let columns = columns(WIDTH, room);
    let above = above(look, preview, columns);
    let rows = above.len() + preview.rows.len().min(ROWS);
    let title = format!("Import: {}", preview.import.source);
    let opened = open(look, buffer, room, &fit(&title, columns), (columns, rows));
    let body = opened.body;
    for (number, (left, right)) in above.iter().enumerate() {
        two_sided(buffer, line_of(body, number), left, right);
    }
    let list = rows_from(body, above.len());
    let seen = opened.scroll(look, buffer, &mut scroller, (above.len(), preview.rows.len()));
    for (number, row) in preview.rows.get(seen).unwrap_or_default().iter().enumerate() {
        draw_row(look, preview, row, buffer, line_of(list, number));
    }
}

fn above(look: ViewContext<'_>, preview: &Preview, columns: usize) -> Vec<Line> {
    let mut lines = amounts(look, preview);
    lines.extend(problems(look, preview));
    lines.extend(left_out(look, preview, columns));
    lines.push((Vec::new(), Vec::new()));
    let (folders, endings) = (preview.variants.folders, preview.variants.endings);
    lines.push(variant(
        look,
        Action::ToggleFolders,
        folders,
        "also  /x/  /x  /x/index.html",
    ));
    lines.push(variant(look, Action::ToggleEndings, endings, "also  /x.html  /x"));
    lines.push((Vec::new(), Vec::new()));
    lines
}

/// Returns the number of lines, and the price before and after.
fn amounts(look: ViewContext<'_>, preview: &Preview) -> Vec<Line> {
    let theme = look.theme;
    let added = match preview.added() {
        0 => String::new(),
        added => format!(", {} of them variants", thousands(added as u64)),
    };
    let taken = format!("{}{added}", count(preview.rows.len(), "line"));
    let billable = |items: usize| items * preview.targets;
    let (before, after) = (billable(preview.before.billable), billable(preview.after.billable));
    let before = format!("{}, {}", count(before, "item"), at_most_words(before));
    let after = format!("{}, {}", count(after, "item"), at_most_words(after));
    vec![
        (vec![Span::styled(taken, theme.strong)], Vec::new()),
        (
            vec![
                Span::styled(before, theme.dim),
                Span::styled("  →  ", theme.dim),
                Span::styled(after, theme.strong),
            ],
            Vec::new(),
        ),
    ]
}

/// Describes what the lint found in the imported lines: how many cannot be sent, and how many are already covered.
fn problems(look: ViewContext<'_>, preview: &Preview) -> Vec<Line> {
    let theme = look.theme;
    let more = |after: usize, before: usize| after.saturating_sub(before);
    let wrong = more(preview.after.errors, preview.before.errors);
    let covered = more(preview.after.covered, preview.before.covered);
    let mut lines = Vec::new();
    if wrong > 0 {
        let words = format!("{} {} cannot be sent yet", mark::WRONG, count(wrong, "line"));
        lines.push((vec![Span::styled(words, theme.wrong)], Vec::new()));
    }
    if covered > 0 {
        let words = format!("{} {} already covered, not billed", mark::QUIET, count(covered, "line"));
        lines.push((vec![Span::styled(words, theme.dim)], Vec::new()));
    }
    lines
}

fn left_out(look: ViewContext<'_>, preview: &Preview, columns: usize) -> Vec<Line> {
    let left_out = &preview.import.left_out;
    let style = look.theme.under_way;
    let mut lines = Vec::new();
    for left in left_out.iter().take(NAMED) {
        let sentence = format!("{} skipped: {}", mark::WARNING, left.sentence());
        let wrapped = wrap(&sentence, columns).into_iter();
        lines.extend(wrapped.map(|line| (vec![Span::styled(line, style)], Vec::new())));
    }
    if left_out.len() > NAMED {
        let more: usize = left_out.iter().skip(NAMED).map(|left| left.count).sum();
        let words = format!("{} {} more skipped", mark::WARNING, thousands(more as u64));
        lines.push((vec![Span::styled(words, style)], Vec::new()));
    }
    lines
}

fn variant(look: ViewContext<'_>, action: Action, on: bool, words: &'static str) -> Line {
    let theme = look.theme;
    let (sign, style) = if on {
        (mark::DONE, theme.done)
    } else {
        (mark::QUIET, theme.dim)
    };
    let left = vec![
        Span::styled(sign, style),
        Span::styled(format!(" {}  ", key(look, action)), theme.accent),
        Span::styled(words, if on { theme.text } else { theme.dim }),
    ];
    (left, Vec::new())
}

fn draw_row(look: ViewContext<'_>, preview: &Preview, row: &Row, buffer: &mut Buffer, line: Rect) {
    let theme = look.theme;
    let added = matches!(row.origin.at, At::VariantOf(_));
    let style = if added { theme.dim } else { theme.text };
    let columns = usize::from(line.width) * 3 / 5;
    let origin = if Arc::ptr_eq(&row.origin.source, &preview.import.source) || added {
        row.origin.at.to_string()
    } else {
        row.origin.to_string()
    };
    Pen::new(buffer, line)
        .skip(2)
        .text(&fit(&row.text, columns.saturating_sub(4)), style);
    Pen::new(buffer, line).skip(columns).text(&origin, theme.dim);
}
