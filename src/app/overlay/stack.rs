//! The overlays that are open, the lowest first. Each has a serial number, by which the view knows it from frame to frame.

use std::ops::{Deref, DerefMut};

use super::Overlay;

/// The overlays above the page; the last one has the keys.
#[derive(Clone, Debug, Default)]
pub struct Overlays {
    stack: Vec<Overlay>,
    serials: Vec<u64>,
    opened: u64,
}

impl Overlays {
    /// Opens an overlay above the others.
    pub fn push(&mut self, overlay: Overlay) {
        self.opened += 1;
        self.stack.push(overlay);
        self.serials.push(self.opened);
    }

    /// Closes the one on top.
    pub fn pop(&mut self) -> Option<Overlay> {
        self.serials.pop();
        self.stack.pop()
    }

    /// Closes the one at this place, counted from the lowest.
    pub fn remove(&mut self, place: usize) -> Option<Overlay> {
        (place < self.stack.len()).then(|| {
            self.serials.remove(place);
            self.stack.remove(place)
        })
    }

    /// Closes each overlay for which `keep` is false.
    pub fn retain(&mut self, keep: impl Fn(&Overlay) -> bool) {
        for place in (0..self.stack.len()).rev() {
            if !keep(&self.stack[place]) {
                self.remove(place);
            }
        }
    }

    /// The serial number of the overlay at this place; no two that were ever open share one.
    #[must_use]
    pub fn serial(&self, place: usize) -> u64 {
        self.serials.get(place).copied().unwrap_or_default()
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
