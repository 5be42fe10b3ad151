//! Actions for the overlay that selects the visible columns of a table.

use crate::app::model::Model;
use crate::app::overlay::columns::ColumnChooser;

/// Opens the overlay for the visible table.
pub(in crate::app) fn open(model: &mut Model) {
    if let Some(table) = model.screen().table() {
        model.toggle(ColumnChooser { table, selected: 0 });
    }
}

/// Returns the number of columns to choose from.
pub(in crate::app) fn lines(model: &Model) -> usize {
    let chooser = model.overlays.top::<ColumnChooser>();
    chooser.map_or(0, |chooser| chooser.table.optional().count())
}

/// Shows or hides the selected column.
pub(in crate::app) fn toggle(model: &mut Model) {
    let Some(chooser) = model.overlays.top::<ColumnChooser>() else {
        return;
    };
    let (table, column) = (chooser.table, chooser.column());
    if let Some(column) = column {
        model.arrangements.of_mut(table).toggle(column);
        model.engine.touch();
    }
}
