//! The view as it was last written to the ledger or read from it.

use crate::app::overlay::import::kind::ImportMemory;
use serde::{Deserialize, Serialize};

use crate::app::table::Arrangements;

/// The view as last written to the ledger or read from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SavedView {
    pub(super) arrangements: Arrangements,
    /// The filters of the distributions and history pages.
    pub(super) filters: [String; 2],
    pub(super) page: Page,
    pub(super) imports: ImportMemory,
    /// Whether the user has started working. From then on, nothing is rearranged automatically.
    pub(super) begun: bool,
}

impl SavedView {
    /// Records that a key was pressed.
    pub(super) fn begin(&mut self) {
        self.begun = true;
    }

    /// Returns the filter of the history page as the user left it.
    pub(super) fn history_filter(&self) -> &str {
        &self.filters[1]
    }
}

/// A page that may be opened automatically at startup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Page {
    #[default]
    Distributions,
    Invalidations,
    History,
}
