//! The overlay with the composer's tools, each with its letter and its other keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::widget::pen::Pen;
use super::super::widget::text::{fit, width};
use super::super::words;
use super::kit::{Opened, choices, open};
use crate::app::action::Action;
use crate::app::availability::is_available;
use crate::app::overlay::tools::TOOLS;

/// The preferred width, in columns.
const COLUMNS: usize = 72;

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, selected: usize, memory: &mut ViewMemory, buffer: &mut Buffer, room: Rect) {
    let theme = look.theme;
    let Opened { body, .. } = open(look, buffer, room, "Tools", (COLUMNS, TOOLS.len()));
    let tool = |(letter, action): &(char, Action), pen: &mut Pen<'_>| {
        let keys = words::keys(look, *action);
        let help = pen.room().saturating_sub(width(&keys) + 6);
        let style = if is_available(look.model, *action).is_ok() {
            theme.text
        } else {
            theme.dim
        };
        pen.skip(1)
            .text(&letter.to_string(), theme.accent)
            .skip(2)
            .text(&fit(action.entry().help, help), style)
            .skip(2)
            .right(&keys, theme.dim);
    };
    choices((look, memory), (TOOLS, selected), buffer, body, tool);
}
