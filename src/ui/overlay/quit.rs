//! The overlay that appears when the user quits while submissions are waiting to be sent: which ones, and what will
//! happen to them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::widget::pen::{line_of, text_lines};
use super::super::widget::text::{agree, count, width, wrap};
use super::kit::{columns, open};
use super::waiting::draw_one;
use crate::app::overlay::quit::Quit;

/// The minimum preferred width, in columns.
const WIDTH: usize = 64;

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, state: &Quit, mut scroller: Scroller<'_>, buffer: &mut Buffer, room: Rect) {
    let (ids, unknown) = (state.ids.len(), state.unknown.len());
    let verb = agree(ids + unknown, "has", "have");
    let mut text = format!("{} {verb} not been sent yet.", count(ids + unknown, "invalidation"));
    if unknown > 0 {
        let which = if ids == 0 {
            agree(unknown, "It", "They").to_owned()
        } else {
            format!("{unknown} of them")
        };
        text = format!("{text} {which} may already have reached CloudFront and cannot be discarded.");
    }
    let columns = columns(width(&text).clamp(WIDTH, 84), room);
    let lines = wrap(&text, columns);
    let listed: Vec<_> = state.ids.iter().chain(&state.unknown).collect();
    let size = (columns, lines.len() + 1 + listed.len());
    let opened = open(look, buffer, room, "Quit?", size);
    let body = opened.body;
    text_lines(buffer, body, &lines, look.theme.text);
    let from = lines.len() + 1;
    let seen = opened.scroll(look, buffer, &mut scroller, (from, listed.len()));
    for (number, id) in listed.get(seen).unwrap_or_default().iter().enumerate() {
        if let Some(submission) = look.model.engine.queue.get(id) {
            draw_one(look, submission, &[], buffer, line_of(body, from + number));
        }
    }
}
