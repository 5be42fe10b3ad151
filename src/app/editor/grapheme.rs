//! Finds grapheme boundaries near a byte without scanning the whole line.

use unicode_segmentation::GraphemeCursor;

fn is_boundary(line: &str, byte: usize) -> bool {
    // The whole line is passed as one chunk, so the cursor always has its context and never fails.
    GraphemeCursor::new(byte, line.len(), true)
        .is_boundary(line, 0)
        .unwrap_or(true)
}

/// Returns the boundary before `byte`, or 0.
pub(super) fn previous(line: &str, byte: usize) -> usize {
    let byte = line.floor_char_boundary(byte);
    GraphemeCursor::new(byte, line.len(), true)
        .prev_boundary(line, 0)
        .ok()
        .flatten()
        .unwrap_or(0)
}

/// Returns the boundary after `byte`, or the line's end.
pub(super) fn next(line: &str, byte: usize) -> usize {
    let byte = line.floor_char_boundary(byte);
    GraphemeCursor::new(byte, line.len(), true)
        .next_boundary(line, 0)
        .ok()
        .flatten()
        .unwrap_or(line.len())
}

/// Returns `byte` itself if it is a boundary, else the one before it.
pub(super) fn floor(line: &str, byte: usize) -> usize {
    let byte = line.floor_char_boundary(byte);
    if is_boundary(line, byte) {
        byte
    } else {
        previous(line, byte)
    }
}

/// Returns `byte` itself if it is a boundary, else the one after it.
pub(super) fn ceil(line: &str, byte: usize) -> usize {
    let byte = line.ceil_char_boundary(byte);
    if is_boundary(line, byte) {
        byte
    } else {
        next(line, byte)
    }
}
