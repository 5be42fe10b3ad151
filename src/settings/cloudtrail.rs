//! Settings of CloudTrail lookups.

use serde::Deserialize;

/// Settings of CloudTrail lookups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CloudTrail {
    /// Whether CloudTrail is asked without a key who made an invalidation whose details are seen.
    pub lookup: bool,
}
