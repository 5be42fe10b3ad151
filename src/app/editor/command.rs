//! The editor's commands, and what each one changed.

use super::history::Run;
use super::selection::Position;

/// Everything a person, a fix or an import can ask of the editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Change the text: one undo step, or a part of one while a typing run lasts.
    Edit(Edit),
    /// Move the cursor and drop the selection. `Left` and `Right` only collapse a selection to that end of it.
    Move(Motion),
    /// Move the cursor and keep the other end of the selection, which begins here when there is none.
    Extend(Motion),
    /// Select from `anchor` to `cursor`, for a found match or a mouse; positions from outside are clamped.
    Select {
        /// The end that stays.
        anchor: Position,
        /// The end that moves on.
        cursor: Position,
    },
    /// Select the whole text, cursor at its end.
    SelectAll,
    /// Drop the selection, cursor where it is.
    Deselect,
    /// Give the selected text, or the cursor's line with a line break, as [`Change::copied`]; an empty line gives none.
    Copy,
    /// Copy, and delete what was copied; without a selection the whole line, as [`Edit::DeleteLines`] does.
    Cut,
    /// Take back the last step, with the cursor and selection before it.
    Undo,
    /// Do the step again that was taken back last, with the cursor and selection after it.
    Redo,
}

/// A change of the text. With a selection, inserting replaces it and deleting deletes just it. *The lines* are those the
/// selection touches (not a last one of which nothing is selected), or the cursor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// One typed character; `\n` and `\r` are a [`Newline`](Self::Newline).
    InsertChar(char),
    /// A paste: `\r\n`, `\r` and `\n` end a line, everything else is kept byte for byte, control characters too.
    InsertText(String),
    /// Split the line at the cursor.
    Newline,
    /// Delete the grapheme before the cursor; at a line's start, join it to the line above.
    Backspace,
    /// Delete the grapheme behind the cursor; at a line's end, join the line below to it.
    Delete,
    /// Delete back to where [`Motion::WordLeft`] goes.
    DeleteWordBack,
    /// Delete up to where [`Motion::WordRight`] goes.
    DeleteWordForward,
    /// Delete from the line's start to the cursor; nothing at the start.
    DeleteToLineStart,
    /// Delete from the cursor to the line's end; nothing at the end.
    DeleteToLineEnd,
    /// Delete the lines; the cursor goes to the start of the one that follows.
    DeleteLines,
    /// Insert a copy of the lines below them; cursor and selection go to the copy.
    DuplicateLines,
    /// Exchange the lines with the one above.
    MoveLinesUp,
    /// Exchange the lines with the one below.
    MoveLinesDown,
    /// Make comments of the lines (`# ` in front, blank ones left alone), or items again if all of them are comments.
    ToggleComment,
    /// Sort the lines by their bytes, blank ones last; all lines if fewer than two are touched.
    SortLines,
    /// Give each named line (from 0) a new text, all in one step: a fix, or all safe fixes. A line break in a text makes
    /// several lines of it. Lines that do not exist are left out; of two texts for one line the later holds.
    ReplaceLines(Vec<(usize, String)>),
    /// Insert whole lines above line `at`, at the end if there are fewer: an import. An empty text is replaced by them.
    InsertLines {
        /// The line, from 0, that the first one becomes.
        at: usize,
        /// The lines; a line break in one makes several of it.
        lines: Vec<String>,
    },
    /// Exchange the whole text (a saved list, `$EDITOR`). A line break at its very end leaves an empty last line.
    SetText(String),
}

/// A movement of the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// One grapheme back, over a line's start to the end of the line above.
    Left,
    /// One grapheme on, over a line's end to the start of the line below.
    Right,
    /// One line up, in the same display column as far as the line reaches.
    Up,
    /// One line down, likewise.
    Down,
    /// To the start of the word before the cursor; from a line's start to the end of the line above. A word is of
    /// letters, digits, `_`, `%` and everything beyond ASCII, so that a path goes by segments and parts of them.
    WordLeft,
    /// To the end of the word behind the cursor; from a line's end to the start of the line below.
    WordRight,
    /// To the start of the line.
    LineStart,
    /// To the end of the line.
    LineEnd,
    /// So many lines up, like `Up`.
    PageUp(usize),
    /// So many lines down, like `Down`.
    PageDown(usize),
    /// To the start of the text.
    Top,
    /// To the end of the text.
    Bottom,
    /// To the start of this line, counted from 0; the last one if there are fewer.
    Line(usize),
    /// To this place, clamped to the text and to the start of a grapheme.
    Position(Position),
}

impl From<Edit> for Command {
    fn from(edit: Edit) -> Self {
        Self::Edit(edit)
    }
}

impl Command {
    /// The run of keys that this command belongs to, which undo takes back together.
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
            | Self::Deselect
            | Self::Copy
            | Self::Cut
            | Self::Undo
            | Self::Redo => None,
        }
    }
}

/// What a command changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// How the lines changed; empty if the text is the same.
    pub splices: Vec<Splice>,
    /// Whether the cursor or the selection is another.
    pub moved: bool,
    /// The text for the clipboard, after a copy or cut.
    pub copied: Option<String>,
}

impl Change {
    /// Whether nothing happened at all, so that nothing has to be drawn, kept or told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.splices.is_empty() && !self.moved && self.copied.is_none()
    }
}

/// `removed` lines at `start` gave way to `inserted` others.
///
/// The splices of a [`Change`] ascend and do not overlap. Applied one after the other to what stood beside the old lines,
/// they make what belongs beside the new ones; each `start` is the line's index in the new text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Splice {
    /// The first line concerned, from 0.
    pub start: usize,
    /// The number of old lines that were removed.
    pub removed: usize,
    /// How many of the new lines take their place.
    pub inserted: usize,
}
