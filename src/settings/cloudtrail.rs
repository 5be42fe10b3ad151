//! Settings of CloudTrail lookups.

use serde::Deserialize;

/// Settings of CloudTrail lookups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CloudTrail {
    /// Whether opening the details of an invalidation looks up in CloudTrail who made it.
    pub lookup: bool,
}
