//! The countdown overlay: how long a confirmed job can still be cancelled, and how.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::super::clock;
use super::super::context::ViewContext;
use super::super::widget::pen::{Pen, line_of};
use super::super::widget::text::{count, fit};
use super::kit::{Opened, columns, open};
use crate::engine::queue::until;

/// The preferred width, in columns.
const WIDTH: usize = 60;

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, buffer: &mut Buffer, room: Rect) {
    let (theme, model) = (look.theme, look.model);
    let Some(countdown) = model.engine.queue.countdown() else {
        return;
    };
    let Some(first) = countdown.ids.first().and_then(|id| model.engine.queue.get(id)) else {
        return;
    };
    let job = model.engine.queue.job(&first.job);
    let columns = columns(WIDTH, room);
    let Opened { body, .. } = open(look, buffer, room, "Sending", (columns, 3));
    let left = match until(&model.engine, countdown) {
        _ if countdown.is_stopping() => "cancelling…".to_owned(),
        Some(until) if until > model.engine.now => format!("sending in {}", clock::until(model.engine.now, until)),
        Some(_) => "sent when it is next in line".to_owned(),
        None => "saving to the ledger".to_owned(),
    };
    let items: usize = job.parts().map(|part| part.batch.items().len()).sum();
    let requests = match job.len() {
        1 => String::new(),
        several => format!(" in {}", count(several, "request")),
    };
    let amount = format!("{}{requests} to ", count(items, "item"));
    let name = fit(&job.name(), columns.saturating_sub(amount.len())).into_owned();
    Pen::new(buffer, line_of(body, 0)).spans(&[Span::styled(amount, theme.text), Span::styled(name, theme.strong)]);
    Pen::new(buffer, line_of(body, 2)).text(&left, theme.under_way);
}
