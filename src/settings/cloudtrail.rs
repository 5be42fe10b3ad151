//! The settings for CloudTrail lookups.

use serde::Deserialize;

/// The settings for CloudTrail lookups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CloudTrail {
    /// Whether opening an invalidation's details looks up in CloudTrail who created it.
    pub lookup: bool,
}
