//! Changes to lines as data: planned by a command, applied by the buffer, stored in the history.

use super::command::Splice;
use super::selection::{Caret, Position};

/// A replacement of `removed` lines from `start` with `lines`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hunk {
    pub(super) start: usize,
    pub(super) removed: usize,
    pub(super) lines: Vec<String>,
}

impl Hunk {
    pub(super) fn new(start: usize, removed: usize, lines: Vec<String>) -> Self {
        Self { start, removed, lines }
    }

    /// Returns the first line after the removed ones.
    pub(super) fn end(&self) -> usize {
        self.start + self.removed
    }

    pub(super) fn splice(&self) -> Splice {
        Splice {
            start: self.start,
            removed: self.removed,
            inserted: self.lines.len(),
        }
    }
}

/// Hunks in ascending order that do not overlap; each `start` refers to the text that the patch is applied to.
pub(super) type Patch = Vec<Hunk>;

/// A planned edit, with the cursor after it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) patch: Patch,
    pub(super) caret: Caret,
}

impl Plan {
    pub(super) fn new(patch: Patch, caret: Caret) -> Self {
        Self { patch, caret }
    }

    pub(super) fn nothing(caret: Caret) -> Self {
        Self {
            patch: Patch::new(),
            caret,
        }
    }

    pub(super) fn one(hunk: Hunk, cursor: Position) -> Self {
        Self {
            patch: vec![hunk],
            caret: Caret::at(cursor),
        }
    }
}

/// Splits text into lines. Each `\r\n`, `\r` or `\n` ends a line, and the text after the last of them is also a line.
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (line, tail) = text
            .split_once(['\n', '\r'])
            .map_or((text, None), |(line, tail)| (line, Some(tail)));
        let returned = text.as_bytes().get(line.len()) == Some(&b'\r');
        rest = tail.map(|tail| tail.strip_prefix('\n').filter(|_| returned).unwrap_or(tail));
        Some(line)
    })
}

/// Splits lines that contain line breaks into several.
pub(super) fn separate(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut separate = Vec::with_capacity(lines.size_hint().0);
    for line in lines {
        if line.contains(['\n', '\r']) {
            separate.extend(split(&line).map(str::to_owned));
        } else {
            separate.push(line);
        }
    }
    separate
}
