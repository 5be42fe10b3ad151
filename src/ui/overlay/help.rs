//! The keys of the place below it, page or overlay: exactly what acts there.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::ViewContext;
use super::super::memory::Scroller;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::super::widget::text::{width, wrap};
use super::open;
use crate::app::keys::{Section, is_available, sections};

/// The columns of the keys.
const KEYS: usize = 16;
/// The columns of one column of help, at least and at most.
const COLUMN: (usize, usize) = (56, 68);
/// The columns of the help where there is one column only.
const ALONE: usize = 92;
/// The columns of the box's border and padding.
const FRAME: usize = 6;

/// A line of the help: a heading has no keys, a line that goes on neither.
struct Line {
    keys: String,
    text: String,
    style: Style,
}

/// Draws it, in two columns where there is room; `under` is how many overlays lie below.
pub(super) fn draw(look: ViewContext<'_>, under: usize, mut scroller: Scroller<'_>, buffer: &mut Buffer, room: Rect) {
    let inside = usize::from(room.width).saturating_sub(FRAME);
    let two = inside >= 2 * COLUMN.0;
    let wide = if two {
        (inside / 2).min(COLUMN.1)
    } else {
        ALONE.min(inside)
    };
    let sections = sections(look.model, under);
    let blocks = sections.iter().map(|section| block(look, section, wide));
    let columns = if two {
        balanced(blocks.collect())
    } else {
        vec![blocks.flatten().collect()]
    };
    // Each block ends with a blank line, which the last one does not need.
    let len = columns.iter().map(Vec::len).max().unwrap_or(0).saturating_sub(1);
    let opened = open(look, buffer, room, "Help", (wide * columns.len(), len));
    let seen = scroller.lines(len, usize::from(opened.body.height));
    opened.tell(look, buffer, &seen, len);
    for (number, lines) in columns.iter().enumerate() {
        let place = columns_of(opened.body, number * wide, wide);
        for (row, line) in lines.iter().skip(seen.start).take(seen.len()).enumerate() {
            draw_line(look, line, buffer, line_of(place, row));
        }
    }
}

/// A heading and the actions below it, each with the keys that mean it there.
fn block(look: ViewContext<'_>, section: &Section, wide: usize) -> Vec<Line> {
    let line = |keys: &str, text: &str, style| Line {
        keys: keys.to_owned(),
        text: text.to_owned(),
        style,
    };
    let mut lines = vec![line("", section.title, look.theme.strong)];
    for (action, keys) in &section.actions {
        let keys = keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let style = if is_available(look.model, *action).is_ok() {
            look.theme.text
        } else {
            look.theme.dim
        };
        let indent = KEYS.max(width(&keys) + 1);
        let help = wrap(action.entry().help, wide.saturating_sub(indent + 2));
        for (number, text) in help.iter().enumerate() {
            lines.push(line(if number == 0 { &keys } else { " " }, text, style));
        }
    }
    lines.push(line("", "", look.theme.text));
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

fn draw_line(look: ViewContext<'_>, line: &Line, buffer: &mut Buffer, place: Rect) {
    let mut pen = Pen::new(buffer, place);
    if !line.keys.is_empty() {
        let blank = KEYS.saturating_sub(width(&line.keys)).max(1);
        pen.text(&line.keys, look.theme.accent).skip(blank);
    }
    pen.text(&line.text, line.style);
}
