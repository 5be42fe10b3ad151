//! What a person looks at, as far as rules depend on it: what is seen is read again and followed.

use crate::domain::distribution::{DistributionId, Target};
use crate::engine::row::RowKey;

/// What is seen, overlays aside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Seen {
    /// The distributions.
    #[default]
    Distributions,
    /// The tenants of a distribution.
    Tenants(DistributionId),
    /// The invalidations of a target; `None`: of all targets.
    Invalidations(Option<Target>),
    /// One invalidation.
    Row(RowKey),
    /// What was ever sent from here.
    History,
    /// A list being composed.
    List,
}
