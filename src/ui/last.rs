//! A cell with the last invalidation of a target: status, time, duration, items.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::context::ViewContext;
use super::widget::gauge::gauge;
use super::widget::pen::{Pen, columns_of, spans_width, two_sided};
use super::widget::text::{fit, width};
use super::{clock, status, words};
use crate::app::model::Times;
use crate::domain::distribution::Target;
use crate::domain::duration::short;
use crate::domain::observation::Took;
use crate::engine::latest::latest;
use crate::engine::row::{Row, row, usual_of_row};

/// The width before the items, in columns: mark, creation time, duration.
pub(super) const BEFORE_ITEMS: usize = 2 + WHEN + TOOK + 2;
const WHEN: usize = 8;
const TOOK: usize = 8;
/// The width below which an item is unreadable, in columns.
const FEWEST: usize = 6;
/// The minimum useful width, in columns: mark, time, start of an item.
pub(super) const FEWEST_COLUMNS: usize = 2 + WHEN + 2 + FEWEST;
/// The width of the progress bar of an invalidation in progress, in cells.
const BAR: u32 = 6;

/// Returns the width that the cell needs, in columns.
pub(super) fn columns(row: &Row<'_>) -> usize {
    let (first, more) = words::items(row);
    BEFORE_ITEMS + width(&first) + usize::from(!more.is_empty()) + more.len()
}

/// Draws the cell.
pub(super) fn draw(look: ViewContext<'_>, row: &Row<'_>, buffer: &mut Buffer, cell: Rect) {
    draw_cell(look, row, false, buffer, cell);
}

/// Draws the cell for one of several invalidations of a target, showing the id until the items are loaded.
pub(super) fn draw_one_of_many(look: ViewContext<'_>, row: &Row<'_>, buffer: &mut Buffer, cell: Rect) {
    draw_cell(look, row, true, buffer, cell);
}

fn draw_cell(look: ViewContext<'_>, row: &Row<'_>, named: bool, buffer: &mut Buffer, cell: Rect) {
    let slow = status::slow(look, row).is_some();
    let (mark, style) = status::marked(look.theme, row, slow);
    Pen::new(buffer, cell).text(mark, style);
    // If there is not enough room for both, the items are more important than the duration.
    let roomy = usize::from(cell.width) >= BEFORE_ITEMS + FEWEST;
    let took = if roomy { TOOK } else { 0 };
    when(look, row, style, buffer, columns_of(cell, 2, WHEN + took));
    let rest = columns_of(cell, 2 + WHEN + took + 2, usize::from(cell.width));
    if usize::from(rest.width) >= FEWEST {
        draw_items(look, row, named, buffer, rest);
    }
}

/// Draws when it was created and how long it took, how long it has been in progress, or its status before that.
fn when(look: ViewContext<'_>, row: &Row<'_>, style: Style, buffer: &mut Buffer, both: Rect) {
    let theme = look.theme;
    let (first, second) = (columns_of(both, 0, WHEN), columns_of(both, WHEN, TOOK));
    let Some(created) = row.create_time else {
        Pen::new(buffer, both).text(row.status, style);
        return;
    };
    if let Some(span) = status::running(look, row) {
        Pen::new(buffer, first).text(&short(span), style);
        let bar = usual_of_row(&look.model.engine, row).map(|usual| gauge(span, usual.median, BAR));
        let said = bar.or_else(|| status::slow(look, row).map(str::to_owned));
        Pen::new(buffer, second).right(&said.unwrap_or_default(), style);
        return;
    }
    Pen::new(buffer, first).text(&made(look, created), theme.text);
    let took = row.took.map(|took| took.to_string()).unwrap_or_default();
    let measured = row.took.and_then(Took::measured).is_some();
    Pen::new(buffer, second).right(&took, if measured { theme.text } else { theme.dim });
}

/// Formats the creation time as a time rather than an age, unless the user chose ages: nothing triggers a redraw of
/// the page, so an age would soon be wrong.
fn made(look: ViewContext<'_>, time: chrono::DateTime<chrono::Utc>) -> String {
    let now = look.model.engine.now;
    match look.model.times {
        Times::Local | Times::Utc => clock::brief(look.theme, now, time),
        Times::Relative => short(now - time),
    }
}

fn is_unread(row: &Row<'_>) -> bool {
    row.items.is_none() && row.unreadable.is_none()
}

/// Draws the first item and the number of others; if the items are not loaded and it is one of several invalidations,
/// its id.
pub(super) fn draw_items(look: ViewContext<'_>, row: &Row<'_>, named: bool, buffer: &mut Buffer, cell: Rect) {
    let theme = look.theme;
    let (first, more) = words::items(row);
    let first = match row.id {
        Some(id) if named && is_unread(row) => id.to_string(),
        _ => first,
    };
    let gap = usize::from(!more.is_empty());
    let room = usize::from(cell.width).saturating_sub(width(&more) + gap);
    let style = if row.items.is_some() { theme.text } else { theme.dim };
    Pen::new(buffer, cell)
        .text(&fit(&first, room), style)
        .skip(gap)
        .text(&more, theme.dim);
}

/// Draws one line for a target: its last invalidation, and the month's usage. The duration is dropped before any
/// number would be truncated.
pub(super) fn line(look: ViewContext<'_>, target: &Target, buffer: &mut Buffer, line: Rect) {
    let columns = usize::from(line.width);
    let month = width(&words::month(look.model, 0));
    let mut left = said(look, target);
    while left.len() > 3 && spans_width(&left) + 2 + month > columns {
        left.pop();
    }
    let room = columns.saturating_sub(spans_width(&left) + 2);
    let month = Span::styled(words::month(look.model, room), look.theme.dim);
    two_sided(buffer, line, &left, &[month]);
}

/// Returns the last known invalidation of a target.
fn said<'a>(look: ViewContext<'a>, target: &Target) -> Vec<Span<'a>> {
    let (model, theme) = (look.model, look.theme);
    let label = Span::styled("last ", theme.dim);
    let newest = latest(&model.engine, target);
    let Some(row) = newest.as_ref().and_then(|key| row(&model.engine, key)) else {
        let read = model
            .engine
            .histories
            .get(target)
            .is_some_and(|history| history.complete);
        let text = if read {
            "no invalidations yet"
        } else {
            "last invalidation not loaded"
        };
        return vec![Span::styled(text, theme.dim)];
    };
    let (first, more) = words::items(&row);
    let mut spans = vec![label, Span::styled(first, theme.text)];
    if !more.is_empty() {
        spans.push(Span::styled(format!(" {more}"), theme.dim));
    }
    spans.push(Span::styled(format!("  {}", row.status), theme.text));
    if let Some(time) = row.create_time {
        spans.push(Span::styled(
            format!("  {}", clock::moment(theme, model.engine.now, time)),
            theme.dim,
        ));
    }
    if let Some(took) = row.took {
        spans.push(Span::styled(format!("  took {took}"), theme.dim));
    }
    spans
}
