//! The open overlays, bottom first. Each has a serial number that lets the view recognize it in the next frame.

use std::ops::{Deref, DerefMut};

use chrono::{DateTime, Utc};

use super::{Overlay, State};

/// The overlays above the page; the top one has the keyboard focus.
#[derive(Clone, Debug, Default)]
pub struct Overlays {
    stack: Vec<Overlay>,
    marks: Vec<Mark>,
    opened: u64,
}

/// What is recorded about an overlay in addition to its own state.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    serial: u64,
    /// When the overlay was first visible.
    seen: Option<DateTime<Utc>>,
}

impl Overlays {
    /// Opens an overlay above the others.
    pub fn push(&mut self, overlay: impl Into<Overlay>) {
        self.opened += 1;
        self.stack.push(overlay.into());
        self.marks.push(Mark {
            serial: self.opened,
            seen: None,
        });
    }

    /// Closes the top overlay.
    pub fn pop(&mut self) -> Option<Overlay> {
        self.marks.pop();
        self.stack.pop()
    }

    /// Closes each overlay for which `keep` returns `false`.
    pub fn retain(&mut self, keep: impl Fn(&Overlay) -> bool) {
        for place in (0..self.stack.len()).rev() {
            if !keep(&self.stack[place]) {
                self.marks.remove(place);
                self.stack.remove(place);
            }
        }
    }

    /// Closes the overlay of this kind, wherever it is in the stack.
    pub fn close<S: State>(&mut self) {
        self.retain(|overlay| S::of(overlay).is_none());
    }

    /// Returns the top overlay if it is of this kind.
    #[must_use]
    pub fn top<S: State>(&self) -> Option<&S> {
        self.stack.last().and_then(S::of)
    }

    /// Returns a mutable reference to the top overlay if it is of this kind.
    pub fn top_mut<S: State>(&mut self) -> Option<&mut S> {
        self.stack.last_mut().and_then(S::of_mut)
    }

    /// Returns the overlay of this kind if it is open, even if another one, such as the help, is above it.
    #[must_use]
    pub fn find<S: State>(&self) -> Option<&S> {
        self.stack.iter().find_map(S::of)
    }

    /// Returns a mutable reference to the overlay of this kind if it is open.
    pub fn find_mut<S: State>(&mut self) -> Option<&mut S> {
        self.stack.iter_mut().find_map(S::of_mut)
    }

    /// Returns the serial number of the overlay at this index; no two overlays ever share one.
    #[must_use]
    pub fn serial(&self, place: usize) -> u64 {
        self.marks.get(place).map(|mark| mark.serial).unwrap_or_default()
    }

    /// Returns the time when the top overlay was first visible.
    #[must_use]
    pub fn top_seen(&self) -> Option<DateTime<Utc>> {
        self.marks.last()?.seen
    }

    /// Returns whether the top overlay can send something and has not been visible yet.
    #[must_use]
    pub fn wait_to_be_seen(&self) -> bool {
        self.last().is_some_and(|overlay| overlay.keys().sends()) && self.top_seen().is_none()
    }

    /// Records that the top overlay is visible; only the first time counts.
    pub(in crate::app) fn see_top(&mut self, now: DateTime<Utc>) {
        if let Some(mark) = self.marks.last_mut() {
            mark.seen.get_or_insert(now);
        }
    }
}

impl<'a> IntoIterator for &'a Overlays {
    type Item = &'a Overlay;
    type IntoIter = std::slice::Iter<'a, Overlay>;

    fn into_iter(self) -> Self::IntoIter {
        self.stack.iter()
    }
}

impl Deref for Overlays {
    type Target = [Overlay];

    fn deref(&self) -> &[Overlay] {
        &self.stack
    }
}

impl DerefMut for Overlays {
    fn deref_mut(&mut self) -> &mut [Overlay] {
        &mut self.stack
    }
}
