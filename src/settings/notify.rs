//! The settings of notifications outside the frame.

use serde::Deserialize;

/// The settings of notifications outside the frame.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Notify {
    /// Whether the terminal bell rings when an invalidation is completed.
    pub bell: bool,
    /// The protocol for terminal notifications.
    pub notification: Notification,
    /// Whether the terminal's title shows how many invalidations are in flight.
    pub title: bool,
    /// Whether the tab or task bar shows progress (OSC 9;4).
    pub progress: bool,
    /// A program with arguments, run without a shell when an invalidation is completed; empty: none.
    pub on_completed: Vec<String>,
}

impl Default for Notify {
    fn default() -> Self {
        Self {
            bell: true,
            notification: Notification::Osc9,
            title: true,
            progress: true,
            on_completed: Vec::new(),
        }
    }
}

/// The protocol for terminal notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Notification {
    /// No notifications.
    Off,
    /// OSC 9, for iTerm2, kitty, Ghostty, `WezTerm` and Windows Terminal.
    Osc9,
    /// OSC 777, for foot, rxvt and GNOME Terminal.
    Osc777,
}
