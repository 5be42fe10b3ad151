//! The notification settings, and the last notifications.

use crate::engine::effect::Progress;

/// The notification settings: bell, desktop notification, title, progress, command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotifyOptions {
    /// Whether the terminal bell rings.
    pub bell: bool,
    /// The protocol for terminal notifications; `None`: no notifications.
    pub notification: Option<Protocol>,
    /// Whether the terminal's title shows the number in flight.
    pub title: bool,
    /// Whether the tab or task bar shows progress.
    pub progress: bool,
    /// A program with arguments, run when an invalidation is completed; empty: none.
    pub on_completed: Vec<String>,
}

impl Default for NotifyOptions {
    fn default() -> Self {
        Self {
            bell: true,
            notification: Some(Protocol::Osc9),
            title: true,
            progress: true,
            on_completed: Vec::new(),
        }
    }
}

/// The protocol for terminal notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// OSC 9: iTerm2, Ghostty, kitty, Windows Terminal, `WezTerm`.
    Osc9,
    /// OSC 777: rxvt, foot, GNOME Terminal, Ghostty.
    Osc777,
}

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
