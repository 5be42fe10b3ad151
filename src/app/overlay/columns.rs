//! The columns of a table, to choose which of them are seen.

use crate::app::model::Model;
use crate::app::overlay::Overlay;
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

/// Opens it for the table that is looked at.
pub(in crate::app) fn open(model: &mut Model) {
    if let Some(table) = model.screen().table() {
        crate::app::act::open(model, Overlay::Columns(ColumnChooser { table, selected: 0 }));
    }
}

/// Shows the selected column, or takes it away.
pub(in crate::app) fn toggle(model: &mut Model) {
    let Some(Overlay::Columns(chooser)) = model.overlays.last() else {
        return;
    };
    let (table, column) = (chooser.table, chooser.column());
    if let Some(column) = column {
        model.arrangements.of_mut(table).toggle(column);
        model.engine.touch();
    }
}
