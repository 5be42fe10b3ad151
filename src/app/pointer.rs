//! The clickable areas of the screen, as the view last drew it.

use crate::domain::distribution::Target;
use crate::engine::row::RowKey;
use chrono::{DateTime, Utc};

use crate::app::key::Key;

/// Something that can be clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A row of the page's table, by its index among the rows that the core has loaded.
    Row(usize),
    /// The heading of a column of the page's table, by its index in the table.
    Heading(usize),
    /// A choice in the top overlay.
    Choice(usize),
    /// A cell in the table of a job, by target and batch.
    Cell {
        /// The index of the target.
        row: usize,
        /// The index of the batch.
        column: usize,
    },
    /// A key shown on screen; clicking it presses the key.
    Hint(Key),
    /// The text in the composer, at a line and display column.
    Text {
        /// The line, from 0.
        line: usize,
        /// The column, from 0.
        column: usize,
    },
}

/// An area of the screen, in columns and rows from the upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// The first column.
    pub x: u16,
    /// The first row.
    pub y: u16,
    /// The number of columns.
    pub width: u16,
    /// The number of rows.
    pub height: u16,
}

impl Area {
    fn contains(self, column: u16, row: u16) -> bool {
        (self.x..self.x.saturating_add(self.width)).contains(&column)
            && (self.y..self.y.saturating_add(self.height)).contains(&row)
    }
}

/// The clickable areas of one frame. Areas added later are on top.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits(Vec<(Area, Hit)>);

impl Hits {
    /// Adds a clickable area.
    pub fn put(&mut self, area: Area, hit: Hit) {
        if area.width > 0 && area.height > 0 {
            self.0.push((area, hit));
        }
    }

    /// Removes all areas added so far, because an overlay covers them.
    pub fn cover(&mut self) {
        self.0.clear();
    }

    /// Returns what a click on this cell hits; for text, this includes the column that was clicked.
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

    /// Returns all areas in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (Area, Hit)> + '_ {
        self.0.iter().copied()
    }
}

/// A click that was handled.
#[derive(Clone, Debug)]
pub(super) struct Clicked {
    /// What was clicked.
    pub(super) hit: Option<Hit>,
    /// The context of the click.
    pub(super) place: Place,
    /// The row that the click selected; by the next click, another row may have taken its place.
    pub(super) row: Selected,
    /// The time of the click.
    pub(super) at: DateTime<Utc>,
}

/// The context of a click: the number of open pages, the top page, and the overlay above it.
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
