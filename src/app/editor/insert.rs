//! Inserts text at the cursor.

use std::ops::Range;

use super::buffer::Buffer;
use super::grapheme;
use super::patch::{Hunk, Plan, split};
use super::selection::{Caret, Position};

/// Plans the insertion of one typed character.
pub(super) fn character(buffer: &Buffer, caret: Caret, character: char) -> Plan {
    text(buffer, caret, character.encode_utf8(&mut [0; 4]))
}

/// Plans the insertion of a paste.
pub(super) fn text(buffer: &Buffer, caret: Caret, text: &str) -> Plan {
    if text.is_empty() {
        return Plan::nothing(caret);
    }
    replace(buffer, caret.range(), text)
}

/// Plans a replacement that leaves the cursor after the new text. If the new text merges with what follows it, as a
/// letter does with a combining mark, the cursor moves on to the next boundary.
pub(super) fn replace(buffer: &Buffer, range: Range<Position>, text: &str) -> Plan {
    let Range { start, end } = range;
    let (head, tail) = (buffer.head(start), buffer.tail(end));
    let mut lines: Vec<String> = split(text).map(str::to_owned).collect();
    let mut cursor = Position::new(start.line + lines.len().saturating_sub(1), 0);
    if let Some(first) = lines.first_mut() {
        *first = [head, first].concat();
    }
    if let Some(last) = lines.last_mut() {
        let byte = last.len();
        *last = [last, tail].concat();
        cursor.byte = grapheme::ceil(last, byte);
    }
    Plan::one(Hunk::new(start.line, end.line - start.line + 1, lines), cursor)
}
