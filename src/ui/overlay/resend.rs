//! The overlay for resending refused submissions: each target with its items, the price, and the text to type.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Span;

use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::theme::mark;
use super::super::widget::pen::{line_of, rows_from, text_lines, two_sided};
use super::super::widget::text::{count, wrap};
use super::confirmation::{asked, confirm};
use super::kit::{Sheet, columns, part};
use super::waiting::label_and_items;
use crate::app::overlay::resend::Resend;
use crate::domain::submission::Submission;
use crate::engine::counting::price;

/// The preferred width, in columns.
const WIDTH: usize = 84;

/// Draws the overlay. Returns the position of the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    state: &Resend,
    mut scroller: Scroller<'_>,
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    let theme = look.theme;
    let columns = columns(WIDTH, room);
    let parts: Vec<&Submission> = state
        .ids
        .iter()
        .filter_map(|id| look.model.engine.queue.get(id))
        .collect();
    let reason = state.confirmation.as_ref().map(|confirmation| {
        let text = format!("{} {}", mark::WARNING, confirmation.reason);
        (wrap(&text, columns), asked(confirmation, columns).len())
    });
    let below = reason.as_ref().map_or(0, |(lines, rows)| 1 + lines.len() + rows);
    let sheet = Sheet {
        title: "Send again",
        size: (columns, 2 + parts.len() + below),
        border: if state.is_confirmed() { theme.dim } else { theme.wrong },
    };
    let opened = sheet.open(look, buffer, room);
    let body = opened.body;
    let items: usize = parts.iter().map(|part| part.batch.items().len()).sum();
    let amount = format!(
        "{} in {}, each under a new CallerReference",
        count(items, "item"),
        count(parts.len(), "request")
    );
    let price = price(&look.model.engine, items).words;
    let left = [Span::styled(amount, theme.strong)];
    two_sided(buffer, line_of(body, 0), &left, &[Span::styled(price, theme.dim)]);
    let rows = usize::from(body.height).saturating_sub(2 + below).max(1);
    let seen = scroller.lines(parts.len(), rows);
    opened.tell(look, buffer, &seen, parts.len());
    let shown = parts.get(seen).unwrap_or_default();
    for (number, part) in shown.iter().enumerate() {
        let id = Span::styled(part.target.id(), theme.dim);
        two_sided(buffer, line_of(body, 2 + number), &label_and_items(look, part), &[id]);
    }
    let (confirmation, (lines, rows)) = (state.confirmation.as_ref()?, reason?);
    let from = 2 + shown.len() + 1;
    text_lines(buffer, rows_from(body, from), &lines, theme.wrong);
    confirm(look, confirmation, buffer, part(body, from + lines.len(), rows))
}
