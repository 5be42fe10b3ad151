//! The overlays with one line of input: a target to open, or a text to find.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::theme::mark;
use super::super::widget::field::field;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::super::widget::text::wrap;
use super::{Opened, open, palette};
use crate::app::act::go_to::{entries, hint};
use crate::app::overlay::find::Find;
use crate::app::overlay::go_to::GoTo;
use crate::app::pointer::Hit;

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
    Pen::new(buffer, line_of(body, 0)).text("an alias, ID, comment, origin, page or profile; or a URL", theme.dim);
    let line = line_of(body, 2);
    Pen::new(buffer, line).text("›", theme.accent);
    let typed = columns_of(line, 2, usize::from(line.width));
    let cursor = field(buffer, typed, state.input.value(), state.input.cursor(), theme.strong);
    let found = entries(look.model, state);
    let below = Rect::new(
        body.x,
        body.y.saturating_add(4),
        body.width,
        body.height.saturating_sub(4),
    );
    let said = match (&state.mistake, &state.looking) {
        (Some(mistake), _) => Some((format!("{} {mistake}", mark::WRONG), theme.wrong)),
        (None, Some(typed)) => Some((format!("looking for {} …", typed.name), theme.dim)),
        (None, None) if found.is_empty() => Some((hint(look.model, state).to_owned(), theme.dim)),
        (None, None) => None,
    };
    if let Some((text, style)) = said {
        for (number, text) in wrap(&text, usize::from(below.width)).iter().enumerate() {
            Pen::new(buffer, line_of(below, number)).text(text, style);
        }
        return cursor;
    }
    let selected = state.selected.min(found.len().saturating_sub(1));
    let seen = memory.overlay.around(selected, found.len(), usize::from(below.height));
    for (number, place) in seen.enumerate() {
        if let Some(entry) = found.get(place) {
            let line = line_of(below, number);
            look.hits.put(line, Hit::Choice(place));
            palette::draw_entry(look, entry, place == selected, buffer, line);
        }
    }
    cursor
}

/// Draws the dialog that finds a text in the composed list. Returns the position of the terminal's cursor.
pub(super) fn draw_find(look: ViewContext<'_>, find: &Find, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let about = "a text in the list; case matters only if it has a capital letter";
    let theme = look.theme;
    let Opened { body, .. } = open(look, buffer, room, "Find", (WIDTH, 3));
    Pen::new(buffer, line_of(body, 0)).text(about, theme.dim);
    let line = line_of(body, 2);
    Pen::new(buffer, line).text("›", theme.accent);
    let typed = columns_of(line, 2, usize::from(line.width));
    field(buffer, typed, find.input.value(), find.input.cursor(), theme.strong)
}
