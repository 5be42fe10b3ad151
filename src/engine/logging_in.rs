//! The state of a login in progress.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::login::BrowserLogin;

/// The duration from which a step is shown: naming a shorter one would only make the screen flicker.
pub(crate) const LONG: Duration = Duration::from_secs(1);

/// The login in progress.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoggingIn {
    /// The service or program that the login waits for, and since when.
    pub(crate) waits: Option<(String, DateTime<Utc>)>,
    /// The login that the user has to complete in a browser.
    pub browser: Option<BrowserLogin>,
    /// The number of the request that a code was entered for.
    pub(crate) code: Option<u64>,
    /// Whether the user dismissed the prompt for a code: it is not shown again until the user retries.
    pub(crate) declined: bool,
}

impl LoggingIn {
    /// Returns what the login is waiting for, if it takes long: `asking STS for the role deploy`.
    #[must_use]
    pub fn waits_for(&self, now: DateTime<Utc>) -> Option<&str> {
        let (what, since) = self.waits.as_ref()?;
        let waited = (now - *since).to_std().unwrap_or_default();
        (waited >= LONG).then_some(what)
    }
}
