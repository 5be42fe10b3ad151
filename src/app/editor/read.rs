//! Read access for the view and the analysis.

use std::ops::Range;

use super::history::Revision;
use super::search::{self, Query};
use super::selection::Position;
use super::{Editor, columns};

#[expect(
    clippy::len_without_is_empty,
    reason = "there is always a line, so it would always be false"
)]
impl Editor {
    /// Returns the number of lines, at least 1.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buffer.len()
    }

    /// Returns line `index`, counted from 0; an empty string past the last line.
    #[must_use]
    pub fn line(&self, index: usize) -> &str {
        self.buffer.line(index)
    }

    /// Returns all lines in order.
    #[must_use = "an iterator does nothing by itself"]
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.buffer.lines()
    }

    /// Returns the whole text, with lines joined by `\n` and no trailing line break. Passing it to
    /// [`Edit::SetText`](super::Edit::SetText) changes nothing.
    #[must_use]
    pub fn text(&self) -> String {
        self.buffer.text(Position::default()..self.buffer.end())
    }

    /// Returns the cursor's position.
    #[must_use]
    pub fn cursor(&self) -> Position {
        self.caret.cursor
    }

    /// Returns the range of the selected text, which is never empty; the cursor is at one of its ends.
    #[must_use]
    pub fn selection(&self) -> Option<Range<Position>> {
        self.caret.selection()
    }

    /// Returns the cell where the grapheme at `position` starts, counted from 0 at the start of its line.
    #[must_use]
    pub fn column_at(&self, position: Position) -> usize {
        columns::column_at(self.line(position.line), position.byte)
    }

    /// Returns the position at a cell of the screen, such as that of a mouse click: the start of the grapheme that
    /// covers the cell, or the line's end.
    #[must_use]
    pub fn position_at(&self, line: usize, column: usize) -> Position {
        let line = line.min(self.len().saturating_sub(1));
        Position::new(line, columns::byte_at(self.line(line), column))
    }

    /// Returns the revision of the current text. Two equal revisions of one editor identify the same text. Undo
    /// returns to the earlier revision.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.history.revision()
    }

    /// Returns the first match that starts at or after `from`, wrapping to the top if there is none.
    #[must_use]
    pub fn find_next(&self, query: &Query, from: Position) -> Option<Range<Position>> {
        search::next(&self.buffer, query, from)
    }
}
