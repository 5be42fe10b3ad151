//! The overlay for typing a note on why an invalidation is created.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::context::ViewContext;
use super::super::widget::pen::{Pen, line_of, rows_from, text_lines};
use super::kit::{Opened, columns, input_line, mistake_lines, open};
use crate::app::overlay::note::Noting;

/// The preferred width, in columns.
const WIDTH: usize = 72;

/// Draws the overlay. Returns the position of the terminal's cursor.
pub(super) fn draw(look: ViewContext<'_>, noting: &Noting, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let theme = look.theme;
    let columns = columns(WIDTH, room);
    let wrong = mistake_lines(noting.mistake.as_deref(), columns);
    let Opened { body, .. } = open(look, buffer, room, "Note", (columns, 3 + wrong.len()));
    Pen::new(buffer, line_of(body, 0)).text("Reason for this invalidation. Stored only on this machine", theme.dim);
    text_lines(buffer, rows_from(body, 3), &wrong, theme.wrong);
    input_line(look, &noting.input, buffer, line_of(body, 2))
}
