//! The editor's commands, and the result of each.

use super::history::Run;
use super::selection::Position;

/// A command for the editor, from the user, a fix or an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Change the text: one undo step, or a part of one during a run of typing.
    Edit(Edit),
    /// Move the cursor and drop the selection. `Left` and `Right` only collapse a selection to that end.
    Move(Motion),
    /// Move the cursor and keep the other end of the selection; without a selection, one starts at the old position.
    Extend(Motion),
    /// Select from `anchor` to `cursor`, for a match or a mouse; positions are clamped.
    Select {
        /// The end that does not move.
        anchor: Position,
        /// The end that moves.
        cursor: Position,
    },
    /// Select the whole text, with the cursor at its end.
    SelectAll,
    /// Return the selected text, or the cursor's line with a line break, as [`Change::copied`]; nothing for an empty
    /// line.
    Copy,
    /// Copy, then delete what was copied; without a selection, the whole line, like [`Edit::DeleteLines`].
    Cut,
    /// Undo the last step, restoring the cursor and selection before it.
    Undo,
    /// Redo the step that was undone last, restoring the cursor and selection after it.
    Redo,
}

/// A change to the text. If there is a selection, insertions replace it and deletions delete only it. *The lines* are
/// those that the selection touches (except a last line in which nothing is selected), or the cursor's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Insert a typed character; `\n` and `\r` are a [`Newline`](Self::Newline).
    InsertChar(char),
    /// Insert a paste: `\r\n`, `\r` and `\n` end a line; everything else is kept byte for byte, including control
    /// characters.
    InsertText(String),
    /// Split the line at the cursor.
    Newline,
    /// Delete the grapheme before the cursor; at the start of a line, join the line to the one above.
    Backspace,
    /// Delete the grapheme after the cursor; at the end of a line, join the next line to it.
    Delete,
    /// Delete back to where [`Motion::WordLeft`] goes.
    DeleteWordBack,
    /// Delete up to where [`Motion::WordRight`] goes.
    DeleteWordForward,
    /// Delete from the line's start to the cursor; at the start of the line, do nothing.
    DeleteToLineStart,
    /// Delete from the cursor to the line's end; at the end of the line, do nothing.
    DeleteToLineEnd,
    /// Delete the lines; the cursor goes to the start of the line after them.
    DeleteLines,
    /// Swap the lines with the one above.
    MoveLinesUp,
    /// Swap the lines with the one below.
    MoveLinesDown,
    /// Turn the lines into comments (prefixed with `# `, blank lines unchanged), or back into items if all of them are
    /// comments.
    ToggleComment,
    /// Sort the lines in byte order, with blank ones last; if fewer than two are touched, sort all lines.
    SortLines,
    /// Replace the text of each given line (counted from 0) in a single step: a fix, or all safe fixes. Text with line
    /// breaks becomes several lines. Lines that do not exist are ignored; if a line is given twice, the later text
    /// wins.
    ReplaceLines(Vec<(usize, String)>),
    /// Insert whole lines above line `at`, or at the end if there are fewer lines: an import. If the text is empty,
    /// they replace it.
    InsertLines {
        /// The index that the first inserted line gets, counted from 0.
        at: usize,
        /// The lines; one that contains line breaks becomes several.
        lines: Vec<String>,
    },
    /// Replace the whole text (a saved list, `$EDITOR`). A line break at the very end leaves an empty last line.
    SetText(String),
}

/// A movement of the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// One grapheme back; from a line's start to the end of the line above.
    Left,
    /// One grapheme forward; from a line's end to the start of the line below.
    Right,
    /// One line up, in the same display column, or at the line's end if it is shorter.
    Up,
    /// One line down, in the same display column, or at the line's end if it is shorter.
    Down,
    /// To the start of the word before the cursor; from a line's start to the end of the line above. A word consists of
    /// letters, digits, `_`, `%` and everything beyond ASCII, so that in a path the cursor moves by segments and parts
    /// of them.
    WordLeft,
    /// To the end of the word after the cursor; from a line's end to the start of the line below.
    WordRight,
    /// To the start of the line.
    LineStart,
    /// To the end of the line.
    LineEnd,
    /// This many lines up, like `Up`.
    PageUp(usize),
    /// This many lines down, like `Down`.
    PageDown(usize),
    /// To the start of the text.
    Top,
    /// To the end of the text.
    Bottom,
    /// To the start of this line, counted from 0; to the last line if there are fewer.
    Line(usize),
    /// To this position, clamped to the text and to the start of a grapheme.
    Position(Position),
}

impl From<Edit> for Command {
    fn from(edit: Edit) -> Self {
        Self::Edit(edit)
    }
}

impl Command {
    /// Returns the run of keys that this command belongs to; a run is undone as a whole.
    pub(super) fn run(&self) -> Option<Run> {
        match self {
            Self::Edit(Edit::InsertChar(character)) if !matches!(character, '\n' | '\r') => Some(Run::Typing),
            Self::Edit(Edit::Backspace) => Some(Run::Erasing),
            Self::Edit(Edit::Delete) => Some(Run::Deleting),
            Self::Edit(_)
            | Self::Move(_)
            | Self::Extend(_)
            | Self::Select { .. }
            | Self::SelectAll
            | Self::Copy
            | Self::Cut
            | Self::Undo
            | Self::Redo => None,
        }
    }
}

/// The result of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The changes to the lines; empty if the text is unchanged.
    pub splices: Vec<Splice>,
    /// Whether the cursor or the selection changed.
    pub moved: bool,
    /// The text for the clipboard, after a copy or cut.
    pub copied: Option<String>,
}

impl Change {
    /// Returns whether nothing changed at all. If so, nothing has to be drawn, saved or reported.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.splices.is_empty() && !self.moved && self.copied.is_none()
    }
}

/// A replacement of `removed` lines at `start` with `inserted` new ones.
///
/// The splices of a [`Change`] are in ascending order and do not overlap. Applied in order to data parallel to the old
/// lines, they produce data parallel to the new ones; each `start` is the line's index in the new text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Splice {
    /// The first affected line, from 0.
    pub start: usize,
    /// The number of old lines that were removed.
    pub removed: usize,
    /// The number of new lines in their place.
    pub inserted: usize,
}
