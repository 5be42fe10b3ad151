//! Earlier invalidations of the composer's targets, to take their items from.

use tui_input::Input;

use crate::engine::row::RowKey;

/// The state of the list.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// What is typed to find one.
    pub filter: Input,
    /// The selected one.
    pub selected: usize,
    /// The one that is taken as soon as its items are known.
    pub wanted: Option<RowKey>,
}
