//! The columns of a table, to choose which of them are seen.

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::app::table::Table;

/// The state of the chooser.
#[derive(Clone, Copy, Debug)]
pub struct ColumnChooser {
    /// Whose columns.
    pub table: Table,
    /// The selected line.
    pub selected: usize,
}

impl ColumnChooser {
    /// The column on the selected line, by its place in the table.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.table.optional().nth(self.selected)
    }
}

impl Parts for ColumnChooser {
    fn title(&self) -> &'static str {
        "Columns"
    }

    fn keys(&self) -> Keys {
        keys::COLUMNS
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.selected)
    }
}
