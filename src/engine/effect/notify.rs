//! Announcements outside the frame.

use crate::domain::options::Protocol;

/// A signal outside the frame: bell, notification, title or progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Announcement {
    /// Set the terminal's title.
    Title(String),
    /// Ring the bell.
    Bell,
    /// Show a desktop notification through the terminal.
    Notification(Protocol, String),
    /// Show progress in the tab or task bar.
    Progress(Progress),
}

/// The progress of the invalidations in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing is in flight.
    None,
    /// One invalidation is in flight, with unknown progress.
    Busy,
    /// This percentage is done.
    Percent(u8),
    /// This percentage is done, and at least one invalidation needs the user's attention.
    Paused(u8),
}
