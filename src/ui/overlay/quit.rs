//! Something waits to be sent, and the person wants to quit.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::Look;
use super::super::widget::pen::{Pen, line_of};
use super::super::widget::text::{count, width, wrap};
use super::{Opened, open};
use crate::app::action::Action;

/// The keys of the layer.
const KEYS: &[(Action, &str)] = &[
    (Action::Quit, "quit, they go on at the next start"),
    (Action::Back, "stay"),
];

/// Draws it.
pub(super) fn draw(look: Look<'_>, buffer: &mut Buffer, room: Rect) {
    let waiting = look.model.queue.waiting();
    let verb = if waiting == 1 { "waits" } else { "wait" };
    let text = format!("{} {verb} to be sent.", count(waiting, "invalidation"));
    let columns = width(&text).max(56).min(usize::from(room.width).saturating_sub(6));
    let lines = wrap(&text, columns);
    let Opened { body, .. } = open(look, buffer, room, "Quit?", (columns, lines.len()), KEYS);
    for (number, line) in lines.iter().enumerate() {
        Pen::new(buffer, line_of(body, number)).text(line, look.theme.text);
    }
}
