//! The area below the table: the panel for the selected invalidation, and the hint about older ones.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::super::context::ViewContext;
use super::super::page::{self, Areas};
use super::super::widget::pen::{Pen, TWO_SIDES, spans_width, two_sided};
use super::super::widget::text::{count, width};
use super::super::{status, words};
use super::note;
use crate::app::screen::invalidations::Invalidations;
use crate::domain::maker::Maker;
use crate::engine::row::{Row, row};

/// Draws the panel: the items, the reason for the state, and the attempts.
pub(super) fn draw(look: ViewContext<'_>, screen: &Invalidations, buffer: &mut Buffer, areas: &Areas) {
    let Some(row) = screen.list.selected_key().and_then(|key| row(&look.model.engine, key)) else {
        return;
    };
    let theme = look.theme;
    let [first, second] = page::panel(look, buffer, areas);
    let items = row.items.unwrap_or_default();
    let total = if items.is_empty() {
        String::new()
    } else {
        count(items.len(), "item")
    };
    let room = usize::from(first.width).saturating_sub(width(&total) + 2);
    let shown = words::some_items(&row, room);
    two_sided(
        buffer,
        first,
        &[Span::styled(shown, theme.text)],
        &[Span::styled(total, theme.dim)],
    );
    let about = about(look, &row);
    let room = usize::from(second.width).saturating_sub(spans_width(&about) + TWO_SIDES);
    two_sided(buffer, second, &about, &sent(look, &row, room));
}

/// Returns the reason for an invalidation's state or its expected completion, or else the user's note or the caller
/// reference.
fn about<'a>(look: ViewContext<'a>, row: &Row<'_>) -> Vec<Span<'a>> {
    let theme = look.theme;
    let reason = row.submission.and_then(|submission| status::reason(look, submission));
    if let Some(reason) = reason.or_else(|| row.unreadable.map(str::to_owned)) {
        let (mark, style) = status::marked(theme, row, false);
        return vec![
            Span::styled(format!("{mark} "), style),
            Span::styled(reason, theme.text),
        ];
    }
    if let Some(expectation) = status::expected(look, row) {
        return vec![Span::styled(expectation, theme.text)];
    }
    if let Some(note) = note(row) {
        return vec![
            Span::styled("note ", theme.dim),
            Span::styled(note.to_owned(), theme.text),
        ];
    }
    let reference = words::reference(look.model, row);
    reference.map_or_else(Vec::new, |reference| {
        let maker = row.submission.is_none().then(|| Maker::of(&reference)).flatten();
        let made = maker.map(|maker| Span::styled(format!("  created by {}", maker.words()), theme.dim));
        let reference = [
            Span::styled("CallerReference ", theme.dim),
            Span::styled(reference, theme.text),
        ];
        reference.into_iter().chain(made).collect()
    })
}

/// Describes whether another window is sending the submission, the number of attempts, and the request ID for AWS
/// Support.
fn sent<'a>(look: ViewContext<'a>, row: &Row<'_>, room: usize) -> Vec<Span<'a>> {
    let Some(submission) = row.submission.filter(|submission| submission.attempts > 0) else {
        return Vec::new();
    };
    let in_another_window = look.model.engine.queue.is_elsewhere(&submission.id);
    let whose = if in_another_window { "in another window · " } else { "" };
    let mut text = format!("{whose}attempt {}", submission.attempts);
    // A refusal's reason already contains the request ID.
    if let (Some(id), None) = (&submission.request_id, status::reason(look, submission)) {
        let request = format!(" · request {id}");
        // AWS Support cannot use half an id.
        if width(&text) + width(&request) <= room {
            text.push_str(&request);
        }
    }
    vec![Span::styled(text, look.theme.dim)]
}

/// Draws a hint below the last row if there are older invalidations.
pub(super) fn older(look: ViewContext<'_>, screen: &Invalidations, buffer: &mut Buffer, line: Rect) {
    let history = screen
        .target
        .as_ref()
        .and_then(|target| look.model.engine.histories.get(target));
    let text = match history {
        Some(history) if history.loading_older.is_some() => "loading older ones…",
        Some(history) if history.older.is_some() && !screen.list.view.is_filtered() => {
            "older ones load as you scroll down"
        }
        Some(history) if history.older.is_some() => "older ones were not loaded",
        Some(_) | None => return,
    };
    Pen::new(buffer, page::cells_of(line)).text(text, look.theme.dim);
}
