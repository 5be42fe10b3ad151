//! The state of a login in progress.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::login::BrowserLogin;

/// How long a login step must take before it is shown. Showing shorter steps would only make the screen flicker.
pub(crate) const LONG: Duration = Duration::from_secs(1);

/// The login in progress.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoggingIn {
    /// The service or program that the login is waiting for, and since when.
    pub(crate) waits: Option<(String, DateTime<Utc>)>,
    /// The login that the user has to complete in a browser.
    pub browser: Option<BrowserLogin>,
    /// The id of the request that uses the code entered by the user.
    pub(crate) code: Option<u64>,
    /// Whether the user dismissed the prompt for a code. A dismissed prompt does not reappear until the user retries.
    pub(crate) declined: bool,
}

impl LoggingIn {
    /// Returns what the login is waiting for, such as `asking STS for the role deploy`, if the wait is long.
    #[must_use]
    pub fn waits_for(&self, now: DateTime<Utc>) -> Option<&str> {
        let (what, since) = self.waits.as_ref()?;
        let waited = (now - *since).to_std().unwrap_or_default();
        (waited >= LONG).then_some(what)
    }
}
