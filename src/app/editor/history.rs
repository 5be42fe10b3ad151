//! Undo and redo: each step contains the lines to restore, and the total size in bytes is limited.

use std::collections::VecDeque;

use super::buffer::Buffer;
use super::command::Splice;
use super::patch::{Hunk, Patch};
use super::selection::Caret;

/// The maximum size of undo and redo together, not counting the last step, which is always kept: 64 MiB.
pub const HISTORY_BYTES: usize = 64 << 20;

/// The cost of a line in addition to its text: the string itself and its allocation.
const LINE_BYTES: usize = size_of::<String>() + 16;

/// Identifies a state of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Revision(u64);

/// A run of keys of one kind, which is undone as a whole. Pauses do not separate runs, because the editor has no
/// clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    Typing,
    Erasing,
    Deleting,
}

/// A change that can be undone or redone.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The patch that reverses the step: it undoes an applied step and redoes an undone one.
    patch: Patch,
    before: Caret,
    after: Caret,
    from: Revision,
    to: Revision,
}

impl Step {
    /// Creates a step that has just been applied; `inverse` undoes it.
    pub(super) fn new(inverse: Patch, before: Caret, after: Caret) -> Self {
        Self {
            patch: inverse,
            before,
            after,
            from: Revision::default(),
            to: Revision::default(),
        }
    }

    fn bytes(&self) -> usize {
        let lines = self.patch.iter().flat_map(|hunk| &hunk.lines);
        let text: usize = lines.map(|line| line.capacity() + LINE_BYTES).sum();
        size_of::<Self>() + self.patch.len() * size_of::<Hunk>() + text
    }

    /// Returns the line that the step created from others, if that is all it did.
    fn line_made(&self) -> Option<usize> {
        match self.patch.as_slice() {
            [Hunk { start, removed: 1, .. }] => Some(*start),
            _ => None,
        }
    }

    /// Returns the line that the step rewrote, if that is all it did.
    fn line_rewritten(&self) -> Option<usize> {
        self.line_made()
            .filter(|_| self.patch.iter().all(|hunk| hunk.lines.len() == 1))
    }
}

/// Steps in order with their sizes in bytes; the last one is closest to the current text.
#[derive(Clone, Debug, Default)]
struct Stack {
    steps: VecDeque<(Step, usize)>,
    bytes: usize,
}

impl Stack {
    fn push(&mut self, step: Step) {
        let bytes = step.bytes();
        self.bytes += bytes;
        self.steps.push_back((step, bytes));
    }

    fn pop(&mut self) -> Option<Step> {
        let (step, bytes) = self.steps.pop_back()?;
        self.bytes -= bytes;
        Some(step)
    }

    /// Drops the steps farthest from the current text until `excess` bytes are freed or only `keep` steps are left.
    /// Returns how many bytes remain in excess.
    fn shed(&mut self, keep: usize, mut excess: usize) -> usize {
        while excess > 0 && self.steps.len() > keep {
            let Some((_, bytes)) = self.steps.pop_front() else {
                break;
            };
            self.bytes -= bytes;
            excess = excess.saturating_sub(bytes);
        }
        excess
    }

    fn nearest_bytes(&self) -> usize {
        self.steps.back().map_or(0, |(_, bytes)| *bytes)
    }
}

/// The result of an undo or redo.
#[derive(Debug)]
pub(super) struct Moved {
    pub(super) splices: Vec<Splice>,
    pub(super) caret: Caret,
}

/// The steps that have been applied and undone, and the revision of the text between them.
#[derive(Clone, Debug)]
pub(super) struct History {
    done: Stack,
    undone: Stack,
    run: Option<Run>,
    revision: Revision,
    newest: Revision,
    limit: usize,
}

impl Default for History {
    fn default() -> Self {
        let (done, undone) = (Stack::default(), Stack::default());
        let (revision, newest) = (Revision::default(), Revision::default());
        Self {
            done,
            undone,
            run: None,
            revision,
            newest,
            limit: HISTORY_BYTES,
        }
    }
}

impl History {
    #[cfg(test)]
    pub(super) fn set_limit(&mut self, bytes: usize) {
        self.limit = bytes;
        shed(&mut self.done, &mut self.undone, bytes);
    }

    pub(super) fn revision(&self) -> Revision {
        self.revision
    }

    /// Sets the run of the command that was just applied.
    pub(super) fn continue_run(&mut self, run: Option<Run>) {
        self.run = run;
    }

    /// Records a step that was just applied, merging it into the last one if both belong to the same run on one line.
    pub(super) fn record(&mut self, mut step: Step, run: Option<Run>) {
        step.from = self.revision;
        self.newest.0 += 1;
        self.revision = self.newest;
        step.to = self.revision;
        self.undone = Stack::default();
        let last = self
            .done
            .steps
            .back_mut()
            .map(|(last, _)| last)
            .filter(|_| run.is_some() && run == self.run);
        match last.filter(|last| step.line_rewritten().is_some() && last.line_made() == step.line_rewritten()) {
            // The last step's patch also reverts this one.
            Some(last) => (last.after, last.to) = (step.after, step.to),
            None => self.done.push(step),
        }
        shed(&mut self.done, &mut self.undone, self.limit);
    }

    pub(super) fn undo(&mut self, buffer: &mut Buffer) -> Option<Moved> {
        let step = self.done.pop()?;
        let (caret, revision) = (step.before, step.from);
        let splices = pass(buffer, step, &mut self.undone);
        shed(&mut self.undone, &mut self.done, self.limit);
        self.revision = revision;
        Some(Moved { splices, caret })
    }

    pub(super) fn redo(&mut self, buffer: &mut Buffer) -> Option<Moved> {
        let step = self.undone.pop()?;
        let (caret, revision) = (step.after, step.to);
        let splices = pass(buffer, step, &mut self.done);
        shed(&mut self.done, &mut self.undone, self.limit);
        self.revision = revision;
        Some(Moved { splices, caret })
    }
}

/// Applies a step and pushes its inverse onto the other stack. The lines are swapped, not copied.
fn pass(buffer: &mut Buffer, step: Step, onto: &mut Stack) -> Vec<Splice> {
    let (inverse, splices) = buffer.apply(step.patch);
    onto.push(Step { patch: inverse, ..step });
    splices
}

/// Enforces the limit: drops the steps farthest from the current text, starting with the side that has just grown.
/// The nearest step of that side is exempt and does not count, so that even the largest paste can be undone without
/// pushing out small steps.
fn shed(grown: &mut Stack, other: &mut Stack, limit: usize) {
    let held = grown.bytes + other.bytes - grown.nearest_bytes();
    let excess = grown.shed(1, held.saturating_sub(limit));
    other.shed(0, excess);
}
