//! The columns of a table, to choose which of them are seen.

use crate::app::model::Model;
use crate::app::overlay::columns::ColumnChooser;

/// Opens it for the table that is looked at.
pub(in crate::app) fn open(model: &mut Model) {
    if let Some(table) = model.screen().table() {
        model.toggle(ColumnChooser { table, selected: 0 });
    }
}

/// How many lines there are to choose from.
pub(in crate::app) fn lines(model: &Model) -> usize {
    let chooser = model.overlays.top::<ColumnChooser>();
    chooser.map_or(0, |chooser| chooser.table.optional().count())
}

/// Shows the selected column, or takes it away.
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
