//! The duration of an invalidation in the table, with a progress bar while it is in progress.

use chrono::TimeDelta;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{NOT_MADE, ended};
use crate::domain::duration::short;
use crate::domain::observation::Took;
use crate::engine::row::Row;
use crate::ui::context::ViewContext;
use crate::ui::status;
use crate::ui::widget::columns;
use crate::ui::widget::pen::{Pen, spans_width};
use crate::ui::widget::text::width;

/// The minimum and maximum width of a progress bar, in columns.
const FEWEST_BAR: usize = 6;
const WIDEST_BAR: usize = 20;
/// The width of an elapsed time with its progress bar, in columns.
const PROGRESS: usize = 16;
/// The width of an elapsed time compared to the typical time, with its progress bar, in columns.
const COMPARED: u16 = 24;
/// The widths of an elapsed time, alone and compared to the typical time, in columns. They are fixed, so that the bars
/// before them are aligned and do not move once the typical time has passed.
const NUMBER: usize = 5;
const COMPARISON: usize = 11;

/// Returns the width for the duration. A submission that may still be accepted has a detail there instead, which begins
/// in the column of the creation time.
pub(super) fn contents(look: ViewContext<'_>, row: &Row<'_>) -> usize {
    let words = match (status::running(look, row), row.create_time, row.submission) {
        (Some(_), _, _) => return PROGRESS,
        (None, None, Some(submission)) if ended(row).is_none() => width(&status::situation(look, submission)),
        _ => row.took.map_or(0, |took| width(&took.to_string())),
    };
    let before = if row.create_time.or(ended(row)).is_none() {
        NOT_MADE + usize::from(columns::GAP)
    } else {
        0
    };
    words.saturating_sub(before).max(7)
}

/// Returns the preferred width of the column, given the width that its widest cell needs. With room to spare, an
/// elapsed time is compared to the typical time.
pub(super) fn preferred(needed: u16) -> u16 {
    if usize::from(needed) >= PROGRESS {
        needed.max(COMPARED)
    } else {
        needed
    }
}

/// Draws how long an invalidation took or has taken so far and, if known, how that compares to the typical time.
pub(super) fn draw(look: ViewContext<'_>, row: &Row<'_>, buffer: &mut Buffer, cell: Rect) {
    let theme = look.theme;
    let Some(span) = status::running(look, row) else {
        let said = row.took.map_or_else(|| "–".to_owned(), |took| took.to_string());
        let measured = row.took.and_then(Took::measured).is_some();
        Pen::new(buffer, cell).right(&said, if measured { theme.text } else { theme.dim });
        return;
    };
    let said = said(look, row, span, usize::from(cell.width));
    Pen::new(buffer, cell).right(&said, theme.under_way);
    let columns = usize::from(cell.width);
    let number = if has_comparison(columns) { COMPARISON } else { NUMBER };
    let room = columns.saturating_sub(1 + width(&said).max(number));
    if room >= FEWEST_BAR {
        let bar = status::progress(look, row, room.min(WIDEST_BAR));
        let blank = room - spans_width(&bar).min(room);
        Pen::new(buffer, cell).skip(blank).spans(&bar);
    }
}

/// Returns how long an invalidation has been in progress, compared to the typical time if that leaves room for the bar.
fn said(look: ViewContext<'_>, row: &Row<'_>, span: TimeDelta, columns: usize) -> String {
    let compared = status::compared(look, row, span).filter(|text| width(text) + 1 + FEWEST_BAR <= columns);
    compared
        .filter(|_| has_comparison(columns))
        .unwrap_or_else(|| short(span))
}

/// Returns whether a cell of this width has room for the comparison and a bar.
fn has_comparison(columns: usize) -> bool {
    columns > FEWEST_BAR + COMPARISON
}
