//! The line below a page's title: which invalidation completed last and how long it took, and what the month has cost.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::context::ViewContext;
use super::page::inset;
use super::theme::mark;
use super::widget::pen::{TWO_SIDES, spans_width, two_sided};
use super::widget::text::{fit, width};
use super::{header, last, words};
use crate::app::activity::last_completed_of;
use crate::app::screen::Screen;
use crate::domain::distribution::Target;
use crate::domain::observation::Took;
use crate::engine::row::{Row, row};

/// How verbosely the invalidation is described.
#[derive(Clone, Copy)]
enum Form {
    /// The description is spelled out, so that it needs no explanation.
    Long,
    Brief,
}

/// Draws the line. The cost is never truncated. If there is not enough room, the cost is shortened first, and then the
/// invalidation. On a wide terminal, the header shows the cost instead.
pub(super) fn draw(look: ViewContext<'_>, terminal: u16, buffer: &mut Buffer, line: Rect) {
    let line = inset(line);
    let months = words::used_this_month(look.model).filter(|_| !header::shows_month(terminal));
    let months = months.map_or_else(|| vec![String::new()], Vec::from);
    let least = months.iter().map(|month| width(month)).min().unwrap_or(0);
    let room = usize::from(line.width);
    let forms = lasts(look, room.saturating_sub(least + TWO_SIDES));
    let mut all = forms
        .iter()
        .flat_map(|last| months.iter().map(move |month| (last, month)));
    if let Some((last, month)) = all.find(|(last, month)| fits(last, month, room)) {
        two_sided(buffer, line, last, &[Span::styled(month.as_str(), look.theme.dim)]);
    }
}

fn fits(last: &[Span<'_>], month: &str, room: usize) -> bool {
    let (left, right) = (spans_width(last), width(month));
    let gap = if left > 0 && right > 0 { TWO_SIDES } else { 0 };
    left + gap + right <= room
}

/// Returns descriptions of the invalidation that completed last, from the longest to the shortest, which is empty.
fn lasts(look: ViewContext<'_>, room: usize) -> Vec<Vec<Span<'_>>> {
    let engine = &look.model.engine;
    let target = target(look);
    let own = target.and_then(|target| last_completed_of(engine, target));
    let key = if target.is_some() {
        own.as_ref()
    } else {
        look.activity().last_completed.as_ref()
    };
    let Some(row) = key.and_then(|key| row(engine, key)) else {
        return vec![Vec::new()];
    };
    // On a target's own page, its name is in the title.
    let label = if target.is_some() {
        String::new()
    } else {
        engine.label(row.target)
    };
    let whole = named(look, &row, Form::Long, &label);
    let mut with_items = whole.clone();
    with_items.extend(items(look, &row));
    let without_label = spans_width(&named(look, &row, Form::Brief, ""));
    let brief = fit(&label, room.saturating_sub(without_label + 2).max(1));
    let brief = named(look, &row, Form::Brief, &brief);
    vec![with_items, whole, brief, named(look, &row, Form::Brief, ""), Vec::new()]
}

/// Returns the target of the page, if it is about one.
fn target(look: ViewContext<'_>) -> Option<&Target> {
    match look.model.screen() {
        Screen::Invalidations(screen) => screen.target.as_ref(),
        _ => None,
    }
}

fn named<'a>(look: ViewContext<'_>, row: &Row<'_>, form: Form, label: &str) -> Vec<Span<'a>> {
    let theme = look.theme;
    let name = match form {
        Form::Long => "last completed ",
        Form::Brief => "last ",
    };
    let mut spans = vec![
        Span::styled(name, theme.dim),
        Span::styled(format!("{} ", mark::DONE), theme.done),
    ];
    if !label.is_empty() {
        spans.push(Span::styled(format!("{label}  "), theme.text));
    }
    spans.push(Span::styled(when(look, row), theme.text));
    if row.took.is_some() {
        let (took, style) = last::took_words(look, row);
        spans.push(Span::styled(format!("  {took}"), style));
    }
    spans
}

/// Returns when the invalidation completed, or, if only a bound is known, when it was created.
fn when(look: ViewContext<'_>, row: &Row<'_>) -> String {
    let completed = row.create_time.zip(row.took.and_then(Took::measured));
    match (completed, row.create_time) {
        (Some((created, took)), _) => last::made(look, created + took),
        (None, Some(created)) => format!("created {}", last::made(look, created)),
        (None, None) => String::new(),
    }
}

/// Returns the items, and a tag if the invalidation was not created from here.
fn items(look: ViewContext<'_>, row: &Row<'_>) -> Vec<Span<'static>> {
    let theme = look.theme;
    let mut spans = Vec::new();
    if row.items.is_some() {
        let (first, more) = words::items(row);
        spans.push(Span::styled(format!("  {first}"), theme.dim));
        spans.push(Span::styled(
            if more.is_empty() { more } else { format!(" {more}") },
            theme.dim,
        ));
    }
    if row.submission.is_none() {
        spans.push(Span::styled("  not from here", theme.dim));
    }
    spans
}
