//! The visible part of a long list.

use std::ops::Range;

/// The first visible line of a list, remembered so that the list scrolls only when the selection would leave the
/// window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Window {
    first: usize,
    /// The number of lines scrolled by the wheel so far, as the core counts them.
    turned: isize,
}

impl Window {
    /// Scrolls by the wheel's movement since the last frame, unless the selection limits it.
    pub(crate) fn turned(&mut self, turned: isize) -> &mut Self {
        self.first = self.first.saturating_add_signed(turned.saturating_sub(self.turned));
        self.turned = turned;
        self
    }

    /// Returns the lines to draw: this many rows including the selected one, scrolled as little as possible.
    pub(crate) fn around(&mut self, selected: usize, len: usize, rows: usize) -> Range<usize> {
        let last_first = len.saturating_sub(rows);
        let first = self.first.min(selected).max((selected + 1).saturating_sub(rows));
        self.first = first.min(last_first);
        self.first..len.min(self.first.saturating_add(rows))
    }

    /// Returns the entries to draw if each takes several rows and the last one may be cut off. The selected entry is
    /// fully visible if it fits, and the list scrolls as little as possible. Only visible entries are measured.
    pub(crate) fn around_tall(
        &mut self,
        selected: usize,
        len: usize,
        rows: usize,
        height: impl Fn(usize) -> usize,
    ) -> Range<usize> {
        let least = first_above(selected + 1, rows, &height).min(selected);
        let last_first = first_above(len, rows, &height);
        self.first = self.first.min(selected).max(least).min(last_first.max(least));
        let (mut end, mut used) = (self.first, 0);
        while end < len && used < rows {
            used += height(end).max(1);
            end += 1;
        }
        self.first..end
    }
}

/// Returns the first entry such that the entries from there up to `end` fit.
fn first_above(end: usize, rows: usize, height: impl Fn(usize) -> usize) -> usize {
    let mut first = end;
    let mut used = 0;
    while let Some(before) = first.checked_sub(1) {
        used += height(before).max(1);
        if used > rows {
            break;
        }
        first = before;
    }
    first
}

/// Returns the lines to draw at a scroll position that may be beyond the end.
pub(crate) fn scrolled(scroll: usize, len: usize, rows: usize) -> Range<usize> {
    let first = scroll.min(len.saturating_sub(rows));
    first..len.min(first.saturating_add(rows))
}

/// Returns the entries to draw at a scroll position if each takes several rows and the last one may be cut off. The
/// end of the list stays at the bottom. Only visible entries are measured.
pub(crate) fn flowing(scroll: usize, len: usize, rows: usize, height: impl Fn(usize) -> usize) -> Range<usize> {
    let first = scroll.min(first_above(len, rows, &height).min(len.saturating_sub(1)));
    let (mut end, mut used) = (first, 0);
    while end < len && used < rows {
        used += height(end).max(1);
        end += 1;
    }
    first..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_several_rows_fill_the_window() {
        let seen = |scroll, rows| flowing(scroll, 10, rows, |_| 2);
        assert_eq!(
            [seen(0, 6), seen(3, 6), seen(99, 6), seen(0, 5)],
            [0..3, 3..6, 7..10, 0..3]
        );
        assert_eq!([seen(99, 1), seen(0, 0), seen(4, 100)], [9..10, 0..0, 0..10]);
        assert_eq!(flowing(3, 0, 5, |_| 1), 0..0);
    }

    #[test]
    fn the_list_moves_only_when_the_selection_would_leave_it() {
        let mut window = Window::default();
        let steps = [
            (0, 0..5),
            (4, 0..5),
            (5, 1..6),
            (3, 1..6),
            (0, 0..5),
            (99, 95..100),
            (97, 95..100),
        ];
        for (selected, seen) in steps {
            assert_eq!(window.around(selected, 100, 5), seen, "{selected}");
        }
        assert_eq!(window.around(1, 2, 5), 0..2);
        assert_eq!(window.around(0, 0, 5), 0..0);
        assert_eq!(window.around(7, 100, 0), 8..8);
    }

    #[test]
    fn a_tall_entry_is_whole_where_it_fits() {
        let mut window = Window::default();
        let height = |entry: usize| if entry % 3 == 1 { 3 } else { 1 };
        let mut seen = |selected, rows| window.around_tall(selected, 9, rows, height);
        assert_eq!(
            [
                seen(0, 5),
                seen(1, 5),
                seen(2, 5),
                seen(4, 5),
                seen(8, 5),
                seen(7, 5),
                seen(0, 5)
            ],
            [0..3, 0..3, 0..3, 2..5, 6..9, 6..9, 0..3]
        );
        assert_eq!([seen(4, 2), seen(4, 0), seen(8, 99)], [4..5, 4..4, 0..9]);
    }

    #[test]
    fn the_wheel_moves_the_list_under_the_selection() {
        let mut window = Window::default();
        let mut turn = |turned, selected| window.turned(turned).around(selected, 100, 5);
        assert_eq!(turn(0, 2), 0..5);
        assert_eq!(turn(3, 5), 3..8);
        assert_eq!(turn(3, 5), 3..8);
        assert_eq!(turn(6, 8), 6..11);
        assert_eq!(turn(2, 4), 2..7);
        assert_eq!(turn(99, 99), 95..100);
        assert_eq!(turn(0, 0), 0..5);
    }

    #[test]
    fn scrolling_stops_at_the_end() {
        assert_eq!(scrolled(3, 10, 5), 3..8);
        assert_eq!(scrolled(99, 10, 5), 5..10);
        assert_eq!(scrolled(1, 2, 5), 0..2);
    }
}
