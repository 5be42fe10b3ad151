//! The page that the user is looking at. The engine needs to know it because visible data is reloaded and watched.

use crate::domain::distribution::{DistributionId, Target};
use crate::engine::row::key::RowKey;

/// The visible page, without overlays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Seen {
    /// The distributions page.
    #[default]
    Distributions,
    /// The tenants page of a distribution.
    Tenants(DistributionId),
    /// The invalidations page of a target; `None` means all targets.
    Invalidations(Option<Target>),
    /// The details page of an invalidation.
    Row(RowKey),
    /// The history page.
    History,
    /// The composer.
    List,
}
