//! The last notifications.

use crate::engine::effect::Progress;

/// The last notifications, so that nothing is announced twice.
#[derive(Clone, Debug, Default)]
pub(crate) struct LastNotified {
    /// The number in flight shown in the title.
    pub(in crate::engine) title: Option<usize>,
    pub(in crate::engine) progress: Option<Progress>,
    /// The number in flight at the last update.
    pub(in crate::engine) in_flight: usize,
    /// The number that have ended since nothing was in flight.
    pub(in crate::engine) done: usize,
}
