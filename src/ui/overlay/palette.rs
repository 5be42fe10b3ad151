//! The command palette: every action of the page by name, with its keys, and the targets to go to.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::widget::field::field;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::super::widget::text::{fit, width};
use super::super::words;
use super::{Opened, open};
use crate::app::act::palette::entries;
use crate::app::finder::{Found, described};
use crate::app::overlay::palette::Palette;
use crate::app::pointer::Hit;

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
    let theme = look.theme;
    let Opened { body, .. } = open(look, buffer, room, "Actions", SIZE);
    let line = line_of(body, 0);
    Pen::new(buffer, line).text(":", theme.accent);
    let typed = columns_of(line, 2, usize::from(line.width));
    let cursor = field(buffer, typed, state.input.value(), state.input.cursor(), theme.strong);
    let found = entries(look.model, state);
    let list = Rect::new(
        body.x,
        body.y.saturating_add(2),
        body.width,
        body.height.saturating_sub(2),
    );
    if found.is_empty() {
        Pen::new(buffer, list).text(
            "no action, alias, id, comment, origin, page or profile matches",
            theme.dim,
        );
    }
    let selected = state.selected.min(found.len().saturating_sub(1));
    for (number, place) in memory
        .overlay
        .around(selected, found.len(), usize::from(list.height))
        .enumerate()
    {
        if let Some(entry) = found.get(place) {
            look.hits.put(line_of(list, number), Hit::Choice(place));
            draw_entry(look, entry, place == selected, buffer, line_of(list, number));
        }
    }
    cursor
}

/// Draws a line for a match: its name, and its keys or its kind.
pub(super) fn draw_entry(look: ViewContext<'_>, found: &Found, selected: bool, buffer: &mut Buffer, line: Rect) {
    let theme = look.theme;
    let (name, kind) = described(look.model, found);
    let (aside, style) = match found {
        Found::Action(entry) => (words::keys(look, entry.action), theme.accent),
        Found::Target(_) | Found::Profile(_) => (kind, theme.dim),
    };
    let before = if selected { theme.selected_mark } else { " " };
    let room = usize::from(line.width).saturating_sub(width(&aside) + 4);
    Pen::new(buffer, line)
        .text(before, theme.accent)
        .skip(1)
        .text(&fit(&name, room), theme.text)
        .skip(2)
        .right(&aside, style);
    if selected {
        theme.select(buffer, line);
    }
}
