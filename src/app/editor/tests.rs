//! Tests of the editor from the user's perspective: text with a cursor, commands, and the text after them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bounds;
mod columns;
mod edits;
mod history;
mod lines;
mod model;
mod motions;
mod properties;
mod search;

use super::{Change, Command, Edit, Editor, Motion, Position, Splice};

impl Editor {
    /// Returns the editor with a different size limit for undo and redo.
    fn with_history_bytes(mut self, bytes: usize) -> Self {
        self.history.set_limit(bytes);
        self
    }

    fn can_undo(&self) -> bool {
        !self.clone().apply(Command::Undo).is_empty()
    }

    fn can_redo(&self) -> bool {
        !self.clone().apply(Command::Redo).is_empty()
    }

    fn is_modified_since(&self, revision: super::Revision) -> bool {
        self.revision() != revision
    }
}

/// Creates an editor from a picture: `|` is the cursor, `^` the other end of the selection.
#[track_caller]
fn picture(picture: &str) -> Editor {
    let place = |mark: char, other: char| {
        let head: String = picture.split_once(mark)?.0.replace(other, "");
        let line = head.matches('\n').count();
        Some(Position::new(line, head.rsplit('\n').next()?.len()))
    };
    let cursor = place('|', '^').unwrap();
    let anchor = place('^', '|').unwrap_or(cursor);
    let mut editor = Editor::from_lines(picture.replace(['|', '^'], "").split('\n'));
    editor.apply(Command::Select { anchor, cursor });
    editor
}

/// Draws an editor as a picture.
fn drawn(editor: &Editor) -> String {
    let mut lines: Vec<String> = editor.lines().map(str::to_owned).collect();
    let cursor = editor.cursor();
    let anchor = editor
        .selection()
        .map(|range| if range.start == cursor { range.end } else { range.start });
    let mut marks: Vec<(Position, &str)> = anchor.map(|anchor| (anchor, "^")).into_iter().collect();
    marks.push((cursor, "|"));
    marks.sort();
    for (position, mark) in marks.into_iter().rev() {
        lines[position.line].insert_str(position.byte, mark);
    }
    lines.join("\n")
}

fn all(editor: &mut Editor, commands: impl IntoIterator<Item = Command>) -> Vec<Change> {
    commands.into_iter().map(|command| editor.apply(command)).collect()
}

/// Applies one command and compares the pictures before and after.
#[track_caller]
fn story(before: &str, command: impl Into<Command>, after: &str) -> Change {
    let command = command.into();
    let mut editor = picture(before);
    let change = editor.apply(command.clone());
    assert_eq!(drawn(&editor), after, "{command:?} on {before:?}");
    change
}

/// Checks that a command has no effect: nothing to draw, nothing to undo, no new revision.
#[track_caller]
fn idle(before: &str, command: impl Into<Command>) {
    let command = command.into();
    let mut editor = picture(before);
    let revision = editor.revision();
    assert_eq!(
        editor.apply(command.clone()),
        Change::default(),
        "{command:?} on {before:?}"
    );
    assert_eq!((drawn(&editor).as_str(), editor.can_undo()), (before, false));
    assert!(!editor.is_modified_since(revision));
}

fn typed(text: &str) -> Vec<Command> {
    text.chars()
        .map(|character| Edit::InsertChar(character).into())
        .collect()
}

fn splice(start: usize, removed: usize, inserted: usize) -> Splice {
    Splice {
        start,
        removed,
        inserted,
    }
}

fn paste(text: &str) -> Edit {
    Edit::InsertText(text.to_owned())
}
