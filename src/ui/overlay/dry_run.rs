//! The dry-run overlay: the requests that the review below would send. No key here sends them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::widget::pen::{Pen, line_of};
use super::super::words;
use super::review::target_line;
use super::{open, request};
use crate::app::overlay::review::Review;

/// The preferred width, in columns.
const WIDTH: usize = 92;
/// The number of targets that are named individually.
const NAMED: usize = 4;

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, mut scroller: Scroller<'_>, buffer: &mut Buffer, room: Rect) {
    let Some(review) = look.model.overlays.find::<Review>() else {
        return;
    };
    let columns = WIDTH.min(usize::from(room.width).saturating_sub(6));
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
    for (number, spans) in above.iter().take(shown).enumerate() {
        Pen::new(buffer, line_of(body, number)).spans(spans);
    }
    let seen = scroller.lines(len, usize::from(body.height).saturating_sub(shown));
    opened.tell(look, buffer, &seen, len);
    for (number, place) in seen.enumerate() {
        Pen::new(buffer, line_of(body, shown + number)).text(&request::line(review, place), look.theme.text);
    }
}
