//! The settings of notifications outside the rendered frame.

use serde::Deserialize;

/// The settings of notifications outside the rendered frame, from the table `[notify]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotifyOptions {
    /// Whether the terminal bell rings when an invalidation completes.
    pub bell: bool,
    /// The protocol for terminal notifications; `None` means no notifications.
    #[serde(deserialize_with = "protocol")]
    pub notification: Option<Protocol>,
    /// Whether the terminal's title shows how many invalidations are in flight.
    pub title: bool,
    /// Whether the tab or task bar shows progress (OSC 9;4).
    pub progress: bool,
    /// The program to run when an invalidation completes, with its arguments and without a shell; none if empty.
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
    /// OSC 9, for iTerm2, kitty, Ghostty, `WezTerm` and Windows Terminal.
    Osc9,
    /// OSC 777, for foot, rxvt and GNOME Terminal.
    Osc777,
}

/// Reads the name of a protocol, or `off`.
fn protocol<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Protocol>, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Name {
        Off,
        Osc9,
        Osc777,
    }
    Ok(match Name::deserialize(deserializer)? {
        Name::Off => None,
        Name::Osc9 => Some(Protocol::Osc9),
        Name::Osc777 => Some(Protocol::Osc777),
    })
}
