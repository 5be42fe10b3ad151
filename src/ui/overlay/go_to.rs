//! The overlays with one line of input: one opens a target, the other finds text.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::theme::mark;
use super::super::widget::pen::{Pen, line_of, rows_from, text_lines};
use super::super::widget::text::wrap;
use super::kit::{Opened, input_line, open};
use super::palette;
use crate::app::act::go_to::{entries, hint};
use crate::app::overlay::find::Find;
use crate::app::overlay::go_to::GoTo;

/// The preferred width, in columns.
const WIDTH: usize = 67;

/// The preferred size, in columns and lines; it does not depend on the input, so that the box does not move.
const SIZE: (usize, usize) = (WIDTH, 14);

/// Draws the dialog that opens a target. Returns the position of the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    state: &GoTo,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    let theme = look.theme;
    let Opened { body, .. } = open(look, buffer, room, "Open", SIZE);
    Pen::new(buffer, line_of(body, 0)).text(
        "alias, id, comment, origin, page, profile, saved list or URL",
        theme.dim,
    );
    let cursor = input_line(look, &state.input, buffer, line_of(body, 2));
    let found = entries(look.model, state);
    let below = rows_from(body, 4);
    let said = match (&state.mistake, &state.looking) {
        (Some(mistake), _) => Some((format!("{} {mistake}", mark::WRONG), theme.wrong)),
        (None, Some(typed)) => Some((format!("looking for {}…", typed.name), theme.dim)),
        (None, None) if found.is_empty() => Some((hint(look.model, state).to_owned(), theme.dim)),
        (None, None) => None,
    };
    if let Some((text, style)) = said {
        text_lines(buffer, below, &wrap(&text, usize::from(below.width)), style);
    } else {
        palette::draw_entries(look, (&found, state.selected), memory, buffer, below);
    }
    cursor
}

/// Draws the dialog that finds text in the composed list. Returns the position of the terminal's cursor.
pub(super) fn draw_find(look: ViewContext<'_>, find: &Find, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let about = "text in the list; case-sensitive if you type a capital letter";
    let Opened { body, .. } = open(look, buffer, room, "Find", (WIDTH, 3));
    Pen::new(buffer, line_of(body, 0)).text(about, look.theme.dim);
    input_line(look, &find.input, buffer, line_of(body, 2))
}
