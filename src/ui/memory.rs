//! The state that only the view needs, kept between frames.

use std::ops::Range;

use ratatui::layout::Rect;

use super::widget::window::{Window, flowing, scrolled};
use crate::app::list::List;
use crate::app::model::Model;
use crate::app::scroll::{Scroll, Scrolled, Scrolls};
use crate::app::table::{DISTRIBUTIONS, HISTORY, INVALIDATIONS, TENANTS};
use crate::domain::distribution::{DistributionId, Target};

type Tenants = Table<{ TENANTS.len() }>;
type Invalidations = Table<{ INVALIDATIONS.len() }>;

/// The first visible rows and the column widths so far, kept so that nothing jumps.
#[derive(Clone, Debug, Default)]
pub struct ViewMemory {
    pub(super) distributions: Table<{ DISTRIBUTIONS.len() }>,
    tenants: Tenants,
    tenants_of: Option<DistributionId>,
    invalidations: Invalidations,
    invalidations_of: Option<Target>,
    pub(super) history: Table<{ HISTORY.len() }>,
    pub(super) overlay: Window,
    offsets: Offsets,
    pub(super) composer: ComposerMemory,
}

/// The visible part of the composer's text.
#[derive(Clone, Debug, Default)]
pub(super) struct ComposerMemory {
    /// The visible lines.
    pub window: Window,
    /// The first visible column.
    pub first_column: usize,
}

impl ComposerMemory {
    /// Scrolls sideways, by as little as possible, until the column and some columns next to it are visible.
    pub(super) fn scroll_to(&mut self, column: usize, room: usize, beside: usize) {
        let beside = beside.min(room.saturating_sub(1) / 2);
        let least = (column + beside + 1).saturating_sub(room);
        if least == 0 {
            // A line that has become short enough is shown from its start.
            self.first_column = 0;
        }
        self.first_column = self.first_column.max(least).min(column.saturating_sub(beside));
    }
}

/// The scroll offsets of everything that scrolls.
#[derive(Clone, Debug, Default)]
struct Offsets(Vec<Offset>);

#[derive(Clone, Debug)]
struct Offset {
    of: Scrolled,
    first: usize,
    /// The number of scroll steps applied, as [`Scrolls::made`] counts them.
    seen: usize,
}

/// The maximum number of remembered offsets, which is far more than the number of overlays at any time.
const REMEMBERED: usize = 32;

impl Offsets {
    /// Returns the offset for a scrollable area; zero if the area has never been scrolled.
    fn entry(&mut self, of: Scrolled) -> &mut Offset {
        let place = self.0.iter().position(|offset| offset.of == of).unwrap_or_else(|| {
            if self.0.len() == REMEMBERED {
                self.0.remove(0);
            }
            self.0.push(Offset { of, first: 0, seen: 0 });
            self.0.len() - 1
        });
        &mut self.0[place]
    }
}

/// A scroller that applies the core's scroll steps to one area and returns the area's visible part.
pub(super) struct Scroller<'a> {
    offset: &'a mut Offset,
    scrolls: &'a Scrolls,
}

impl Scroller<'_> {
    /// Returns the visible lines out of `len`, in this many rows.
    pub(super) fn lines(&mut self, len: usize, rows: usize) -> Range<usize> {
        let last = len.saturating_sub(rows);
        self.take_steps(last, rows.saturating_sub(1));
        scrolled(self.offset.first, len, rows)
    }

    /// Returns the visible entries, each of which takes several rows.
    pub(super) fn flowing(&mut self, len: usize, rows: usize, height: impl Fn(usize) -> usize) -> Range<usize> {
        let last = flowing(usize::MAX, len, rows, &height).start;
        let page = flowing(self.offset.first, len, rows, &height).len();
        self.take_steps(last, page.saturating_sub(1));
        flowing(self.offset.first, len, rows, height)
    }

    fn take_steps(&mut self, last: usize, page: usize) {
        let Offset { of, first, seen } = self.offset;
        let page = isize::try_from(page.max(1)).unwrap_or(isize::MAX);
        for step in self.scrolls.since(*of, *seen) {
            *first = match step {
                Scroll::Lines(lines) => first.saturating_add_signed(lines),
                Scroll::Pages(pages) => first.saturating_add_signed(pages.saturating_mul(page)),
                Scroll::Top => 0,
                Scroll::Bottom => last,
            }
            .min(last);
        }
        *seen = self.scrolls.made();
        *first = (*first).min(last);
    }
}

impl ViewMemory {
    /// Returns the scroller for an area.
    pub(super) fn scroller<'a>(&'a mut self, model: &'a Model, of: Scrolled) -> Scroller<'a> {
        Scroller {
            offset: self.offsets.entry(of),
            scrolls: &model.scrolls,
        }
    }

    /// Returns the memory for a distribution's tenants, discarding the memory for any other distribution.
    pub(super) fn tenants(&mut self, of: &DistributionId) -> &mut Tenants {
        if self.tenants_of.as_ref() != Some(of) {
            self.tenants_of = Some(of.clone());
            self.tenants = Table::default();
        }
        &mut self.tenants
    }

    /// Returns the memory for the invalidations of one target or of all targets, discarding any other.
    pub(super) fn invalidations(&mut self, of: Option<&Target>) -> &mut Invalidations {
        if self.invalidations_of.as_ref() != of {
            self.invalidations_of = of.cloned();
            self.invalidations = Table::default();
        }
        &mut self.invalidations
    }
}

/// The memory for a table.
#[derive(Clone, Debug)]
pub(super) struct Table<const N: usize> {
    pub window: Window,
    /// The width of the widest cell so far in each column.
    widest: [u16; N],
}

impl<const N: usize> Default for Table<N> {
    fn default() -> Self {
        Self {
            window: Window::default(),
            widest: [0; N],
        }
    }
}

impl<const N: usize> Table<N> {
    /// Returns the part of a list that is visible in a table with a heading.
    pub(super) fn seen<K: Clone + Ord>(&mut self, list: &List<K>, body: Rect) -> Range<usize> {
        let rows = usize::from(body.height.saturating_sub(1));
        let window = self.window.turned(list.turned());
        window.around(list.selected(), list.rows().len(), rows)
    }

    /// Returns the column widths, which grow when wider rows become visible, and never shrink.
    pub(super) fn widen(&mut self, rows: impl Iterator<Item = [usize; N]>) -> [u16; N] {
        for row in rows {
            for (widest, width) in self.widest.iter_mut().zip(row) {
                *widest = (*widest).max(u16::try_from(width).unwrap_or(u16::MAX));
            }
        }
        self.widest
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::app::model::Preferences;

    /// Returns the first of 50 lines visible in 10 rows after these steps. Draws after each step, or only once at the
    /// end.
    fn first(steps: &[Scroll], drawn: bool) -> usize {
        let mut model = Model::new(Preferences::default(), DateTime::UNIX_EPOCH);
        let mut memory = ViewMemory::default();
        let of = Scrolled::Overlay(1);
        for step in steps {
            model.scrolls.push(of, *step);
            if drawn {
                memory.scroller(&model, of).lines(50, 10);
            }
        }
        memory.scroller(&model, of).lines(50, 10).start
    }

    #[test]
    fn scrolling_stops_at_the_ends_and_turns_at_once() {
        let table = [
            (vec![Scroll::Lines(3)], 3),
            (vec![Scroll::Pages(1), Scroll::Pages(1)], 18),
            (vec![Scroll::Pages(99), Scroll::Lines(-1)], 39),
            (vec![Scroll::Lines(-5), Scroll::Lines(2)], 2),
            (vec![Scroll::Bottom], 40),
            (vec![Scroll::Bottom, Scroll::Lines(7), Scroll::Top, Scroll::Lines(1)], 1),
        ];
        for (steps, line) in table {
            assert_eq!((first(&steps, true), first(&steps, false)), (line, line), "{steps:?}");
        }
    }

    #[test]
    fn what_lies_above_does_not_move_what_lies_below() {
        let mut model = Model::new(Preferences::default(), DateTime::UNIX_EPOCH);
        let mut memory = ViewMemory::default();
        let (below, above) = (Scrolled::Page(1), Scrolled::Overlay(1));
        model.scrolls.push(below, Scroll::Lines(4));
        assert_eq!(memory.scroller(&model, below).lines(50, 10).start, 4);
        model.scrolls.push(above, Scroll::Lines(9));
        assert_eq!(memory.scroller(&model, above).lines(50, 10).start, 9);
        assert_eq!(memory.scroller(&model, below).lines(50, 10).start, 4);
    }
}
