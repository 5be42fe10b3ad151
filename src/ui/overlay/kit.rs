//! The common parts of overlays: the box, its text, its input line, and its list of choices.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;
use tui_input::Input;

use crate::app::pointer::Hit;
use crate::ui::context::ViewContext;
use crate::ui::footer;
use crate::ui::memory::{Scroller, ViewMemory};
use crate::ui::theme::mark;
use crate::ui::widget::dialog::{Dialog, FRAME};
use crate::ui::widget::field::field;
use crate::ui::widget::pen::{Pen, columns_of, line_of, rows_from, span_lines, spans_width, text_lines};
use crate::ui::widget::text::{thousands, wrap};

/// Returns the width of a box's contents: the preferred one, or less if there is not enough room.
pub(super) fn columns(asked: usize, room: Rect) -> usize {
    asked.min(usize::from(room.width.saturating_sub(FRAME.0)))
}

/// A box to draw.
pub(super) struct Sheet<'a> {
    /// The title.
    pub(super) title: &'a str,
    /// The size of the contents in columns and rows, if there is room.
    pub(super) size: (usize, usize),
    /// The style of the border.
    pub(super) border: Style,
}

impl Sheet<'_> {
    /// Draws the box, with the available keys at its bottom.
    pub(super) fn open(&self, look: ViewContext<'_>, buffer: &mut Buffer, room: Rect) -> Opened {
        const KEYS: u16 = 2;
        let dialog = Dialog {
            title: self.title,
            title_style: look.theme.strong.remove_modifier(Modifier::DIM),
            border: self.border,
            base: look.theme.base,
        };
        let size = |wanted: usize| u16::try_from(wanted).unwrap_or(u16::MAX);
        let (columns, rows) = self.size;
        let (inside, outside) = dialog.draw(buffer, room, (size(columns), size(rows).saturating_add(KEYS)));
        let last = Rect::new(
            inside.x,
            inside.bottom().saturating_sub(1),
            inside.width,
            inside.height.min(1),
        );
        footer::actions(look, buffer, last);
        // There is a blank line before the keys, unless the contents need it.
        let keys = if inside.height > size(rows) { KEYS } else { 1 };
        Opened {
            body: Rect::new(inside.x, inside.y, inside.width, inside.height.saturating_sub(keys)),
            border: line_of(outside, usize::from(outside.height).saturating_sub(1)),
        }
    }
}

/// A box that has been drawn.
pub(super) struct Opened {
    /// The area of the contents.
    pub(super) body: Rect,
    /// The line of the lower border.
    pub(super) border: Rect,
}

impl Opened {
    /// Shows in the border which part of a list is visible, unless all of it is.
    pub(super) fn tell(&self, look: ViewContext<'_>, buffer: &mut Buffer, seen: &Range<usize>, len: usize) {
        if seen.len() >= len || seen.is_empty() {
            return;
        }
        let (from, to, all) = (seen.start as u64 + 1, seen.end as u64, len as u64);
        let text = format!(" {}–{} of {} ", thousands(from), thousands(to), thousands(all));
        let line = columns_of(self.border, 2, usize::from(self.border.width.saturating_sub(4)));
        Pen::new(buffer, line).right(&text, look.theme.dim_over());
    }

    /// Scrolls a list of `len` lines that starts at row `from`. Returns the visible part.
    pub(super) fn scroll(
        &self,
        look: ViewContext<'_>,
        buffer: &mut Buffer,
        scroller: &mut Scroller<'_>,
        (from, len): (usize, usize),
    ) -> Range<usize> {
        let seen = scroller.lines(len, usize::from(self.body.height).saturating_sub(from));
        self.tell(look, buffer, &seen, len);
        seen
    }
}

/// Draws an ordinary box.
pub(super) fn open(
    look: ViewContext<'_>,
    buffer: &mut Buffer,
    room: Rect,
    title: &str,
    size: (usize, usize),
) -> Opened {
    let sheet = Sheet {
        title,
        size,
        border: look.theme.dim,
    };
    sheet.open(look, buffer, room)
}

/// Draws a box with lines that scroll, as wide as the longest line within these limits.
pub(super) fn report(
    (look, title): (ViewContext<'_>, &str),
    lines: &[Vec<Span<'_>>],
    (least, most): (usize, usize),
    mut scroller: Scroller<'_>,
    buffer: &mut Buffer,
    room: Rect,
) {
    let widest = lines.iter().map(|line| spans_width(line)).max().unwrap_or(0);
    let opened = open(look, buffer, room, title, (widest.clamp(least, most), lines.len()));
    let seen = opened.scroll(look, buffer, &mut scroller, (0, lines.len()));
    span_lines(buffer, opened.body, lines.get(seen).unwrap_or_default());
}

/// Draws a box with a question that the user answers with the keys shown.
pub(super) fn ask(
    look: ViewContext<'_>,
    (title, question): (&str, &str),
    columns: usize,
    buffer: &mut Buffer,
    room: Rect,
) {
    let lines = wrap(question, columns);
    let Opened { body, .. } = open(look, buffer, room, title, (columns, lines.len()));
    text_lines(buffer, body, &lines, look.theme.text);
}

/// Draws an input line after its mark. Returns the position of the terminal's cursor.
pub(super) fn input_line(look: ViewContext<'_>, input: &Input, buffer: &mut Buffer, line: Rect) -> Option<Position> {
    typed(look, ("›", input.value()), input.cursor(), buffer, line)
}

/// Draws the user's input after a mark. Returns the position of the terminal's cursor.
pub(super) fn typed(
    look: ViewContext<'_>,
    (sign, text): (&str, &str),
    cursor: usize,
    buffer: &mut Buffer,
    line: Rect,
) -> Option<Position> {
    Pen::new(buffer, line).text(sign, look.theme.accent);
    let typed = columns_of(line, 2, usize::from(line.width));
    field(buffer, typed, text, cursor, look.theme.strong)
}

/// Returns the wrapped sentence about a mistake, preceded by a mark; empty if there is no mistake.
pub(super) fn mistake_lines(mistake: Option<&str>, columns: usize) -> Vec<String> {
    let marked = mistake.map(|mistake| format!("{} {mistake}", mark::WRONG));
    marked.map(|mistake| wrap(&mistake, columns)).unwrap_or_default()
}

/// Returns the part of an area that is available for a list above this many reserved rows.
pub(super) fn list_above(area: Rect, rows: usize) -> Rect {
    let rows = u16::try_from(rows).unwrap_or(u16::MAX);
    Rect {
        height: area.height.saturating_sub(rows),
        ..area
    }
}

pub(super) fn part(area: Rect, from: usize, rows: usize) -> Rect {
    let rest = rows_from(area, from);
    let rows = u16::try_from(rows).unwrap_or(u16::MAX);
    Rect {
        height: rest.height.min(rows),
        ..rest
    }
}

/// Draws a line of a list of choices: its mark, then what `draw` writes.
pub(super) fn choice(
    look: ViewContext<'_>,
    (place, selected): (usize, usize),
    buffer: &mut Buffer,
    line: Rect,
    draw: impl FnOnce(&mut Pen<'_>),
) {
    let theme = look.theme;
    let is_selected = place == selected;
    look.hits.put(line, Hit::Choice(place));
    let mut pen = Pen::new(buffer, line);
    pen.text(if is_selected { theme.selected_mark } else { " " }, theme.accent);
    draw(&mut pen);
    if is_selected {
        theme.select(buffer, line);
    }
}

/// Draws as many choices as fit, including the selected one. Returns the number drawn.
pub(super) fn choices<T>(
    (look, memory): (ViewContext<'_>, &mut ViewMemory),
    (entries, selected): (&[T], usize),
    buffer: &mut Buffer,
    list: Rect,
    mut draw: impl FnMut(&T, &mut Pen<'_>),
) -> usize {
    let selected = selected.min(entries.len().saturating_sub(1));
    let seen = memory.overlay.around(selected, entries.len(), usize::from(list.height));
    let shown = entries.get(seen.clone()).unwrap_or_default();
    for (number, entry) in shown.iter().enumerate() {
        let place = (seen.start + number, selected);
        choice(look, place, buffer, line_of(list, number), |pen| draw(entry, pen));
    }
    shown.len()
}
