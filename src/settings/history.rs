//! How long the ledger keeps what has ended.

use serde::Deserialize;

/// How long the history is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Days after its end for which a submission is kept; 0: for ever.
    pub keep_days: u32,
}

impl Retention {
    /// The days, where there is an end to them.
    #[must_use]
    pub fn kept(&self) -> Option<u32> {
        (self.keep_days > 0).then_some(self.keep_days)
    }
}
