//! A pen that writes on a single line and never beyond it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::text::{fit, width};

/// A pen that writes from left to right and stops at the end of its line.
pub(crate) struct Pen<'a> {
    buffer: &'a mut Buffer,
    x: u16,
    y: u16,
    end: u16,
}

impl<'a> Pen<'a> {
    /// Creates a pen at the start of an area's first line; it writes nothing if the area has no line.
    pub(crate) fn new(buffer: &'a mut Buffer, area: Rect) -> Self {
        let line = area.intersection(buffer.area);
        let end = if line.height == 0 { line.x } else { line.right() };
        Self {
            buffer,
            x: line.x,
            y: line.y,
            end,
        }
    }

    /// Returns the number of remaining columns.
    pub(crate) fn room(&self) -> usize {
        usize::from(self.end.saturating_sub(self.x))
    }

    /// Returns the position of the next character.
    pub(crate) fn position(&self) -> (u16, u16) {
        (self.x, self.y)
    }

    /// Writes text, truncated with an ellipsis if it does not fit.
    pub(crate) fn text(&mut self, text: &str, style: Style) -> &mut Self {
        let room = self.room();
        if room > 0 {
            let text = fit(text, room);
            (self.x, _) = self.buffer.set_stringn(self.x, self.y, text, room, style);
        }
        self
    }

    /// Writes one grapheme that is already escaped, without measuring it.
    pub(crate) fn raw(&mut self, grapheme: &str, style: Style) -> &mut Self {
        let room = self.room();
        if room > 0 {
            (self.x, _) = self.buffer.set_stringn(self.x, self.y, grapheme, room, style);
        }
        self
    }

    /// Skips columns without changing them.
    pub(crate) fn skip(&mut self, columns: usize) -> &mut Self {
        let columns = columns.min(self.room());
        self.x += u16::try_from(columns).unwrap_or(0);
        self
    }

    /// Writes spans one after another.
    pub(crate) fn spans(&mut self, spans: &[Span<'_>]) -> &mut Self {
        for span in spans {
            self.text(&span.content, span.style);
        }
        self
    }

    /// Writes text aligned to the end of the line.
    pub(crate) fn right(&mut self, text: &str, style: Style) -> &mut Self {
        let blank = self.room().saturating_sub(width(text));
        self.skip(blank).text(text, style)
    }
}

/// Returns the total width of spans written one after another.
pub(crate) fn spans_width(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| width(&span.content)).sum()
}

/// The number of blank columns between the two sides of a line.
pub(crate) const TWO_SIDES: usize = 2;

/// Draws one line with spans on its left and right. If both do not fit, the right side is truncated to the room that
/// the left one leaves, or to a third of the line if that is more.
pub(crate) fn two_sided(buffer: &mut Buffer, line: Rect, left: &[Span<'_>], right: &[Span<'_>]) {
    let room = usize::from(line.width);
    let wanted = spans_width(right);
    let kept = wanted.min(room.saturating_sub(spans_width(left) + TWO_SIDES).max(room / 3));
    let kept = if wanted == 0 { 0 } else { kept };
    let split = room - kept;
    let left_room = if kept == 0 {
        room
    } else {
        split.saturating_sub(TWO_SIDES)
    };
    Pen::new(buffer, columns_of(line, 0, left_room)).spans(left);
    Pen::new(buffer, columns_of(line, split, kept)).spans(right);
}

/// Returns the part of a line with this many columns, starting at column `from`.
pub(crate) fn columns_of(line: Rect, from: usize, columns: usize) -> Rect {
    let from = u16::try_from(from).unwrap_or(u16::MAX).min(line.width);
    let columns = u16::try_from(columns).unwrap_or(u16::MAX).min(line.width - from);
    Rect::new(line.x.saturating_add(from), line.y, columns, line.height)
}

/// Returns the line with this number in an area, or an empty area if the number is too large.
pub(crate) fn line_of(area: Rect, number: usize) -> Rect {
    let number = u16::try_from(number).unwrap_or(u16::MAX);
    if number >= area.height {
        return Rect::new(area.x, area.y, 0, 0);
    }
    Rect::new(area.x, area.y + number, area.width, 1)
}

/// Returns the area below the first rows of an area.
pub(crate) fn rows_from(area: Rect, rows: usize) -> Rect {
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(area.height);
    Rect::new(area.x, area.y + rows, area.width, area.height - rows)
}

/// Draws lines in one style, starting at the first line of an area.
pub(crate) fn text_lines(buffer: &mut Buffer, area: Rect, lines: &[String], style: Style) {
    for (number, line) in lines.iter().enumerate() {
        Pen::new(buffer, line_of(area, number)).text(line, style);
    }
}

/// Draws lines in several styles, starting at the first line of an area.
pub(crate) fn span_lines(buffer: &mut Buffer, area: Rect, lines: &[Vec<Span<'_>>]) {
    for (number, line) in lines.iter().enumerate() {
        Pen::new(buffer, line_of(area, number)).spans(line);
    }
}

/// Returns lines in one style: the first one follows `before`, and the others are aligned with it.
pub(crate) fn hanging<'a>(before: &Span<'a>, lines: Vec<String>, style: Style) -> Vec<Vec<Span<'a>>> {
    let blank = Span::styled(" ".repeat(spans_width(std::slice::from_ref(before))), before.style);
    let befores = std::iter::once(before).chain(std::iter::repeat(&blank));
    let line = |(before, line): (&Span<'a>, String)| vec![before.clone(), Span::styled(line, style)];
    befores.zip(lines).map(line).collect()
}

/// Draws a thin horizontal line.
pub(crate) fn rule(buffer: &mut Buffer, line: Rect, style: Style) {
    let line = line.intersection(buffer.area);
    for x in line.left()..line.right() {
        if let Some(cell) = buffer.cell_mut((x, line.y)).filter(|_| line.height > 0) {
            cell.set_symbol("─").set_style(style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(columns: u16, left: &str, right: &str) -> String {
        let area = Rect::new(0, 0, columns, 1);
        let mut buffer = Buffer::empty(area);
        two_sided(&mut buffer, area, &[Span::raw(left)], &[Span::raw(right)]);
        buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    #[test]
    fn two_sides_share_a_line() {
        assert_eq!(line(12, "left", "right"), "left   right");
        assert_eq!(line(12, "left side", "right"), "left …  rig…");
        assert_eq!(line(12, "left", "the right side"), "left  the r…");
        assert_eq!(line(5, "left side", ""), "left…");
        assert_eq!(line(0, "left", "right"), "");
    }

    #[test]
    fn a_pen_outside_the_buffer_writes_nothing() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 1));
        Pen::new(&mut buffer, Rect::new(7, 7, 9, 9)).text("x", Style::new());
        Pen::new(&mut buffer, Rect::new(2, 0, 9, 9))
            .text("xyz", Style::new())
            .skip(9)
            .text("z", Style::new());
        assert_eq!(buffer, Buffer::with_lines(["  …"]));
    }
}
