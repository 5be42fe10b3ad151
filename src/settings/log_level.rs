//! The log level.

use serde::{Deserialize, Serialize};

/// The log level for this program's own messages. Messages from the AWS SDK are logged at `warn` and above at every
/// level except `off`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Nothing is logged.
    Off,
    /// Failures are logged.
    Error,
    /// Corrected problems are logged as well.
    Warn,
    /// Completed operations are logged as well.
    #[default]
    Info,
    /// The paths and accounts of operations are logged as well.
    Debug,
    /// Every step is logged.
    Trace,
}

impl LogLevel {
    /// The names of the levels, quietest first.
    pub const NAMES: [&'static str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

    pub(super) const ALL: [Self; 6] = [Self::Off, Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace];

    /// Returns the level's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }

    /// Returns the level with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}
