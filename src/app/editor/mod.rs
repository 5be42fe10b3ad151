//! The line editor behind the composer: text as lines, a cursor, a selection, undo, and search.
//!
//! It is our own because an item list may have 100,000 lines, and the ready-made widgets rebuild a map of all lines on
//! each key. Here a key costs what it changes: the touched lines, and for a change in the number of lines one `memmove`
//! of 24 bytes per line behind it.
//!
//! [`Editor::apply`] is total: no sequence of commands and no text makes it panic, positions from outside are clamped.
//! It answers with a [`Change`], whose splices let an analysis of the same lines follow without reading the others.
//! What the editor holds is text and nothing of the screen: the scroll offset is the view's memory, keys are data
//! elsewhere. One rule joins it to the view: each grapheme takes [`columns::grapheme_width`] cells, at least one, so
//! that a character without a picture of its own still has a place for the cursor.

mod buffer;
pub mod columns;
mod command;
mod delete;
mod grapheme;
mod history;
mod insert;
mod lines;
mod motion;
mod patch;
mod search;
mod selection;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use command::{Change, Command, Edit, Motion, Splice};
pub use history::{HISTORY_BYTES, Revision};
pub use search::Query;
pub use selection::Position;

use buffer::Buffer;
use history::{History, Moved, Run, Step};
use patch::Plan;
use selection::Caret;

/// A text of lines under a cursor. There is always at least one line, and no line contains `\n` or `\r`.
#[derive(Clone, Debug, Default)]
pub struct Editor {
    buffer: Buffer,
    caret: Caret,
    /// The display column that vertical moves aim at, kept over shorter lines until another command.
    goal: Option<usize>,
    history: History,
}

impl Editor {
    /// An editor over these lines, cursor at the top, nothing to undo. A line break inside an element ends a line.
    pub fn from_lines<L: Into<String>>(lines: impl IntoIterator<Item = L>) -> Self {
        let lines = patch::separate(lines.into_iter().map(Into::into));
        Self {
            buffer: Buffer::new(lines),
            ..Self::default()
        }
    }

    /// The same editor with another bound for what undo and redo may hold, instead of [`HISTORY_BYTES`].
    #[must_use]
    pub fn with_history_bytes(mut self, bytes: usize) -> Self {
        self.history.set_limit(bytes);
        self
    }

    /// Does what the command says and tells what changed by it. A command that has nothing to do changes nothing: no
    /// undo step, no new revision, an empty [`Change`].
    pub fn apply(&mut self, command: Command) -> Change {
        let goal = self.goal.take();
        let run = command.run();
        let change = match command {
            Command::Edit(edit) => self.edit(edit, run),
            Command::Move(motion) => self.travel(motion, goal, false),
            Command::Extend(motion) => self.travel(motion, goal, true),
            Command::Select { anchor, cursor } => self.place(Caret::new(Some(anchor), cursor)),
            Command::SelectAll => self.place(Caret::new(Some(Position::default()), self.buffer.end())),
            Command::Deselect => self.place(Caret::at(self.caret.cursor)),
            Command::Copy => Change {
                copied: self.copied(),
                ..Change::default()
            },
            Command::Cut => self.cut(),
            Command::Undo => self.restore(History::undo),
            Command::Redo => self.restore(History::redo),
        };
        self.history.continue_run(run);
        change
    }

    fn edit(&mut self, edit: Edit, run: Option<Run>) -> Change {
        let (buffer, caret) = (&self.buffer, self.caret);
        let plan = match edit {
            Edit::InsertChar(character) => insert::character(buffer, caret, character),
            Edit::InsertText(text) => insert::text(buffer, caret, &text),
            Edit::Newline => insert::text(buffer, caret, "\n"),
            Edit::Backspace => delete::to(buffer, caret, Motion::Left),
            Edit::Delete => delete::to(buffer, caret, Motion::Right),
            Edit::DeleteWordBack => delete::to(buffer, caret, Motion::WordLeft),
            Edit::DeleteWordForward => delete::to(buffer, caret, Motion::WordRight),
            Edit::DeleteToLineStart => delete::to(buffer, caret, Motion::LineStart),
            Edit::DeleteToLineEnd => delete::to(buffer, caret, Motion::LineEnd),
            Edit::DeleteLines => lines::delete(buffer, caret),
            Edit::DuplicateLines => lines::duplicate(buffer, caret),
            Edit::MoveLinesUp => lines::move_up(buffer, caret),
            Edit::MoveLinesDown => lines::move_down(buffer, caret),
            Edit::ToggleComment => lines::toggle_comment(buffer, caret),
            Edit::SortLines => lines::sort(buffer, caret),
            Edit::ReplaceLines(replacements) => lines::replace(buffer, caret, replacements),
            Edit::InsertLines { at, lines } => lines::insert(buffer, caret, at, lines),
            Edit::SetText(text) => lines::set_text(buffer, caret, &text),
        };
        self.commit(plan, run)
    }

    fn commit(&mut self, plan: Plan, run: Option<Run>) -> Change {
        let patch = self.buffer.reduce(plan.patch);
        if patch.is_empty() {
            return self.place(plan.caret);
        }
        let before = self.caret;
        let (inverse, splices) = self.buffer.apply(patch);
        self.caret = plan.caret.clamped(&self.buffer);
        self.history.record(Step::new(inverse, before, self.caret), run);
        Change {
            splices,
            moved: before != self.caret,
            copied: None,
        }
    }

    fn travel(&mut self, motion: Motion, goal: Option<usize>, extend: bool) -> Change {
        let arrival = motion::arrive(&self.buffer, self.caret, motion, goal, extend);
        self.goal = arrival.goal;
        let anchor = extend.then(|| self.caret.anchor_or_cursor());
        self.place(Caret::new(anchor, arrival.position))
    }

    fn place(&mut self, caret: Caret) -> Change {
        let before = std::mem::replace(&mut self.caret, caret.clamped(&self.buffer));
        Change {
            moved: before != self.caret,
            ..Change::default()
        }
    }

    fn copied(&self) -> Option<String> {
        match self.caret.selection() {
            Some(range) => Some(self.buffer.text(range)),
            None => Some(self.line(self.caret.cursor.line))
                .filter(|line| !line.is_empty())
                .map(|line| format!("{line}\n")),
        }
    }

    fn cut(&mut self) -> Change {
        let copied = self.copied();
        let plan = match self.caret.selection() {
            Some(range) => delete::range(&self.buffer, range),
            None => lines::delete(&self.buffer, self.caret),
        };
        Change {
            copied,
            ..self.commit(plan, None)
        }
    }

    fn restore(&mut self, step: impl FnOnce(&mut History, &mut Buffer) -> Option<Moved>) -> Change {
        let Some(moved) = step(&mut self.history, &mut self.buffer) else {
            return Change::default();
        };
        let change = self.place(moved.caret);
        Change {
            splices: moved.splices,
            ..change
        }
    }
}

/// What a view and an analysis read.
#[expect(
    clippy::len_without_is_empty,
    reason = "there is always a line, so it would always be false"
)]
impl Editor {
    /// The number of lines, at least 1.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buffer.len()
    }

    /// Line `index`, counted from 0; empty behind the last one.
    #[must_use]
    pub fn line(&self, index: usize) -> &str {
        self.buffer.line(index)
    }

    /// All lines in order.
    #[must_use = "an iterator does nothing by itself"]
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.buffer.lines()
    }

    /// The whole text, lines joined by `\n`, none behind the last: [`Edit::SetText`] of it changes nothing.
    #[must_use]
    pub fn text(&self) -> String {
        self.buffer.text(Position::default()..self.buffer.end())
    }

    /// Where the cursor is.
    #[must_use]
    pub fn cursor(&self) -> Position {
        self.caret.cursor
    }

    /// The selected text, start before end and never empty; the cursor is at one of them.
    #[must_use]
    pub fn selection(&self) -> Option<Range<Position>> {
        self.caret.selection()
    }

    /// The cell, counted from 0 at the start of its line, in which the grapheme at `position` begins.
    #[must_use]
    pub fn column_at(&self, position: Position) -> usize {
        columns::column_at(self.line(position.line), position.byte)
    }

    /// The place at a cell of the screen (a mouse click): the start of the grapheme that covers it, or the line's end.
    #[must_use]
    pub fn position_at(&self, line: usize, column: usize) -> Position {
        let line = line.min(self.len().saturating_sub(1));
        Position::new(line, columns::byte_at(self.line(line), column))
    }

    /// Names the present text: two equal revisions of one editor are the same text. Undo returns to the earlier name.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.history.revision()
    }

    /// Whether the text may differ from what it was at that revision; not so after an undo that leads back to it.
    #[must_use]
    pub fn is_modified_since(&self, revision: Revision) -> bool {
        self.revision() != revision
    }

    /// Whether there is a step for [`Command::Undo`].
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.history.can_undo()
    }

    /// Whether there is a step for [`Command::Redo`].
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    /// The first match that begins at `from` or behind it, and from the top again when there is none.
    #[must_use]
    pub fn find_next(&self, query: &Query, from: Position) -> Option<Range<Position>> {
        search::next(&self.buffer, query, from)
    }

    /// The last match that begins before `from`, and from the bottom again when there is none.
    #[must_use]
    pub fn find_previous(&self, query: &Query, from: Position) -> Option<Range<Position>> {
        search::previous(&self.buffer, query, from)
    }

    /// The matches in these lines in order, for a view to mark.
    pub fn matches_in<'a>(
        &'a self,
        query: &'a Query,
        lines: Range<usize>,
    ) -> impl Iterator<Item = Range<Position>> + 'a {
        search::matches(&self.buffer, query, lines)
    }
}
