//! Logging in to a profile from inside.

use chrono::{DateTime, Utc};

/// What logs in to a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginWay {
    /// A program in the terminal: the AWS CLI, a person's own command, or what prints the keys.
    Terminal,
    /// A browser, on this machine or another one.
    Browser,
    /// A code of this MFA device.
    Code(String),
}

/// A login that a person makes in a browser: what they need for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserLogin {
    /// The page to open.
    pub url: String,
    /// What is typed there.
    pub code: String,
    /// The page that knows the code already, where there is one.
    pub direct: Option<String>,
    /// Until when the code is good.
    pub until: DateTime<Utc>,
}

impl BrowserLogin {
    /// What is best opened.
    #[must_use]
    pub fn link(&self) -> &str {
        self.direct.as_deref().unwrap_or(&self.url)
    }
}
