//! Maps bytes of a line to cells of the screen: computes widths, and the part of a line that a viewport shows.
//!
//! Widths are added up by grapheme, the way ratatui lays them out. If a line starts with ASCII, as paths do, that
//! part costs almost nothing; beyond it, the cost of a lookup is proportional to the number of graphemes before the
//! position.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::grapheme;

/// A grapheme with its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The grapheme as it appears in the text. A control character must be drawn as something else that is `width`
    /// cells wide.
    pub text: &'a str,
    /// The byte offset in the line.
    pub byte: usize,
    /// The cell offset from the start of the line.
    pub column: usize,
    /// The number of cells, at least 1.
    pub width: usize,
}

/// Returns the number of cells that a grapheme takes: its terminal width, but at least 1 for zero-width graphemes
/// (control and format characters, a combining mark without a letter), because the cursor must be visible before and
/// after it.
#[must_use]
pub fn grapheme_width(grapheme: &str) -> usize {
    grapheme.width().max(1)
}

/// Returns the width of a whole line in cells.
#[cfg(test)]
pub(super) fn width(line: &str) -> usize {
    column_at(line, line.len())
}

/// Returns the cell in which the grapheme at or around `byte` starts; past the end of the line, the line's width.
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

/// Returns the first byte of the grapheme that covers cell `column`; the line's length if the line is shorter.
#[must_use]
pub fn byte_at(line: &str, column: usize) -> usize {
    cells(line, column..column.saturating_add(1))
        .next()
        .map_or(line.len(), |cell| cell.byte)
}

/// Returns the graphemes that a viewport over these columns shows, in order. A wide grapheme that crosses an edge is
/// included, so it may start before the viewport or end after it.
pub fn cells(line: &str, columns: Range<usize>) -> impl Iterator<Item = Cell<'_>> {
    cells_from(line, plain(line, columns.start))
        .skip_while(move |cell| cell.column + cell.width <= columns.start)
        .take_while(move |cell| cell.column < columns.end)
}

/// Returns the cells from byte `start` on; each byte before `start` must take one cell.
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

/// Returns how many bytes at the start, at most `limit`, take one cell each. These are ASCII characters, except the
/// last one before a non-ASCII character, which may be the base of a combining mark.
fn plain(line: &str, limit: usize) -> usize {
    let head = line.as_bytes().get(..=limit).unwrap_or(line.as_bytes());
    head.iter()
        .position(|byte| !byte.is_ascii())
        .unwrap_or(head.len())
        .saturating_sub(1)
}
