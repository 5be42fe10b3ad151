//! The overlay that appears if the user quits with changes that the ledger could not save: which ones, and why.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::widget::pen::{rows_from, text_lines};
use super::super::widget::text::{width, wrap};
use super::kit::{columns, open};
use crate::engine::lost;

/// The minimum and maximum width, in columns.
const WIDTH: (usize, usize) = (64, 84);

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, mut scroller: Scroller<'_>, buffer: &mut Buffer, room: Rect) {
    let names = lost::names(&look.model.engine);
    let text = format!("Not saved: {}.", lost::reason(&look.model.engine));
    let wanted = names.iter().map(|name| width(name)).max().unwrap_or_default();
    let wanted = wanted.max(width(&text)).clamp(WIDTH.0, WIDTH.1);
    let columns = columns(wanted, room);
    let lines = wrap(&text, columns);
    let from = lines.len() + 1;
    let opened = open(
        look,
        buffer,
        room,
        "Quit without saving?",
        (columns, from + names.len()),
    );
    let body = opened.body;
    text_lines(buffer, body, &lines, look.theme.text);
    let seen = opened.scroll(look, buffer, &mut scroller, (from, names.len()));
    let shown = names.get(seen).unwrap_or_default();
    text_lines(buffer, rows_from(body, from), shown, look.theme.strong);
}
