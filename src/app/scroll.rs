//! Scrolls text. The core sends steps; the view keeps the offset and clamps it to the lines that it draws, because
//! only the view knows how many there are.

/// A scroll step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scroll {
    /// Down by this many lines, or up if negative.
    Lines(isize),
    /// Down by this many screenfuls, or up if negative.
    Pages(isize),
    /// To the first line.
    Top,
    /// To the last screenful.
    Bottom,
}

/// The overlay or page being scrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scrolled {
    /// The overlay with this serial number.
    Overlay(u64),
    /// The page with this serial number.
    Page(u64),
}

/// The maximum number of stored steps, which is far more than occur between two frames.
const KEPT: usize = 1_000;

/// The scroll steps of the overlay or page that was scrolled last.
#[derive(Clone, Debug, Default)]
pub struct Scrolls {
    of: Option<Scrolled>,
    /// The number of the first stored step, counted since the program started.
    first: usize,
    steps: Vec<Scroll>,
}

impl Scrolls {
    /// Scrolls an overlay or a page by one step.
    pub(crate) fn push(&mut self, of: Scrolled, step: Scroll) {
        if self.of != Some(of) || self.steps.len() == KEPT {
            self.of = Some(of);
            self.first += self.steps.len();
            self.steps.clear();
        }
        self.steps.push(step);
    }

    /// Returns the steps of `of` after the first `seen` steps, in order.
    pub fn since(&self, of: Scrolled, seen: usize) -> impl Iterator<Item = Scroll> + '_ {
        let new = seen.saturating_sub(self.first);
        let steps = if self.of == Some(of) { &self.steps[..] } else { &[] };
        steps.iter().skip(new).copied()
    }

    /// Returns the number of steps made since the program started.
    #[must_use]
    pub fn made(&self) -> usize {
        self.first + self.steps.len()
    }
}
