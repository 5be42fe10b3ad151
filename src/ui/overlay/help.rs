//! The keys of the page, from the table of actions.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::Look;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::super::widget::text::width;
use super::super::widget::window::scrolled;
use super::{READING, open};
use crate::app::action::{ACTIONS, Entry, Scope};
use crate::app::keys::{is_available, page_scopes};

/// The columns of the keys.
const KEYS: usize = 16;
/// The columns of one column of help.
const COLUMN: usize = 62;

/// A line of the help.
enum Line {
    Heading(&'static str),
    Key(&'static Entry),
    Blank,
}

/// Draws it, in two columns where there is room.
pub(super) fn draw(look: Look<'_>, scroll: usize, buffer: &mut Buffer, room: Rect) {
    let blocks: Vec<Vec<Line>> = page_scopes(look.model).iter().map(|scope| block(look, *scope)).collect();
    let two = usize::from(room.width) >= 2 * COLUMN + 6;
    let columns = if two { balanced(blocks) } else { vec![blocks.into_iter().flatten().collect()] };
    let len = columns.iter().map(Vec::len).max().unwrap_or(0);
    let widest = if two { 2 * COLUMN } else { COLUMN };
    let body = open(look, buffer, room, "Help", (widest, len), READING);
    let seen = scrolled(scroll, len, usize::from(body.height));
    for (number, column) in columns.iter().enumerate() {
        let place = columns_of(body, number * COLUMN, COLUMN);
        let lines = column.iter().skip(seen.start).take(seen.len());
        for (row, line) in lines.enumerate() {
            draw_line(look, line, buffer, line_of(place, row));
        }
    }
}

/// A scope's heading and its actions that have a key.
fn block(look: Look<'_>, scope: Scope) -> Vec<Line> {
    let keymap = &look.model.preferences.keymap;
    let entries = ACTIONS
        .iter()
        .filter(|entry| entry.scope == scope && !keymap.keys(entry.action).is_empty())
        .filter(|entry| is_available(look.model, entry.action) != Err(String::new()));
    let mut lines = vec![Line::Heading(scope.title())];
    lines.extend(entries.map(Line::Key));
    lines.push(Line::Blank);
    lines
}

/// Two columns, as equal as they can be without tearing a block.
fn balanced(blocks: Vec<Vec<Line>>) -> Vec<Vec<Line>> {
    let total: usize = blocks.iter().map(Vec::len).sum();
    let mut best = (usize::MAX, 0);
    let mut left = 0;
    for (number, block) in blocks.iter().enumerate() {
        left += block.len();
        best = best.min((left.max(total - left), number + 1));
    }
    let mut columns = vec![Vec::new(), Vec::new()];
    for (number, block) in blocks.into_iter().enumerate() {
        let side = usize::from(number >= best.1);
        if let Some(column) = columns.get_mut(side) {
            column.extend(block);
        }
    }
    columns
}

fn draw_line(look: Look<'_>, line: &Line, buffer: &mut Buffer, place: Rect) {
    let theme = look.theme;
    let mut pen = Pen::new(buffer, place);
    match line {
        Line::Heading(title) => {
            pen.text(title, theme.strong);
        }
        Line::Key(entry) => {
            let keys: Vec<_> = look.model.preferences.keymap.keys(entry.action).iter().map(ToString::to_string).collect();
            let keys = keys.join(" ");
            let style = if is_available(look.model, entry.action).is_ok() { theme.text } else { theme.dim };
            pen.text(&keys, theme.accent)
                .skip(KEYS.saturating_sub(width(&keys)).max(1))
                .text(entry.help, style);
        }
        Line::Blank => {}
    }
}
