//! Deletes text around the cursor.

use std::ops::Range;

use super::buffer::Buffer;
use super::command::Motion;
use super::patch::Plan;
use super::selection::{Caret, Position};
use super::{insert, motion};

/// Deletes the selection, or else the text that a motion passes over.
pub(super) fn to(buffer: &Buffer, caret: Caret, motion: Motion) -> Plan {
    if let Some(selection) = caret.selection() {
        return range(buffer, selection);
    }
    let target = motion::arrive(buffer, caret, motion, None, false).position;
    range(buffer, caret.cursor.min(target)..caret.cursor.max(target))
}

/// Deletes the text between two positions.
pub(super) fn range(buffer: &Buffer, range: Range<Position>) -> Plan {
    insert::replace(buffer, range, "")
}
