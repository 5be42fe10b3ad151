//! What the page of the distributions does by itself.

use serde::Deserialize;

/// What the page of the distributions does by itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Distributions {
    /// Whether the last invalidation of each distribution in sight is read.
    pub last_invalidation: bool,
}

impl Default for Distributions {
    fn default() -> Self {
        Self {
            last_invalidation: true,
        }
    }
}
