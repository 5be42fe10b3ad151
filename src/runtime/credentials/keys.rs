//! The keys themselves: loaded when needed, kept until they are about to expire, never shown.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};

/// How long a source of keys may take: some open a browser and ask for a second factor.
const PATIENCE: Duration = Duration::from_mins(1);

/// Keys that expire sooner are asked for anew, and used all the same when that fails.
const EARLY: Duration = Duration::from_mins(5);

/// Keys that expire sooner are of no use: a request must be signed, travel and be checked.
const LATE: Duration = Duration::from_secs(15);

/// Shorter keys than these are no secrets, but words: the emulator's.
const SHORTEST_SECRET: usize = 16;

/// A source of keys and what it gave last. Clones share both.
#[derive(Clone)]
pub(crate) struct Keys(Arc<Inner>);

struct Inner {
    source: SharedCredentialsProvider,
    /// One asks at a time; the others wait and find the answer.
    asking: tokio::sync::Mutex<()>,
    held: Mutex<Option<Credentials>>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

impl Keys {
    /// Keys from this source, asked when they are first needed.
    pub(super) fn new(source: impl ProvideCredentials + 'static) -> Self {
        let source = SharedCredentialsProvider::new(source);
        Self(Arc::new(Inner {
            source,
            asking: tokio::sync::Mutex::new(()),
            held: Mutex::new(None),
        }))
    }

    /// The keys, from memory while they are good.
    pub(super) async fn load(&self) -> Result<Credentials, CredentialsError> {
        if let Some(keys) = self.held(EARLY) {
            return Ok(keys);
        }
        let _turn = self.0.asking.lock().await;
        if let Some(keys) = self.held(EARLY) {
            return Ok(keys);
        }
        match tokio::time::timeout(PATIENCE, self.0.source.provide_credentials()).await {
            Ok(Ok(keys)) => Ok(self.hold(keys)),
            Ok(Err(error)) => self.held(LATE).ok_or(error),
            Err(_) => self
                .held(LATE)
                .ok_or_else(|| CredentialsError::provider_timed_out(PATIENCE)),
        }
    }

    /// Text without our keys.
    pub(super) fn redact(&self, text: &str) -> String {
        let held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(keys) = held else { return text.to_owned() };
        let secrets = [
            Some(keys.secret_access_key()),
            keys.session_token(),
            Some(keys.access_key_id()),
        ];
        let secrets = secrets
            .into_iter()
            .flatten()
            .filter(|secret| secret.len() >= SHORTEST_SECRET);
        secrets.fold(text.to_owned(), |text, secret| text.replace(secret, "[redacted]"))
    }

    /// What is held, if it lasts longer than this.
    fn held(&self, longer: Duration) -> Option<Credentials> {
        let held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner).clone();
        held.filter(|keys| keys.expiry().is_none_or(|end| end > SystemTime::now() + longer))
    }

    fn hold(&self, keys: Credentials) -> Credentials {
        *self.0.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(keys.clone());
        keys
    }
}

impl ProvideCredentials for Keys {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.load())
    }
}
