//! Handles keys that are not bound to an action and are therefore passed to the text editor.

use crate::app::act::composer::editing::give;
use crate::app::action::Action;
use crate::app::editor::{Command, Edit, Motion};
use crate::app::key::{Code, Key};
use crate::app::layout::composer_rows;
use crate::app::model::Model;
use crate::domain::lint::Severity;
use crate::engine::notices::Level;

/// Passes a key that is not bound to an action to the text editor.
pub(in crate::app) fn on_key(model: &mut Model, key: Key) {
    let page = page(model, key.code == Code::PageUp);
    if let Some(command) = command(key, page) {
        give(model, command);
    }
    if is_option_typed(model, key) {
        let tools = model.keymap.spoken(Action::Tools);
        model.engine.say(
            Level::Info,
            format!("Option types characters here; press {tools} for the tools"),
        );
    }
}

/// Returns how many lines a page key moves by: one row less than a screenful. A line with a problem takes several
/// rows.
fn page(model: &Model, is_up: bool) -> usize {
    /// The maximum number of rows that a line with a problem takes: the line, the problem, and the suggestion.
    const TALL: usize = 3;
    let rows = usize::from(composer_rows(model.size).saturating_sub(1));
    let Some(composer) = model.composer() else { return 1 };
    let here = composer.editor.cursor().line;
    let height = |line: usize| {
        let row = composer.analysis.row(line);
        let is_problem = row.is_some_and(|row| row.severity() >= Some(Severity::Warning));
        if is_problem { TALL } else { 1 }
    };
    let (mut lines, mut used) = (0, 0);
    while used < rows {
        let next = if is_up {
            here.checked_sub(lines + 1)
        } else {
            Some(here + lines)
        };
        used += next.map_or(1, height);
        lines += 1;
    }
    if used > rows { lines - 1 } else { lines }.max(1)
}

/// Returns whether the key is a character that a Mac types with Option and that is alone on its line. If so, the user
/// must have meant Alt and a letter.
fn is_option_typed(model: &mut Model, key: Key) -> bool {
    const TYPED: [char; 6] = ['ƒ', 'π', 'ø', 'ß', '∂', 'ç'];
    let Some(character) = key.typed().filter(|character| TYPED.contains(character)) else {
        return false;
    };
    model.composer_mut().is_some_and(|composer| {
        let line = composer.editor.line(composer.editor.cursor().line);
        line.chars().eq([character])
    })
}

/// Inserts pasted text.
pub(in crate::app) fn on_paste(model: &mut Model, text: &str) {
    give(model, Edit::InsertText(text.to_owned()).into());
}

/// Moves the cursor to the clicked position in the text.
pub(in crate::app) fn place(model: &mut Model, line: usize, column: usize) {
    let Some(composer) = model.composer_mut() else { return };
    let position = composer.editor.position_at(line, column);
    give(model, Command::Move(Motion::Position(position)));
}

/// Moves the cursor by this many lines and scrolls the text along with it.
pub(in crate::app) fn turn(model: &mut Model, lines: isize) {
    let line_of_cursor = |model: &Model| model.composer().map_or(0, |composer| composer.editor.cursor().line);
    let before = line_of_cursor(model);
    give(
        model,
        Command::Move(if lines < 0 {
            Motion::PageUp(lines.unsigned_abs())
        } else {
            Motion::PageDown(lines.unsigned_abs())
        }),
    );
    let after = line_of_cursor(model);
    let moved = isize::try_from(after).unwrap_or(0) - isize::try_from(before).unwrap_or(0);
    if let Some(composer) = model.composer_mut() {
        composer.turned += moved;
    }
}

/// Returns the text command for a key; `page` is the number of lines that a page key moves by.
fn command(key: Key, page: usize) -> Option<Command> {
    if let Some(c) = key.typed() {
        return Some(Edit::InsertChar(c).into());
    }
    if let Some(motion) = motion(key, page) {
        return Some(if key.shift {
            Command::Extend(motion)
        } else {
            Command::Move(motion)
        });
    }
    let edit = match (key.code, key.ctrl, key.alt) {
        (Code::Enter, false, false) => Edit::Newline,
        (Code::Backspace, false, false) => Edit::Backspace,
        (Code::Delete, false, false) => Edit::Delete,
        // Many terminals send Ctrl-H for Ctrl-Backspace.
        (Code::Backspace, ..) | (Code::Char('w' | 'h'), true, false) => Edit::DeleteWordBack,
        (Code::Delete, ..) | (Code::Char('d'), false, true) => Edit::DeleteWordForward,
        (Code::Char('u'), true, false) => Edit::DeleteToLineStart,
        (Code::Char('k'), true, false) => Edit::DeleteToLineEnd,
        (Code::Char('d'), true, false) => Edit::DeleteLines,
        (Code::Up, false, true) => Edit::MoveLinesUp,
        (Code::Down, false, true) => Edit::MoveLinesDown,
        _ => return None,
    };
    Some(edit.into())
}

fn motion(key: Key, page: usize) -> Option<Motion> {
    if key.alt {
        return match key.code {
            Code::Char('b') | Code::Left => Some(Motion::WordLeft),
            Code::Right => Some(Motion::WordRight),
            _ => None,
        };
    }
    match (key.code, key.ctrl) {
        (Code::Left, false) | (Code::Char('b'), true) => Some(Motion::Left),
        (Code::Right, false) => Some(Motion::Right),
        (Code::Left, true) => Some(Motion::WordLeft),
        (Code::Right, true) => Some(Motion::WordRight),
        (Code::Up, _) => Some(Motion::Up),
        (Code::Down, _) => Some(Motion::Down),
        // Readline keys, in addition to the usual ones.
        (Code::Home, false) | (Code::Char('a'), true) => Some(Motion::LineStart),
        (Code::End, false) | (Code::Char('e'), true) => Some(Motion::LineEnd),
        (Code::Home, true) => Some(Motion::Top),
        (Code::End, true) => Some(Motion::Bottom),
        (Code::PageUp, _) => Some(Motion::PageUp(page)),
        (Code::PageDown, _) => Some(Motion::PageDown(page)),
        _ => None,
    }
}
