//! The setting that limits how long the ledger keeps ended submissions.

use serde::Deserialize;

/// The settings for how long the history is kept, from the table `[history]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// How many days a submission is kept after it has ended; 0 means forever.
    pub keep_days: u32,
}

impl Retention {
    /// Returns how many days submissions are kept, or `None` if they are kept forever.
    #[must_use]
    pub fn kept(&self) -> Option<u32> {
        (self.keep_days > 0).then_some(self.keep_days)
    }
}
