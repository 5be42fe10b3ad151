//! The overlay shown when the user quits and the ledger could not save some changes: which ones, and why.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::widget::pen::{Pen, line_of};
use super::super::widget::text::{width, wrap};
use super::{Opened, open};
use crate::engine::lost;

/// The minimum and maximum width, in columns.
const WIDTH: (usize, usize) = (64, 84);

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, mut scroller: Scroller<'_>, buffer: &mut Buffer, room: Rect) {
    let names = lost::names(&look.model.engine);
    let text = format!("Not saved: {}.", lost::reason(&look.model.engine));
    let wanted = names.iter().map(|name| width(name)).max().unwrap_or_default();
    let columns = wanted
        .max(width(&text))
        .clamp(WIDTH.0, WIDTH.1)
        .min(usize::from(room.width).saturating_sub(6));
    let lines = wrap(&text, columns);
    let from = lines.len() + 1;
    let opened = open(
        look,
        buffer,
        room,
        "Quit without saving?",
        (columns, from + names.len()),
    );
    let Opened { body, .. } = opened;
    for (number, line) in lines.iter().enumerate() {
        Pen::new(buffer, line_of(body, number)).text(line, look.theme.text);
    }
    let seen = scroller.lines(names.len(), usize::from(body.height).saturating_sub(from));
    opened.tell(look, buffer, &seen, names.len());
    for (number, name) in names.get(seen).unwrap_or_default().iter().enumerate() {
        Pen::new(buffer, line_of(body, from + number)).text(name, look.theme.strong);
    }
}
