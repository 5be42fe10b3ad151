//! The messages overlay: all notices, newest first.

use chrono::TimeDelta;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::super::widget::text::{thousands, wrap};
use super::super::{clock, footer};
use super::kit::open;
use crate::engine::notices::Notice;

/// The width before the message, in columns: time, mark, spaces.
const BEFORE: usize = 16;
/// The preferred width, in columns.
const WIDTH: usize = 100;

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, mut scroller: Scroller<'_>, buffer: &mut Buffer, room: Rect) {
    let notes = &look.model.engine.notices;
    let columns = WIDTH
        .min(usize::from(room.width).saturating_sub(6))
        .saturating_sub(BEFORE);
    let newest = |place: usize| notes.len().checked_sub(place + 1).and_then(|index| notes.get(index));
    let height = |place: usize| newest(place).map_or(1, |note| wrap(&note.text, columns).len());
    let most = usize::from(room.height);
    let rows: usize = (0..notes.len().min(most)).map(height).sum();
    let opened = open(look, buffer, room, "Messages", (WIDTH, rows.max(1)));
    let body = opened.body;
    let asked = asked(look);
    Pen::new(
        buffer,
        columns_of(opened.border, 2, usize::from(opened.border.width.saturating_sub(4))),
    )
    .text(&asked, look.theme.dim);
    if notes.is_empty() {
        Pen::new(buffer, body).text("no messages yet", look.theme.dim);
    }
    let mut line = 0;
    let seen = scroller.flowing(notes.len(), usize::from(body.height), height);
    opened.tell(look, buffer, &seen, notes.len());
    for note in seen.filter_map(newest) {
        line += draw_note(look, note, columns, buffer, body, line);
    }
}

/// Describes the number of API calls, because both polling and opening pages use up the account's reads.
fn asked(look: ViewContext<'_>) -> String {
    let (reads, now) = (&look.model.engine.reads, look.model.engine.now);
    let (watching, opening) = (thousands(reads.for_watching), thousands(reads.for_opening));
    let [minute, hour] = [TimeDelta::minutes(1), TimeDelta::hours(1)].map(|span| thousands(reads.within(span, now)));
    format!(" API calls: {watching} polling, {opening} loading · last minute {minute} · last hour {hour} ")
}

fn draw_note(
    look: ViewContext<'_>,
    note: &Notice,
    columns: usize,
    buffer: &mut Buffer,
    body: Rect,
    from: usize,
) -> usize {
    let theme = look.theme;
    let (mark, style) = footer::level(theme, note.level);
    let time = clock::moment(theme, look.model.engine.now, note.at);
    let lines = wrap(&note.text, columns);
    Pen::new(buffer, line_of(body, from))
        .text(&format!("{time:12}"), theme.dim)
        .skip(1)
        .text(mark, style);
    for (number, line) in lines.iter().enumerate() {
        Pen::new(buffer, line_of(body, from + number))
            .skip(BEFORE - 1)
            .text(line, theme.text);
    }
    lines.len()
}
