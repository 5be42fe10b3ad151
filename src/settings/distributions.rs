//! The settings for the distributions page.

use serde::Deserialize;

/// The settings for the distributions page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Distributions {
    /// Whether the last invalidation of each visible distribution is loaded.
    pub last_invalidation: bool,
}

impl Default for Distributions {
    fn default() -> Self {
        Self {
            last_invalidation: true,
        }
    }
}
