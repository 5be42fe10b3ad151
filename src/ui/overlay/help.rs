//! The help overlay: the keys that work on the page or overlay below it, and why the other keys do not work now. A
//! search limits the list to the entries that contain the search text.

use std::collections::HashSet;
use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::widget::pen::{Pen, columns_of, line_of, rows_from};
use super::super::widget::text::{width, wrap};
use super::kit::{open, typed};
use crate::app::act::help::{sections_with, sought};
use crate::app::availability::is_available;
use crate::app::keys::Section;
use crate::app::overlay::help::Help;
use crate::app::pointer::Hit;

/// The width of the keys, in columns.
const KEYS: usize = 16;
/// The minimum and maximum width of one help column.
const COLUMN: (usize, usize) = (56, 68);
/// The width of the help if there is only one column.
const ALONE: usize = 92;
/// The width of the box's border and padding, in columns.
const FRAME: usize = 6;

/// The width of the selection's mark before the keys, in columns.
const MARK: usize = 2;

/// A line of the help: a heading has no keys, and a continuation line has only text.
struct Line {
    /// The index of the line's action among all actions.
    choice: Option<usize>,
    keys: String,
    text: String,
    style: Style,
}

/// The number of rows of the search field, including the blank row below it.
const FIELD: usize = 2;

/// Draws the overlay, in two columns if there is room; `under` is the number of overlays below. Returns the position of
/// the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    (under, help): (usize, &Help),
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    let inside = usize::from(room.width).saturating_sub(FRAME);
    let all = columns(look, (under, ""), inside);
    let found = columns(look, (under, sought(help)), inside);
    // The size does not depend on the search text, so that the box does not move.
    let wide = wide(inside);
    let above = if help.sought.is_some() { FIELD } else { 0 };
    let opened = open(look, buffer, room, "Help", (wide * all.len(), above + len(&all)));
    let cursor = help.sought.as_ref().and_then(|input| {
        let line = line_of(opened.body, 0);
        typed(look, ("/", input.value()), input.cursor(), buffer, line)
    });
    let body = rows_from(opened.body, above);
    let len = len(&found);
    if len == 0 {
        Pen::new(buffer, line_of(body, 0)).text("no matching keys or actions", look.theme.dim);
        return cursor;
    }
    let seen = seen(&found, help.selected, memory, (len, usize::from(body.height)));
    opened.tell(look, buffer, &seen, len);
    for (number, lines) in found.iter().enumerate() {
        let place = columns_of(body, number * wide, wide);
        for (row, line) in lines.iter().skip(seen.start).take(seen.len()).enumerate() {
            draw_line(look, line, help.selected, buffer, line_of(place, row));
        }
    }
    cursor
}

/// Returns whether two columns fit.
fn is_two(inside: usize) -> bool {
    inside >= 2 * COLUMN.0
}

/// Returns the width of a column.
fn wide(inside: usize) -> usize {
    if is_two(inside) {
        (inside / 2).min(COLUMN.1)
    } else {
        ALONE.min(inside)
    }
}

/// Returns the number of lines in the longest column. Each block ends with a blank line, which is not counted after the
/// last block.
fn len(columns: &[Vec<Line>]) -> usize {
    columns.iter().map(Vec::len).max().unwrap_or(0).saturating_sub(1)
}

/// Returns the lines of the sections that match the search text, in one or two columns.
fn columns(look: ViewContext<'_>, (under, typed): (usize, &str), inside: usize) -> Vec<Vec<Line>> {
    let sections = sections_with(look.model, under, typed);
    let mut choices = 0;
    let blocks = sections.iter().map(|section| {
        let first = choices;
        choices += section.actions.len();
        block(look, section, first, wide(inside))
    });
    if is_two(inside) {
        balanced(blocks.collect())
    } else {
        vec![blocks.flatten().collect()]
    }
}

/// Returns the visible rows, including all rows of the selected action and, if it is the first action below a heading,
/// the heading.
fn seen(columns: &[Vec<Line>], selected: usize, memory: &mut ViewMemory, (len, rows): (usize, usize)) -> Range<usize> {
    let of_it = columns.iter().find_map(|lines| {
        let is_it = |line: &Line| line.choice == Some(selected);
        let first = lines.iter().position(is_it)?;
        let last = lines.iter().rposition(is_it)?;
        let heading = first.checked_sub(1).filter(|above| is_heading(lines, *above));
        Some((heading.unwrap_or(first), last))
    });
    let (first, last) = of_it.unwrap_or_default();
    memory.overlay.around(last, len, rows);
    memory.overlay.around(first, len, rows)
}

fn is_heading(lines: &[Line], place: usize) -> bool {
    lines.get(place).is_some_and(|line| line.choice.is_none())
}

/// Returns a heading and the actions below it, each with its keys in this context; `first` is the index of the first
/// action among all.
fn block(look: ViewContext<'_>, section: &Section, first: usize, wide: usize) -> Vec<Line> {
    let line = |choice, keys: &str, text: &str, style| Line {
        choice,
        keys: keys.to_owned(),
        text: text.to_owned(),
        style,
    };
    let mut lines = vec![line(None, "", section.title, look.theme.strong)];
    let mut given = HashSet::new();
    for (place, (entry, keys)) in (first..).zip(&section.actions) {
        let keys = keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let (text, style) = match is_available(look.model, entry.action) {
            Ok(()) => (entry.help.to_owned(), look.theme.text),
            // A reason that applies to several actions of a section is given once.
            Err(reason) if given.contains(&reason) => (entry.help.to_owned(), look.theme.dim),
            Err(reason) => {
                let text = format!("{} ({reason})", entry.help);
                given.insert(reason);
                (text, look.theme.dim)
            }
        };
        let indent = MARK + KEYS.max(width(&keys) + 1);
        for (number, text) in wrap(&text, wide.saturating_sub(indent + 2)).iter().enumerate() {
            let keys = if number == 0 { &keys } else { " " };
            lines.push(line(Some(place), keys, text, style));
        }
    }
    lines.push(line(None, "", "", look.theme.text));
    lines
}

/// Splits the blocks into two columns of nearly equal height without breaking a block.
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

fn draw_line(look: ViewContext<'_>, line: &Line, selected: usize, buffer: &mut Buffer, place: Rect) {
    let mut pen = Pen::new(buffer, place);
    let Some(choice) = line.choice else {
        pen.text(&line.text, line.style);
        return;
    };
    look.hits.put(place, Hit::Choice(choice));
    let begins = !line.keys.trim().is_empty();
    let mark = if begins && choice == selected {
        look.theme.selected_mark
    } else {
        " "
    };
    let blank = KEYS.saturating_sub(width(&line.keys)).max(1);
    pen.text(mark, look.theme.accent)
        .skip(MARK - 1)
        .text(&line.keys, look.theme.accent)
        .skip(blank)
        .text(&line.text, line.style);
    if choice == selected {
        look.theme.select(buffer, place);
    }
}
