//! The list of earlier invalidations of the composer's targets, to import their items.

use tui_input::Input;

use crate::engine::row::RowKey;

/// The state of the list of earlier invalidations.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// The typed filter.
    pub filter: Input,
    /// The index of the selected invalidation.
    pub selected: usize,
    /// The invalidation to import as soon as its items are loaded.
    pub wanted: Option<RowKey>,
}
