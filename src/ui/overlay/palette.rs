//! The command palette: every action of the page by name, with its keys, and the targets to go to.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::widget::pen::{Pen, line_of, rows_from};
use super::super::widget::text::{fit, width};
use super::super::words;
use super::kit::{Opened, choices, open, typed};
use crate::app::act::palette::entries;
use crate::app::finder::{Found, described};
use crate::app::overlay::palette::Palette;

/// The preferred size, in columns and lines; it does not depend on the input, so that the box does not move.
const SIZE: (usize, usize) = (72, 18);

/// Draws the overlay. Returns the position of the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    state: &Palette,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    let Opened { body, .. } = open(look, buffer, room, "Actions", SIZE);
    let sought = (":", state.input.value());
    let cursor = typed(look, sought, state.input.cursor(), buffer, line_of(body, 0));
    let found = entries(look.model, state);
    let list = rows_from(body, 2);
    if found.is_empty() {
        Pen::new(buffer, list).text(
            "no action, alias, id, comment, origin, page, profile or list matches",
            look.theme.dim,
        );
    }
    draw_entries(look, (&found, state.selected), memory, buffer, list);
    cursor
}

/// Draws the matches.
pub(super) fn draw_entries(
    look: ViewContext<'_>,
    found: (&[Found], usize),
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    list: Rect,
) {
    choices((look, memory), found, buffer, list, |entry, pen| {
        draw_entry(look, entry, pen);
    });
}

/// Draws a line for a match: its name, and its keys or its kind.
fn draw_entry(look: ViewContext<'_>, found: &Found, pen: &mut Pen<'_>) {
    let theme = look.theme;
    let (name, kind) = described(look.model, found);
    let (aside, style) = match found {
        Found::Action(entry) => (words::keys(look, entry.action), theme.accent),
        Found::Target(_) | Found::Profile(_) | Found::List(_) => (kind, theme.dim),
    };
    let room = pen.room().saturating_sub(width(&aside) + 3);
    pen.skip(1)
        .text(&fit(&name, room), theme.text)
        .skip(2)
        .right(&aside, style);
}
