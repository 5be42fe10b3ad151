//! The mouse: what lies where on the screen, as the view drew it last.

use crate::domain::distribution::Target;
use crate::engine::row::RowKey;
use chrono::{DateTime, Utc};

use crate::app::key::Key;

/// What a click can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A row of the page's table, by its place among the rows that the core holds.
    Row(usize),
    /// The heading of a column of the page's table, by its place in the table.
    Heading(usize),
    /// A line to choose from in the overlay on top.
    Choice(usize),
    /// A cell of a job, target by batch.
    Cell {
        /// The place of the target.
        row: usize,
        /// The place of the batch.
        column: usize,
    },
    /// A key that is shown with what it does.
    Hint(Key),
    /// The text that is composed, at a line and a display column of it.
    Text {
        /// The line, from 0.
        line: usize,
        /// The column, from 0.
        column: usize,
    },
}

/// Cells of the screen, in columns and rows from its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// The first column.
    pub x: u16,
    /// The first row.
    pub y: u16,
    /// How many columns.
    pub width: u16,
    /// How many rows.
    pub height: u16,
}

impl Area {
    fn contains(self, column: u16, row: u16) -> bool {
        (self.x..self.x.saturating_add(self.width)).contains(&column)
            && (self.y..self.y.saturating_add(self.height)).contains(&row)
    }
}

/// What lies where in one frame. What was put later lies above.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits(Vec<(Area, Hit)>);

impl Hits {
    /// Puts something there.
    pub fn put(&mut self, area: Area, hit: Hit) {
        if area.width > 0 && area.height > 0 {
            self.0.push((area, hit));
        }
    }

    /// Everything so far lies under an overlay, and cannot be met any more.
    pub fn cover(&mut self) {
        self.0.clear();
    }

    /// What a click on this cell meets; a text is met at the column of the cell.
    #[must_use]
    pub fn at(&self, column: u16, row: u16) -> Option<Hit> {
        let (area, hit) = self.0.iter().rev().find(|(area, _)| area.contains(column, row))?;
        Some(match *hit {
            Hit::Text { line, column: first } => Hit::Text {
                line,
                column: first.saturating_add(usize::from(column - area.x)),
            },
            other => other,
        })
    }

    /// All areas with what lies there, in the order in which they were put.
    pub fn iter(&self) -> impl Iterator<Item = (Area, Hit)> + '_ {
        self.0.iter().copied()
    }
}

/// A click that was heard.
#[derive(Clone, Debug)]
pub(super) struct Clicked {
    /// What it met.
    pub(super) hit: Option<Hit>,
    /// What it was for.
    pub(super) place: Place,
    /// The row that it selected: another one may be in its place by the next click.
    pub(super) row: Selected,
    /// When it came.
    pub(super) at: DateTime<Utc>,
}

/// What a click is for: how many pages lie on each other, the one on top, and the overlay above it.
pub(super) type Place = (usize, &'static str, Option<u64>);

/// The selected row of the page: a target or an invalidation.
pub(super) type Selected = (Option<Target>, Option<RowKey>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::Code;

    fn area(x: u16, y: u16, width: u16) -> Area {
        Area { x, y, width, height: 1 }
    }

    #[test]
    fn what_lies_above_is_met_and_what_is_covered_is_not() {
        let mut hits = Hits::default();
        hits.put(area(0, 3, 80), Hit::Row(0));
        hits.put(area(5, 3, 10), Hit::Hint(Key::plain(Code::Enter)));
        hits.put(area(0, 4, 0), Hit::Row(1));
        assert_eq!(hits.at(4, 3), Some(Hit::Row(0)));
        assert_eq!(hits.at(5, 3), Some(Hit::Hint(Key::plain(Code::Enter))));
        assert_eq!(hits.at(15, 3), Some(Hit::Row(0)));
        assert_eq!((hits.at(80, 3), hits.at(0, 2), hits.at(0, 4)), (None, None, None));
        hits.cover();
        assert_eq!(hits.at(5, 3), None);
    }

    #[test]
    fn a_text_is_met_at_the_column_of_the_cell() {
        let mut hits = Hits::default();
        hits.put(area(9, 3, 60), Hit::Text { line: 7, column: 20 });
        assert_eq!(hits.at(9, 3), Some(Hit::Text { line: 7, column: 20 }));
        assert_eq!(hits.at(12, 3), Some(Hit::Text { line: 7, column: 23 }));
    }
}
