//! The dry-run overlay: the requests that the review below it would send. None of the overlay's keys sends them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::widget::pen::{Pen, line_of, span_lines};
use super::super::words;
use super::kit::{columns, open};
use super::request;
use super::review::target_line;
use crate::app::overlay::review::Review;

/// The preferred width, in columns.
const WIDTH: usize = 92;
/// The maximum number of targets listed individually.
const NAMED: usize = 4;

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, mut scroller: Scroller<'_>, buffer: &mut Buffer, room: Rect) {
    let Some(review) = look.model.overlays.find::<Review>() else {
        return;
    };
    let columns = columns(WIDTH, room);
    let mut above = vec![words::scope(look, &review.scope)];
    above.extend(
        review
            .targets
            .iter()
            .take(NAMED)
            .map(|target| target_line(look, target)),
    );
    above.push(Vec::new());
    let len = request::len(review);
    let opened = open(
        look,
        buffer,
        room,
        "Dry run: nothing is sent",
        (columns, above.len() + len),
    );
    let body = opened.body;
    // In a small window, the request matters more than the account.
    let shown = above.len().min(usize::from(body.height) / 2);
    span_lines(buffer, body, above.get(..shown).unwrap_or_default());
    let seen = opened.scroll(look, buffer, &mut scroller, (shown, len));
    for (number, place) in seen.enumerate() {
        Pen::new(buffer, line_of(body, shown + number)).text(&request::line(review, place), look.theme.text);
    }
}
