//! The last notifications.

use crate::engine::effect::Progress;

/// The last notifications, so that nothing is announced twice.
#[derive(Clone, Debug, Default)]
pub(crate) struct LastNotified {
    /// The number of submissions in flight that the title shows.
    pub(in crate::engine) title: Option<usize>,
    pub(in crate::engine) progress: Option<Progress>,
    /// The number of submissions in flight at the last update.
    pub(in crate::engine) in_flight: usize,
    /// The number of submissions that have ended since nothing was last in flight.
    pub(in crate::engine) done: usize,
}
