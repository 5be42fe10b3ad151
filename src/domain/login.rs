//! Ways to log in to a profile from within the program.

use chrono::{DateTime, Utc};

/// A way to log in to a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginWay {
    /// A program in the terminal: the AWS CLI, the user's own command, or the program that prints the credentials.
    Terminal,
    /// A browser, on this machine or another one.
    Browser,
    /// A code from this MFA device.
    Code(String),
}

/// What the user needs to complete a login in a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserLogin {
    /// The page to open.
    pub url: String,
    /// The code to enter in the browser.
    pub code: String,
    /// A page that already includes the code, if any.
    pub direct: Option<String>,
    /// When the code expires.
    pub until: DateTime<Utc>,
}

impl BrowserLogin {
    /// Returns the best page to open.
    #[must_use]
    pub fn link(&self) -> &str {
        self.direct.as_deref().unwrap_or(&self.url)
    }
}
