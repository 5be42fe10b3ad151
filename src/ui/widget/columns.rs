//! Distributes the width of a table among its columns: as it gets narrower, the least important ones are dropped first.

use ratatui::layout::Rect;

/// The requirements of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// The width below which the column is useless.
    pub min: u16,
    /// The width that the column gets before any other column gets more than its own `enough`.
    pub enough: u16,
    /// The preferred width.
    pub want: u16,
    /// The importance: the column with the smallest value is dropped first.
    pub importance: u8,
}

impl Column {
    /// Creates a column that prefers the width of its contents, within limits.
    pub(crate) fn new(content: u16, min: u16, most: u16, importance: u8) -> Self {
        let want = content.min(most).max(min);
        Self {
            min,
            enough: min,
            want,
            importance,
        }
    }

    /// Sets the width that the column gets before any other column gets more than its own `enough`.
    pub(crate) fn enough(self, enough: u16) -> Self {
        Self { enough, ..self }
    }
}

/// The number of blank columns between two columns.
pub(crate) const GAP: u16 = 2;

/// Returns the width of each column; 0 for a dropped one. At least one remains, however narrow the table is.
pub(crate) fn share<const N: usize>(columns: [Column; N], room: u16) -> [u16; N] {
    let mut widths = columns.map(|column| column.min.min(column.want));
    while total(&widths) > room && widths.iter().filter(|width| **width > 0).count() > 1 {
        drop_least(&columns, &mut widths);
    }
    if total(&widths) > room {
        return widths.map(|width| width.min(room));
    }
    grow(&columns, &mut widths, room, |column| column.enough.min(column.want));
    grow(&columns, &mut widths, room, |column| column.want);
    widths
}

/// Returns the width of the table with its gaps.
fn total(widths: &[u16]) -> u16 {
    let shown = widths.iter().filter(|width| **width > 0);
    shown
        .fold(0_u16, |sum, width| sum.saturating_add(*width).saturating_add(GAP))
        .saturating_sub(GAP)
}

fn drop_least(columns: &[Column], widths: &mut [u16]) {
    let least = columns
        .iter()
        .zip(widths)
        .filter(|(_, width)| **width > 0)
        .min_by_key(|(column, _)| column.importance);
    if let Some((_, width)) = least {
        *width = 0;
    }
}

/// Distributes the remaining width, one terminal column at a time, to the columns below their maximum.
fn grow(columns: &[Column], widths: &mut [u16], room: u16, most: impl Fn(&Column) -> u16) {
    let mut left = room - total(widths);
    loop {
        let mut given = false;
        for (column, width) in columns.iter().zip(widths.iter_mut()) {
            if left > 0 && *width > 0 && *width < most(column) {
                *width += 1;
                left -= 1;
                given = true;
            }
        }
        if !given {
            return;
        }
    }
}

/// Returns the area of each column in a row; dropped columns have no width.
pub(crate) fn cells<const N: usize>(widths: [u16; N], row: Rect) -> [Rect; N] {
    let mut x = row.x;
    widths.map(|width| {
        let cell = Rect::new(x, row.y, width, row.height).intersection(row);
        if width > 0 {
            x = x.saturating_add(width).saturating_add(GAP);
        }
        cell
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Column = Column {
        min: 8,
        enough: 8,
        want: 30,
        importance: 9,
    };
    const ID: Column = Column {
        min: 14,
        enough: 14,
        want: 14,
        importance: 8,
    };
    const COMMENT: Column = Column {
        min: 6,
        enough: 6,
        want: 20,
        importance: 1,
    };

    #[test]
    fn the_least_important_goes_first_and_the_rest_shares() {
        let cases = [
            (100, [30, 14, 20]),
            (50, [17, 14, 15]),
            (32, [8, 14, 6]),
            (31, [15, 14, 0]),
            (23, [23, 0, 0]),
            (5, [5, 0, 0]),
            (0, [0, 0, 0]),
        ];
        for (room, widths) in cases {
            assert_eq!(share([NAME, ID, COMMENT], room), widths, "{room}");
        }
    }

    #[test]
    fn what_one_needs_comes_before_what_another_wants() {
        let comment = COMMENT.enough(16);
        for (room, widths) in [(40, [8, 14, 14]), (45, [10, 14, 17]), (100, [30, 14, 20])] {
            assert_eq!(share([NAME, ID, comment], room), widths, "{room}");
        }
    }

    #[test]
    fn cells_follow_each_other() {
        let row = Rect::new(3, 5, 40, 1);
        let found = cells([8, 0, 14], row).map(|cell| (cell.x, cell.width));
        assert_eq!(found, [(3, 8), (13, 0), (13, 14)]);
    }
}
