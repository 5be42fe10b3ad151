//! Computes the destination of a motion.

use super::buffer::Buffer;
use super::command::Motion;
use super::selection::{Caret, Position};
use super::{columns, grapheme};

/// The cursor after a motion and, if the motion was vertical, the display column that the next one aims at.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    pub(super) position: Position,
    pub(super) goal: Option<usize>,
}

/// Returns the destination of a motion. `goal` is the column that the previous motion aimed at. Unless the motion
/// extends the selection, `Left` and `Right` go to the ends of a selection.
pub(super) fn arrive(buffer: &Buffer, caret: Caret, motion: Motion, goal: Option<usize>, extend: bool) -> Arrival {
    let from = caret.cursor;
    let selection = caret.selection().filter(|_| !extend);
    let position = match motion {
        Motion::Left => selection.map_or_else(|| left(buffer, from), |selection| selection.start),
        Motion::Right => selection.map_or_else(|| right(buffer, from), |selection| selection.end),
        Motion::WordLeft => word_left(buffer, from),
        Motion::WordRight => word_right(buffer, from),
        Motion::LineStart => Position { byte: 0, ..from },
        Motion::LineEnd => Position {
            byte: buffer.line(from.line).len(),
            ..from
        },
        Motion::Top => Position::default(),
        Motion::Bottom => buffer.end(),
        Motion::Line(line) => Position::new(line.min(buffer.last()), 0),
        Motion::Position(position) => buffer.clamp(position),
        Motion::Up => return vertical(buffer, from, from.line.saturating_sub(1), goal),
        Motion::Down => return vertical(buffer, from, from.line + 1, goal),
        Motion::PageUp(lines) => return vertical(buffer, from, from.line.saturating_sub(lines), goal),
        Motion::PageDown(lines) => return vertical(buffer, from, from.line.saturating_add(lines), goal),
    };
    Arrival { position, goal: None }
}

/// Moves to another line, in the column where the vertical motions started.
fn vertical(buffer: &Buffer, from: Position, line: usize, goal: Option<usize>) -> Arrival {
    let goal = goal.unwrap_or_else(|| columns::column_at(buffer.line(from.line), from.byte));
    let line = line.min(buffer.last());
    // Do not move the cursor within its own line, because a column inside a wide grapheme must not shift it.
    let byte = if line == from.line {
        from.byte
    } else {
        columns::byte_at(buffer.line(line), goal)
    };
    Arrival {
        position: Position::new(line, byte),
        goal: Some(goal),
    }
}

fn left(buffer: &Buffer, from: Position) -> Position {
    if from.byte == 0 {
        return line_above(buffer, from);
    }
    Position {
        byte: grapheme::previous(buffer.line(from.line), from.byte),
        ..from
    }
}

fn right(buffer: &Buffer, from: Position) -> Position {
    let line = buffer.line(from.line);
    if from.byte >= line.len() {
        return line_below(buffer, from);
    }
    Position {
        byte: grapheme::next(line, from.byte),
        ..from
    }
}

fn word_left(buffer: &Buffer, from: Position) -> Position {
    if from.byte == 0 {
        return line_above(buffer, from);
    }
    let head = buffer.head(from);
    let start = head.trim_end_matches(|c| !is_word(c)).trim_end_matches(is_word).len();
    Position {
        byte: grapheme::floor(buffer.line(from.line), start),
        ..from
    }
}

fn word_right(buffer: &Buffer, from: Position) -> Position {
    let line = buffer.line(from.line);
    if from.byte >= line.len() {
        return line_below(buffer, from);
    }
    let rest = buffer
        .tail(from)
        .trim_start_matches(|c| !is_word(c))
        .trim_start_matches(is_word)
        .len();
    Position {
        byte: grapheme::ceil(line, line.len() - rest),
        ..from
    }
}

/// Returns whether a character belongs to a word. This checks characters instead of graphemes, because walking back by
/// graphemes would take quadratic time in a run of flag emoji.
fn is_word(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric() || matches!(character, '_' | '%');
    }
    !character.is_whitespace() && !character.is_control()
}

fn line_above(buffer: &Buffer, from: Position) -> Position {
    let Some(line) = from.line.checked_sub(1) else {
        return from;
    };
    Position::new(line, buffer.line(line).len())
}

fn line_below(buffer: &Buffer, from: Position) -> Position {
    if from.line >= buffer.last() {
        return from;
    }
    Position::new(from.line + 1, 0)
}
