//! What is remembered of the screen, as it was written or read last.

use crate::app::overlay::import::kind::ImportMemory;
use serde::{Deserialize, Serialize};

use crate::app::table::Arrangements;

/// What is remembered now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SavedView {
    pub(super) arrangements: Arrangements,
    /// The filters of the distributions and of the history.
    pub(super) filters: [String; 2],
    pub(super) page: Page,
    pub(super) imports: ImportMemory,
    /// Whether a person has begun to work: nothing moves under their hands any more.
    pub(super) begun: bool,
}

impl SavedView {
    /// A key was pressed.
    pub(super) fn begin(&mut self) {
        self.begun = true;
    }

    /// The filter that the history had when it was left.
    pub(super) fn history_filter(&self) -> &str {
        &self.filters[1]
    }
}

/// A page that a start may open by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Page {
    #[default]
    Distributions,
    Invalidations,
    History,
}
