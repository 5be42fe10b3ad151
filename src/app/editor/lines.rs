//! Edits that affect whole lines.

use std::collections::BTreeMap;
use std::ops::Range;

use super::buffer::Buffer;
use super::patch::{Hunk, Patch, Plan, separate, split};
use super::selection::{Caret, Position};

/// The prefix of a comment. It includes the space, because `#tag` is a cache tag.
const COMMENT: &str = "# ";

/// Deletes the touched lines.
pub(super) fn delete(buffer: &Buffer, caret: Caret) -> Plan {
    let block = caret.lines();
    let left = buffer.len().saturating_sub(block.len());
    let cursor = Position::new(block.start.min(left.saturating_sub(1)), 0);
    Plan::one(Hunk::new(block.start, block.len(), Vec::new()), cursor)
}

/// Swaps the touched lines with the line above by moving that line, so that only one line moves however many are
/// touched.
pub(super) fn move_up(buffer: &Buffer, caret: Caret) -> Plan {
    let block = caret.lines();
    let Some(above) = block.start.checked_sub(1) else {
        return Plan::nothing(caret);
    };
    let patch = vec![
        Hunk::new(above, 1, Vec::new()),
        Hunk::new(block.end, 0, vec![buffer.line(above).to_owned()]),
    ];
    Plan::new(
        patch,
        caret.map(|position| Position {
            line: position.line.saturating_sub(1),
            ..position
        }),
    )
}

/// Swaps the touched lines with the line below by moving that line.
pub(super) fn move_down(buffer: &Buffer, caret: Caret) -> Plan {
    let block = caret.lines();
    let below = block.end;
    if below >= buffer.len() {
        return Plan::nothing(caret);
    }
    let patch = vec![
        Hunk::new(block.start, 0, vec![buffer.line(below).to_owned()]),
        Hunk::new(below, 1, Vec::new()),
    ];
    Plan::new(
        patch,
        caret.map(|position| Position {
            line: position.line + 1,
            ..position
        }),
    )
}

/// Turns the touched lines into comments, or back into items.
pub(super) fn toggle_comment(buffer: &Buffer, caret: Caret) -> Plan {
    let block = caret.lines();
    let old = buffer.block(block.clone());
    let uncomment = old
        .iter()
        .filter(|line| !is_blank(line))
        .all(|line| line.starts_with(COMMENT));
    let toggled = |line: &String| match line.strip_prefix(COMMENT) {
        _ if is_blank(line) => line.clone(),
        Some(item) if uncomment => item.to_owned(),
        _ => format!("{COMMENT}{line}"),
    };
    let shifted = |position: Position| match position {
        Position { line, .. } if !block.contains(&line) || is_blank(buffer.line(line)) => position,
        Position { line, byte } if uncomment => Position::new(line, byte.saturating_sub(COMMENT.len())),
        Position { line, byte } => Position::new(line, byte + COMMENT.len()),
    };
    Plan::new(
        vec![Hunk::new(block.start, block.len(), old.iter().map(toggled).collect())],
        caret.map(shifted),
    )
}

/// Sorts the touched lines, or all lines. A cursor without a selection stays on its line.
pub(super) fn sort(buffer: &Buffer, caret: Caret) -> Plan {
    let touched = caret.lines();
    let block = if touched.len() > 1 { touched } else { 0..buffer.len() };
    let numbered = block.clone().zip(buffer.block(block.clone()));
    let mut order: Vec<_> = numbered.map(|(line, text)| (is_blank(text), text, line)).collect();
    // The line numbers make every element unique, so that equal texts keep their order.
    order.sort_unstable();
    let rank = order.iter().position(|(_, _, line)| *line == caret.cursor.line);
    let caret = match (caret.selection(), rank) {
        (None, Some(rank)) => Caret::at(Position {
            line: block.start + rank,
            ..caret.cursor
        }),
        (Some(_), _) | (None, None) => caret,
    };
    let lines = order.into_iter().map(|(_, text, _)| text.clone()).collect();
    Plan::new(vec![Hunk::new(block.start, block.len(), lines)], caret)
}

/// Replaces the text of the given lines. The cursor stays on its line, and at the line's end if it was there, so that
/// the user can continue typing after a fix that makes the line longer.
pub(super) fn replace(buffer: &Buffer, caret: Caret, replacements: Vec<(usize, String)>) -> Plan {
    let last_of_each: BTreeMap<usize, String> = replacements.into_iter().collect();
    let changed = last_of_each
        .iter()
        .filter(|(line, text)| **line < buffer.len() && buffer.line(**line) != **text);
    let hunk = |(line, text): (&usize, &String)| Hunk::new(*line, 1, split(text).map(str::to_owned).collect());
    let hunks: Vec<Hunk> = changed.map(hunk).collect();
    let growths: Vec<(usize, usize)> = hunks.iter().map(|hunk| (hunk.start, hunk.lines.len() - 1)).collect();
    let ends: BTreeMap<usize, usize> = hunks
        .iter()
        .filter_map(|hunk| Some((hunk.start, hunk.lines.first()?.len())))
        .collect();
    let caret = caret.map(|position| {
        let was_at_end = position.byte == buffer.line(position.line).len();
        let end = ends.get(&position.line).filter(|_| was_at_end);
        Position {
            line: position.line + growth_above(&growths, position.line),
            byte: end.copied().unwrap_or(position.byte),
        }
    });
    Plan::new(join_neighbors(hunks), caret)
}

/// Returns how many lines the text above a line has grown by.
fn growth_above(growths: &[(usize, usize)], line: usize) -> usize {
    growths
        .iter()
        .take_while(|(grown, _)| *grown < line)
        .map(|(_, growth)| growth)
        .sum()
}

/// Joins adjacent hunks, so that fixing all lines produces a single splice.
fn join_neighbors(hunks: Vec<Hunk>) -> Patch {
    let mut joined = Patch::new();
    for hunk in hunks {
        match joined.last_mut() {
            Some(last) if last.end() == hunk.start => {
                last.removed += hunk.removed;
                last.lines.extend(hunk.lines);
            }
            _ => joined.push(hunk),
        }
    }
    joined
}

/// Inserts whole lines above line `at`.
pub(super) fn insert(buffer: &Buffer, caret: Caret, at: usize, lines: Vec<String>) -> Plan {
    let lines = separate(lines.into_iter());
    let empty = buffer.len() == 1 && buffer.line(0).is_empty();
    if lines.is_empty() || empty {
        return Plan::new(vec![Hunk::new(0, usize::from(empty), lines)], caret);
    }
    let at = at.min(buffer.len());
    let count = lines.len();
    let shifted = |position: Position| Position {
        line: position.line + if position.line < at { 0 } else { count },
        ..position
    };
    Plan::new(vec![Hunk::new(at, 0, lines)], caret.map(shifted))
}

/// Replaces the whole text. The cursor stays in place if the new text extends that far.
pub(super) fn set_text(buffer: &Buffer, caret: Caret, text: &str) -> Plan {
    let all: Range<usize> = 0..buffer.len();
    Plan::one(
        Hunk::new(all.start, all.len(), split(text).map(str::to_owned).collect()),
        caret.cursor,
    )
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}
