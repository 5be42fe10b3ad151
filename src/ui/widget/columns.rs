//! Distributes the width of a table among its columns, by contents and importance. In a narrow table, the least
//! important columns are dropped first, and no cell is truncated while another column has unused width.

use ratatui::layout::Rect;

/// The requirements of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// The minimum useful width.
    pub min: u16,
    /// The width that the column gets before any other column gets more than its own `enough`.
    pub enough: u16,
    /// The preferred width.
    pub want: u16,
    /// The importance: the column with the smallest value is dropped first.
    pub importance: u8,
    /// When the column is shown.
    pub shown: Shown,
    /// Whether the column stays at its sufficient width until all other columns have reached their preferred width.
    pub takes_rest: bool,
}

/// When a column is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The column is shown whenever there is room.
    Always,
    /// The column is shown if the columns that are always shown have enough room.
    WhereEnough,
    /// The column is shown if all other columns have the width of their contents.
    WhereSpare,
}

impl Column {
    /// Creates a column that is as wide as its contents if possible, and is dropped rather than made narrower than
    /// `min`.
    pub(crate) fn new(content: u16, min: u16, importance: u8) -> Self {
        let min = min.min(content);
        Self {
            min,
            enough: min,
            want: content,
            importance,
            shown: Shown::Always,
            takes_rest: false,
        }
    }

    /// Creates a column that is either shown at full width or dropped.
    pub(crate) fn whole(content: u16, importance: u8) -> Self {
        Self::new(content, content, importance)
    }

    /// Sets when the column is shown.
    pub(crate) fn shown(self, shown: Shown) -> Self {
        Self { shown, ..self }
    }

    /// Lets the column grow beyond its sufficient width only into room that no other column needs.
    pub(crate) fn taking_rest(self) -> Self {
        Self {
            takes_rest: true,
            ..self
        }
    }

    /// Returns the width that the column needs.
    fn needs(&self) -> u16 {
        if self.takes_rest {
            self.enough.min(self.want)
        } else {
            self.want
        }
    }

    /// Sets the sufficient width. No column grows beyond its sufficient width until all columns have theirs.
    pub(crate) fn enough(self, enough: u16) -> Self {
        Self { enough, ..self }
    }
}

/// The number of blank columns between two columns.
pub(crate) const GAP: u16 = 2;

/// Returns the width of each column; 0 for a dropped one. At least one column remains, however narrow the table is.
pub(crate) fn share<const N: usize>(columns: [Column; N], room: u16) -> [u16; N] {
    let mut widths = columns.map(|column| column.min);
    drop_optional(&columns, &mut widths, room);
    while total(&widths) > room && widths.iter().filter(|width| **width > 0).count() > 1 {
        drop_least(&columns, &mut widths, |_| true);
    }
    if total(&widths) > room {
        return widths.map(|width| width.min(room));
    }
    grow(&columns, &mut widths, room, |column| column.enough.min(column.want));
    grow(&columns, &mut widths, room, Column::needs);
    grow(&columns, &mut widths, room, |column| column.want);
    widths
}

/// Returns the width of the table, including the gaps.
fn total(widths: &[u16]) -> u16 {
    let shown = widths.iter().filter(|width| **width > 0);
    shown
        .fold(0_u16, |sum, width| sum.saturating_add(*width).saturating_add(GAP))
        .saturating_sub(GAP)
}

/// Drops columns that are not always shown, least important first, until the condition for showing them is met.
fn drop_optional(columns: &[Column], widths: &mut [u16], room: u16) {
    for optional in [Shown::WhereSpare, Shown::WhereEnough] {
        let needed = |column: &Column| match (optional, column.shown) {
            (_, shown) if shown == optional => column.min,
            (Shown::WhereSpare, _) => column.needs(),
            (_, Shown::Always) => column.enough.min(column.want).max(column.min),
            (..) => column.min,
        };
        let total_needed = |widths: &[u16]| {
            let shown = columns.iter().zip(widths).filter(|(_, width)| **width > 0);
            total(&shown.map(|(column, _)| needed(column)).collect::<Vec<_>>())
        };
        while total_needed(widths) > room && drop_least(columns, widths, |column| column.shown == optional) {}
    }
}

/// Drops the least important of the columns selected by `of`. Returns whether a column was dropped.
fn drop_least(columns: &[Column], widths: &mut [u16], of: impl Fn(&Column) -> bool) -> bool {
    let least = columns
        .iter()
        .zip(widths)
        .filter(|(column, width)| **width > 0 && of(column))
        .min_by_key(|(column, _)| column.importance);
    least.map(|(_, width)| *width = 0).is_some()
}

/// Distributes the remaining width, one terminal column at a time, among the columns that are below their maximum.
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
        shown: Shown::Always,
        takes_rest: false,
    };
    const ID: Column = Column {
        min: 14,
        enough: 14,
        want: 14,
        importance: 8,
        shown: Shown::Always,
        takes_rest: false,
    };
    const COMMENT: Column = Column {
        min: 6,
        enough: 6,
        want: 20,
        importance: 1,
        shown: Shown::Always,
        takes_rest: false,
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
    fn a_column_that_takes_the_rest_leaves_the_others_what_they_need() {
        let items = NAME.enough(12).taking_rest();
        for (room, widths) in [
            (40, [12, 14, 10]),
            (50, [12, 14, 20]),
            (60, [22, 14, 20]),
            (100, [30, 14, 20]),
        ] {
            assert_eq!(share([items, ID, COMMENT], room), widths, "{room}");
        }
        let tag = COMMENT.shown(Shown::WhereSpare);
        assert_eq!(share([items, ID, tag], 36), [12, 14, 6]);
        assert_eq!(share([items, ID, tag], 35), [19, 14, 0]);
    }

    #[test]
    fn an_optional_column_appears_where_the_others_have_enough() {
        let name = NAME.enough(12);
        let cases = [
            (Shown::WhereEnough, 35, [19, 14, 0]),
            (Shown::WhereEnough, 36, [12, 14, 6]),
            (Shown::WhereEnough, 67, [30, 14, 6]),
            (Shown::WhereSpare, 53, [30, 14, 0]),
            (Shown::WhereSpare, 54, [30, 14, 6]),
        ];
        for (shown, room, widths) in cases {
            let last = Column::whole(6, 1).shown(shown);
            assert_eq!(share([name, ID, last], room), widths, "{room}");
        }
    }

    #[test]
    fn cells_follow_each_other() {
        let row = Rect::new(3, 5, 40, 1);
        let found = cells([8, 0, 14], row).map(|cell| (cell.x, cell.width));
        assert_eq!(found, [(3, 8), (13, 0), (13, 14)]);
    }
}
