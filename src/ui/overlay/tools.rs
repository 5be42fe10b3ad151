//! The overlay with the composer's tools, each with its letter and its other keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::widget::pen::{Pen, line_of};
use super::super::widget::text::{fit, width};
use super::super::words;
use super::{Opened, open};
use crate::app::availability::is_available;
use crate::app::overlay::tools::TOOLS;
use crate::app::pointer::Hit;

/// The preferred width, in columns.
const COLUMNS: usize = 72;

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, selected: usize, memory: &mut ViewMemory, buffer: &mut Buffer, room: Rect) {
    let theme = look.theme;
    let Opened { body, .. } = open(look, buffer, room, "Tools", (COLUMNS, TOOLS.len()));
    let seen = memory.overlay.around(selected, TOOLS.len(), usize::from(body.height));
    for (number, place) in seen.enumerate() {
        let Some((letter, action)) = TOOLS.get(place) else {
            continue;
        };
        let line = line_of(body, number);
        look.hits.put(line, Hit::Choice(place));
        let keys = words::keys(look, *action);
        let help = usize::from(line.width).saturating_sub(width(&keys) + 7);
        let style = if is_available(look.model, *action).is_ok() {
            theme.text
        } else {
            theme.dim
        };
        let before = if place == selected { theme.selected_mark } else { " " };
        Pen::new(buffer, line)
            .text(before, theme.accent)
            .skip(1)
            .text(&letter.to_string(), theme.accent)
            .skip(2)
            .text(&fit(action.entry().help, help), style)
            .skip(2)
            .right(&keys, theme.dim);
        if place == selected {
            theme.select(buffer, line);
        }
    }
}
