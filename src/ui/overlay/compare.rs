//! The comparison overlay: the items that only one of two invalidations contains, and those that both contain.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::super::clock;
use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::widget::pen::{Pen, line_of, rows_from};
use super::super::widget::text::{chunks, thousands};
use super::kit::{columns, open};
use crate::app::overlay::compare::{Compare, Part};
use crate::engine::row::{RowKey, row};

/// The preferred width, in columns.
const WIDTH: usize = 92;
/// The number of rows above the items: the two invalidations, a blank line, the tabs.
const ABOVE: usize = 4;

/// Draws the overlay.
pub(super) fn draw(
    look: ViewContext<'_>,
    compare: &Compare,
    mut scroller: Scroller<'_>,
    buffer: &mut Buffer,
    room: Rect,
) {
    let theme = look.theme;
    let columns = columns(WIDTH, room);
    // The number of rows does not depend on the visible part, so that the box does not move.
    let longest = Part::ALL
        .map(|part| compare.items(part).len())
        .into_iter()
        .max()
        .unwrap_or(0);
    let opened = open(look, buffer, room, "Compare", (columns, ABOVE + longest.max(3)));
    let body = opened.body;
    for (number, (key, name)) in compare.rows.iter().zip(["A", "B"]).enumerate() {
        let mut spans = vec![Span::styled(format!("{name}  "), theme.strong)];
        spans.extend(side(look, key));
        Pen::new(buffer, line_of(body, number)).spans(&spans);
    }
    parts(look, compare, buffer, line_of(body, ABOVE - 1));
    let list = rows_from(body, ABOVE);
    let height = usize::from(list.height);
    let items = compare.items(compare.part);
    if items.is_empty() {
        let words = match compare.difference {
            Some(_) => "none".to_owned(),
            None => waiting(look, compare),
        };
        Pen::new(buffer, list).skip(2).text(&words, theme.dim);
        return;
    }
    let room = usize::from(list.width).saturating_sub(2);
    let tall = |item: usize| items.get(item).map_or(1, |item| chunks(item, room).len());
    let seen = scroller.flowing(items.len(), height, tall);
    let shown = items.get(seen.clone()).unwrap_or_default().iter();
    for (number, line) in shown.flat_map(|item| chunks(item, room)).take(height).enumerate() {
        Pen::new(buffer, line_of(list, number)).skip(2).text(&line, theme.text);
    }
    opened.tell(look, buffer, &seen, items.len());
}

/// Returns the target, id and time of one invalidation.
fn side<'a>(look: ViewContext<'a>, key: &RowKey) -> Vec<Span<'a>> {
    let theme = look.theme;
    let Some(row) = row(&look.model.engine, key) else {
        return vec![Span::styled("loading…", theme.dim)];
    };
    let made = row.submission.map(|submission| submission.created);
    let time = row.create_time.or(made);
    let time = time.map_or_else(String::new, |time| clock::moment(theme, look.model.engine.now, time));
    let id = row.id.map_or_else(String::new, ToString::to_string);
    // The label is the one from the time of the submission, because a target of another account has no current label.
    let label = row.submission.map(|submission| submission.label.clone());
    vec![
        Span::styled(label.unwrap_or_else(|| look.model.engine.label(row.target)), theme.text),
        Span::styled(format!("  {id}  {time}"), theme.dim),
    ]
}

fn parts(look: ViewContext<'_>, compare: &Compare, buffer: &mut Buffer, line: Rect) {
    let theme = look.theme;
    let mut pen = Pen::new(buffer, line);
    for part in Part::ALL {
        let here = part == compare.part;
        let name = match part {
            Part::First => "only in A",
            Part::Second => "only in B",
            Part::Both => "in both",
        };
        let mark = if here { theme.selected_mark } else { " " };
        pen.text(mark, theme.accent).skip(1);
        pen.text(name, if here { theme.strong } else { theme.dim }).skip(1);
        if compare.difference.is_some() {
            pen.text(&thousands(compare.items(part).len() as u64), theme.text);
        }
        pen.skip(4);
    }
}

/// Describes what is still loading or cannot be loaded.
fn waiting(look: ViewContext<'_>, compare: &Compare) -> String {
    let unreadable = compare
        .rows
        .iter()
        .find_map(|key| row(&look.model.engine, key)?.unreadable.map(str::to_owned));
    unreadable.unwrap_or_else(|| "loading the items…".to_owned())
}
