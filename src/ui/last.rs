//! A cell with the last invalidation of a target: status, time, duration, items.

use chrono::{DateTime, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::context::ViewContext;
use super::widget::pen::{Pen, columns_of, spans_width};
use super::widget::text::{fit, width};
use super::{clock, status, words};
use crate::app::model::Times;
use crate::domain::distribution::Target;
use crate::domain::duration::short;
use crate::engine::latest::latest;
use crate::engine::row::{Row, row};

/// The width before the items, in columns: mark, time, duration.
pub(super) const BEFORE_ITEMS: usize = FEWEST_COLUMNS + 2;
const WHEN: usize = 8;
const TOOK: usize = 9;
/// The minimum and maximum width of a progress bar next to the status, in columns.
const FEWEST_BAR: usize = 3;
const WIDEST_BAR: usize = 20;
/// The minimum width of a readable item, in columns.
const FEWEST: usize = 6;
/// The minimum useful width of the cell, in columns: mark, time, duration.
pub(super) const FEWEST_COLUMNS: usize = 2 + WHEN + 1 + TOOK;

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
    let columns = usize::from(cell.width);
    // If there is not enough room for both, the duration gets all of it, because it is more important than the items.
    if columns < BEFORE_ITEMS + FEWEST {
        return when(look, row, named, style, buffer, columns_of(cell, 2, columns));
    }
    when(look, row, named, style, buffer, columns_of(cell, 2, WHEN + 1 + TOOK));
    draw_items(look, row, named, buffer, columns_of(cell, BEFORE_ITEMS, columns));
}

/// Draws when the invalidation was created and how long it took or has been in progress. Until it is created, draws its
/// status instead.
fn when(look: ViewContext<'_>, row: &Row<'_>, named: bool, style: Style, buffer: &mut Buffer, both: Rect) {
    let theme = look.theme;
    let columns = usize::from(both.width);
    let (first, second) = (columns_of(both, 0, WHEN), columns_of(both, WHEN + 1, columns));
    if let Some(span) = status::running(look, row).filter(|_| !named) {
        return progress(look, row, (style, &short(span)), buffer, both);
    }
    if let Some(span) = status::running(look, row) {
        Pen::new(buffer, first).text(&short(span), style);
        let room = usize::from(second.width);
        let bar = status::progress(look, row, room.saturating_sub(1));
        let blank = room.saturating_sub(spans_width(&bar));
        Pen::new(buffer, second).skip(blank).spans(&bar);
        return;
    }
    let Some(time) = ended(row) else {
        Pen::new(buffer, both).text(row.status, style);
        return;
    };
    Pen::new(buffer, first).text(&made(look, time), theme.text);
    if row.create_time.is_none() {
        Pen::new(buffer, second).right(row.status, style);
    } else {
        let (said, style) = took(look, row);
        Pen::new(buffer, second).right(&said, style);
    }
}

/// Draws the status and the time in progress, with a progress bar between them if there is room.
fn progress(look: ViewContext<'_>, row: &Row<'_>, (style, said): (Style, &str), buffer: &mut Buffer, cell: Rect) {
    let mut pen = Pen::new(buffer, cell);
    pen.text(row.status, style).skip(1);
    let room = usize::from(cell.width).saturating_sub(width(row.status) + 2 + width(said));
    if room >= FEWEST_BAR {
        pen.spans(&status::progress(look, row, room.min(WIDEST_BAR)));
    }
    Pen::new(buffer, cell).right(said, style);
}

/// Returns when an invalidation was accepted, or when a submission that ended without being accepted was confirmed.
fn ended(row: &Row<'_>) -> Option<DateTime<Utc>> {
    let is_final = row.submission.is_some_and(|submission| submission.state.is_final());
    row.create_time.or_else(|| row.made().filter(|_| is_final))
}

/// Describes how long an invalidation took: `took 9 s`, just `9 s` if there is too little room, or a dash if unknown.
fn took(look: ViewContext<'_>, row: &Row<'_>) -> (String, Style) {
    let (said, style) = took_words(look, row);
    match row.took {
        None => ("–".to_owned(), style),
        Some(took) if width(&said) > TOOK => (took.to_string(), style),
        Some(_) => (said, style),
    }
}

/// Describes how long an invalidation took: `took 9 s`, or `took –` if that is unknown.
pub(super) fn took_words(look: ViewContext<'_>, row: &Row<'_>) -> (String, Style) {
    let Some(took) = row.took else {
        return ("took –".to_owned(), look.theme.dim);
    };
    let said = format!("took {took}");
    let style = if took.measured().is_some() {
        look.theme.text
    } else {
        look.theme.dim
    };
    (said, style)
}

/// Formats the creation time as a time rather than an age, unless the user chose ages.
pub(super) fn made(look: ViewContext<'_>, time: DateTime<Utc>) -> String {
    let now = look.model.engine.now;
    match look.model.times {
        Times::Local | Times::Utc => clock::brief(look.theme, now, time),
        Times::Relative => short(now - time),
    }
}

fn is_unread(row: &Row<'_>) -> bool {
    row.items.is_none() && row.unreadable.is_none()
}

/// Draws the items that fit and the number of others. If the items are not loaded and several invalidations are shown,
/// draws the id instead.
pub(super) fn draw_items(look: ViewContext<'_>, row: &Row<'_>, named: bool, buffer: &mut Buffer, cell: Rect) {
    let theme = look.theme;
    let (items, more) = words::items_in(row, usize::from(cell.width));
    let items = match row.id {
        Some(id) if named && is_unread(row) => id.to_string(),
        _ => items,
    };
    let gap = usize::from(!more.is_empty());
    let room = usize::from(cell.width).saturating_sub(width(&more) + gap);
    let style = if row.items.is_some() { theme.text } else { theme.dim };
    Pen::new(buffer, cell)
        .text(&fit(&items, room), style)
        .skip(gap)
        .text(&more, theme.dim);
}

/// Draws a target's last invalidation on one line.
pub(super) fn line(look: ViewContext<'_>, target: &Target, buffer: &mut Buffer, line: Rect) {
    Pen::new(buffer, line).spans(&said(look, target));
}

/// Returns the last known invalidation of a target.
pub(super) fn said<'a>(look: ViewContext<'a>, target: &Target) -> Vec<Span<'a>> {
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
