//! The overlay in which the user types why an invalidation is made.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::context::ViewContext;
use super::super::theme::mark;
use super::super::widget::field::field;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::super::widget::text::wrap;
use super::{Opened, open};
use crate::app::overlay::note::Noting;

/// The preferred width, in columns.
const WIDTH: usize = 72;

/// Draws the overlay. Returns the position of the terminal's cursor.
pub(super) fn draw(look: ViewContext<'_>, noting: &Noting, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let theme = look.theme;
    let columns = WIDTH.min(usize::from(room.width).saturating_sub(6));
    let mistake = noting
        .mistake
        .as_ref()
        .map(|mistake| format!("{} {mistake}", mark::WRONG));
    let wrong = mistake.map(|mistake| wrap(&mistake, columns)).unwrap_or_default();
    let Opened { body, .. } = open(look, buffer, room, "Note", (columns, 3 + wrong.len()));
    Pen::new(buffer, line_of(body, 0)).text("Why? Stored only on this machine", theme.dim);
    let line = line_of(body, 2);
    Pen::new(buffer, line).text("›", theme.accent);
    for (number, words) in wrong.iter().enumerate() {
        Pen::new(buffer, line_of(body, 3 + number)).text(words, theme.wrong);
    }
    let typed = columns_of(line, 2, usize::from(line.width));
    field(buffer, typed, noting.input.value(), noting.input.cursor(), theme.strong)
}
