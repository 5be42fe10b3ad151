//! Positions in the text, and the cursor with its selection.

use std::ops::Range;

use super::buffer::Buffer;

/// A position between two graphemes of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 0.
    pub line: usize,
    /// The byte offset in the line. Cells of the screen are *columns*, see [`super::columns`].
    pub byte: usize,
}

impl Position {
    /// Creates the position before byte `byte` of line `line`, both from 0.
    #[must_use]
    pub fn new(line: usize, byte: usize) -> Self {
        Self { line, byte }
    }
}

/// The cursor and, if there is a selection, its other end, which does not move with the cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Caret {
    pub(super) cursor: Position,
    /// The other end of the selection; never equal to the cursor, because an empty selection does not exist.
    anchor: Option<Position>,
}

impl Caret {
    pub(super) fn new(anchor: Option<Position>, cursor: Position) -> Self {
        Self {
            cursor,
            anchor: anchor.filter(|anchor| *anchor != cursor),
        }
    }

    pub(super) fn at(cursor: Position) -> Self {
        Self { cursor, anchor: None }
    }

    pub(super) fn anchor_or_cursor(self) -> Position {
        self.anchor.unwrap_or(self.cursor)
    }

    pub(super) fn selection(self) -> Option<Range<Position>> {
        self.anchor
            .map(|anchor| anchor.min(self.cursor)..anchor.max(self.cursor))
    }

    /// Returns the range that an insertion replaces: the selection, or an empty range at the cursor.
    pub(super) fn range(self) -> Range<Position> {
        self.selection().unwrap_or(self.cursor..self.cursor)
    }

    /// Returns the touched lines. A last line in which nothing is selected is excluded, because that is how whole
    /// lines are selected.
    pub(super) fn lines(self) -> Range<usize> {
        let Range { start, end } = self.range();
        let open = end.byte == 0 && end.line > start.line;
        start.line..end.line + usize::from(!open)
    }

    pub(super) fn map(self, place: impl Fn(Position) -> Position) -> Self {
        Self::new(self.anchor.map(&place), place(self.cursor))
    }

    pub(super) fn clamped(self, buffer: &Buffer) -> Self {
        self.map(|position| buffer.clamp(position))
    }
}
