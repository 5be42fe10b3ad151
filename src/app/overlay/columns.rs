//! The overlay that selects the visible columns of a table.

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::app::table::Table;

/// The state of the column overlay.
#[derive(Clone, Copy, Debug)]
pub struct ColumnChooser {
    /// The table whose columns are selected.
    pub table: Table,
    /// The index of the selected line.
    pub selected: usize,
}

impl ColumnChooser {
    /// Returns the column on the selected line, by its index in the table.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.table.optional().nth(self.selected)
    }
}

impl Parts for ColumnChooser {
    fn keys(&self) -> Keys {
        keys::COLUMNS
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.selected)
    }
}
