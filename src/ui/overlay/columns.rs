//! The overlay that chooses table columns; visible ones have a mark.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::theme::mark;
use super::super::widget::pen::{Pen, line_of};
use super::{Opened, open};
use crate::app::overlay::columns::ColumnChooser;
use crate::app::pointer::Hit;

/// The preferred width, in columns.
const COLUMNS: usize = 48;

/// Draws the overlay.
pub(super) fn draw(
    look: ViewContext<'_>,
    state: ColumnChooser,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    room: Rect,
) {
    let theme = look.theme;
    let places: Vec<usize> = state.table.optional().collect();
    let Opened { body, .. } = open(look, buffer, room, "Columns", (COLUMNS, places.len() + 2));
    let seen = memory
        .overlay
        .around(state.selected, places.len(), usize::from(body.height.saturating_sub(2)));
    let last = seen.len();
    for (number, place) in seen.enumerate() {
        let Some(column) = places.get(place).copied() else {
            continue;
        };
        let line = line_of(body, number);
        look.hits.put(line, Hit::Choice(place));
        let selected = place == state.selected;
        let is_seen = look.model.arrangements.of(state.table).shows(column);
        let name = state.table.columns().get(column).map_or("", |column| column.name);
        Pen::new(buffer, line)
            .text(if selected { theme.selected_mark } else { " " }, theme.accent)
            .skip(1)
            .text(if is_seen { mark::DONE } else { " " }, theme.accent)
            .skip(1)
            .text(name, if is_seen { theme.text } else { theme.dim });
        if selected {
            theme.select(buffer, line);
        }
    }
    Pen::new(buffer, line_of(body, last + 1)).text("A narrow terminal leaves out the least important", theme.dim);
}
