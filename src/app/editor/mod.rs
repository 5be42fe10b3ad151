//! The line editor behind the composer: text as lines, a cursor, a selection, undo, and search.
//!
//! This editor is custom because an item list may have 100,000 lines, and existing widgets rebuild a map of all lines
//! on each key press. In this one, the cost of a key press is proportional to what it changes: the touched lines,
//! plus one `memmove` of 24 bytes per following line if the number of lines changes.
//!
//! [`Editor::apply`] is total: no sequence of commands and no text makes it panic, and positions are clamped. It
//! returns a [`Change`], whose splices let an analysis of the same lines be updated without reading the other lines.
//! The editor contains only text and knows nothing about the screen: the view keeps the scroll offset, and keys are
//! defined elsewhere. Its only contract with the view is that each grapheme takes [`columns::grapheme_width`] cells,
//! at least one, so that the cursor can be placed on an invisible character.

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
mod read;
mod search;
mod selection;
#[cfg(test)]
mod tests;

pub use command::{Change, Command, Edit, Motion, Splice};
pub use history::{HISTORY_BYTES, Revision};
pub use search::Query;
pub use selection::Position;

use buffer::Buffer;
use history::{History, Moved, Run, Step};
use patch::Plan;
use selection::Caret;

/// Lines of text with a cursor. There is always at least one line, and no line contains `\n` or `\r`.
#[derive(Clone, Debug, Default)]
pub struct Editor {
    buffer: Buffer,
    caret: Caret,
    /// The display column that vertical motions aim at, remembered across shorter lines until another command is
    /// applied.
    goal: Option<usize>,
    history: History,
}

impl Editor {
    /// Creates an editor with these lines, the cursor at the top, and nothing to undo. An element that contains line
    /// breaks becomes several lines.
    pub fn from_lines<L: Into<String>>(lines: impl IntoIterator<Item = L>) -> Self {
        let lines = patch::separate(lines.into_iter().map(Into::into));
        Self {
            buffer: Buffer::new(lines),
            ..Self::default()
        }
    }

    /// Applies a command and returns what changed. A command that has nothing to do adds no undo step and no new
    /// revision, and returns an empty [`Change`].
    pub fn apply(&mut self, command: Command) -> Change {
        let goal = self.goal.take();
        let run = command.run();
        let change = match command {
            Command::Edit(edit) => self.edit(edit, run),
            Command::Move(motion) => self.travel(motion, goal, false),
            Command::Extend(motion) => self.travel(motion, goal, true),
            Command::Select { anchor, cursor } => self.place(Caret::new(Some(anchor), cursor)),
            Command::SelectAll => self.place(Caret::new(Some(Position::default()), self.buffer.end())),
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
