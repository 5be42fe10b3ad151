//! A single-line text field.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::pen::Pen;
use super::text::{ELLIPSIS, width};

/// Draws the text so that the position before its `cursor`th character is visible. Returns the position of the
/// terminal's cursor.
pub(crate) fn field(buffer: &mut Buffer, area: Rect, text: &str, cursor: usize, style: Style) -> Option<Position> {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return None;
    }
    let at = text.char_indices().nth(cursor).map_or(text.len(), |(at, _)| at);
    let (before, after) = text.split_at(at);
    let start = hidden(before, usize::from(area.width).saturating_sub(1));
    let mut pen = Pen::new(buffer, area);
    if start > 0 {
        pen.text(ELLIPSIS, style);
    }
    pen.text(&before[start..], style);
    let (x, y) = pen.position();
    pen.text(after, style);
    Some(Position::new(x.min(area.right() - 1), y))
}

/// Returns the number of leading bytes to hide so that the end of the text fits into this width.
fn hidden(text: &str, columns: usize) -> usize {
    if width(text) <= columns {
        return 0;
    }
    let starts = text.char_indices().map(|(at, _)| at).skip(1);
    let fits = |at: &usize| width(&text[*at..]) < columns;
    starts.into_iter().find(fits).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    fn draw(columns: u16, text: &str, cursor: usize) -> (String, u16) {
        let area = Rect::new(0, 0, columns, 1);
        let mut buffer = Buffer::empty(area);
        let at = field(&mut buffer, area, text, cursor, Style::new()).unwrap();
        (buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect(), at.x)
    }

    #[test]
    fn the_cursor_is_always_seen() {
        assert_eq!(draw(6, "abc", 3), ("abc   ".to_owned(), 3));
        assert_eq!(draw(6, "abc", 1), ("abc   ".to_owned(), 1));
        assert_eq!(draw(6, "abcdefgh", 8), ("…efgh ".to_owned(), 5));
        assert_eq!(draw(6, "abcdefgh", 0), ("abcde…".to_owned(), 0));
        assert_eq!(draw(6, "日本語日", 4), ("…語 日  ".to_owned(), 5));
        assert_eq!(draw(1, "abc", 3), ("…".to_owned(), 0));
    }
}
