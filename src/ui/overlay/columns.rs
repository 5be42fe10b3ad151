//! The overlay for choosing table columns; visible columns have a mark.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::theme::mark;
use super::super::widget::pen::{Pen, line_of};
use super::kit::{Opened, choices, list_above, open};
use crate::app::overlay::columns::ColumnChooser;

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
    let optional: Vec<usize> = state.table.optional().collect();
    let Opened { body, .. } = open(look, buffer, room, "Columns", (COLUMNS, optional.len() + 2));
    let list = list_above(body, 2);
    let shown = choices(
        (look, memory),
        (&optional, state.selected),
        buffer,
        list,
        |column, pen| {
            let is_seen = look.model.arrangements.of(state.table).shows(*column);
            let name = state.table.columns().get(*column).map_or("", |column| column.name);
            pen.skip(1)
                .text(if is_seen { mark::DONE } else { " " }, theme.accent)
                .skip(1)
                .text(name, if is_seen { theme.text } else { theme.dim });
        },
    );
    Pen::new(buffer, line_of(body, shown + 1)).text("Narrow terminals hide the least important columns", theme.dim);
}
