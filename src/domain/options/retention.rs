//! The setting that limits how long the ledger keeps ended submissions.

use serde::Deserialize;

/// The settings of the history's retention, of the table `[history]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// The number of days for which a submission is kept after it ended; 0: forever.
    pub keep_days: u32,
}

impl Retention {
    /// Returns the number of days, if it is limited.
    #[must_use]
    pub fn kept(&self) -> Option<u32> {
        (self.keep_days > 0).then_some(self.keep_days)
    }
}
