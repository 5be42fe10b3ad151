//! What is told outside the frame.

use serde::Deserialize;

/// What is told outside the frame, and how.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Notify {
    /// Whether the terminal rings when an invalidation is completed.
    pub bell: bool,
    /// How the terminal is asked to notify.
    pub notification: Notification,
    /// Whether the terminal's title tells how much is in flight.
    pub title: bool,
    /// Whether tab or task bar show progress (OSC 9;4).
    pub progress: bool,
    /// A program and its arguments, run without a shell when an invalidation is completed; empty: none.
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

/// How the terminal is asked to notify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Notification {
    /// Not at all.
    Off,
    /// As iTerm2, kitty, Ghostty, `WezTerm` and Windows Terminal know it.
    Osc9,
    /// As foot, rxvt and GNOME's terminal know it.
    Osc777,
}
