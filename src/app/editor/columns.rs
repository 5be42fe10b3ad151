//! Bytes of a line and cells of the screen: widths, and the part of a line that a window shows.
//!
//! Widths are summed by grapheme, as ratatui lays them out. Lines that begin in ASCII, as paths do, cost next to nothing
//! there; else a question costs the graphemes before the place asked about.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::grapheme;

/// A grapheme and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The grapheme as it is in the text; a control character has to be drawn as something else, as wide as `width`.
    pub text: &'a str,
    /// Where it begins in the line, in bytes.
    pub byte: usize,
    /// Where it begins on the screen, in cells from the line's start.
    pub column: usize,
    /// How many cells it takes, at least 1.
    pub width: usize,
}

/// How many cells a grapheme takes: its terminal width, but 1 for what terminals show no cell for (control and format
/// characters, a combining mark without a letter), since the cursor has to be seen before and behind it.
#[must_use]
pub fn grapheme_width(grapheme: &str) -> usize {
    grapheme.width().max(1)
}

/// The cells that a whole line takes.
#[cfg(test)]
pub(super) fn width(line: &str) -> usize {
    column_at(line, line.len())
}

/// The cell in which the grapheme at `byte` (or around it) begins; behind the line, the line's width.
#[must_use]
pub fn column_at(line: &str, byte: usize) -> usize {
    let (head, _) = line.split_at_checked(grapheme::floor(line, byte)).unwrap_or((line, ""));
    if head.is_ascii() {
        return head.len();
    }
    cells_from(head, plain(head, head.len()))
        .last()
        .map_or(0, |cell| cell.column + cell.width)
}

/// The first byte of the grapheme that covers cell `column`; the line's length if the line is not so wide.
#[must_use]
pub fn byte_at(line: &str, column: usize) -> usize {
    cells(line, column..column.saturating_add(1))
        .next()
        .map_or(line.len(), |cell| cell.byte)
}

/// The graphemes that a window over these columns shows, in order. A wide one that is cut by the window's edge is among
/// them: its `column` is before the window, or its end behind it.
pub fn cells(line: &str, columns: Range<usize>) -> impl Iterator<Item = Cell<'_>> {
    cells_from(line, plain(line, columns.start))
        .skip_while(move |cell| cell.column + cell.width <= columns.start)
        .take_while(move |cell| cell.column < columns.end)
}

/// The cells from byte `start`, before which each byte is one cell.
fn cells_from(line: &str, start: usize) -> impl Iterator<Item = Cell<'_>> {
    let (_, tail) = line.split_at_checked(start).unwrap_or(("", line));
    tail.grapheme_indices(true).scan(start, move |column, (byte, text)| {
        let cell = Cell {
            text,
            byte: start + byte,
            column: *column,
            width: grapheme_width(text),
        };
        *column += cell.width;
        Some(cell)
    })
}

/// How many bytes at the start, at most `limit`, are one cell each: ASCII, except the last before something else, which
/// may be a letter to a combining mark.
fn plain(line: &str, limit: usize) -> usize {
    let head = line.as_bytes().get(..=limit).unwrap_or(line.as_bytes());
    head.iter()
        .position(|byte| !byte.is_ascii())
        .unwrap_or(head.len())
        .saturating_sub(1)
}
