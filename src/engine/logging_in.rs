//! The state of a login that is under way.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::login::BrowserLogin;

/// What takes longer is named: what is over sooner would only flicker.
pub(crate) const LONG: Duration = Duration::from_secs(1);

/// What is under way to log in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoggingIn {
    /// What is asked or run for the credentials, and since when.
    pub(crate) waits: Option<(String, DateTime<Utc>)>,
    /// What a person does in a browser now.
    pub browser: Option<BrowserLogin>,
    /// The number of the request that a code was given for.
    pub(crate) code: Option<u64>,
    /// A person was asked for a code and gave none: they are not asked again before they do something about it.
    pub(crate) declined: bool,
}

impl LoggingIn {
    /// What is waited for, if that takes long: `asking STS for the role deploy`.
    #[must_use]
    pub fn waits_for(&self, now: DateTime<Utc>) -> Option<&str> {
        let (what, since) = self.waits.as_ref()?;
        let waited = (now - *since).to_std().unwrap_or_default();
        (waited >= LONG).then_some(what)
    }
}
