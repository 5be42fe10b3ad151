//! The credentials themselves: loaded when needed, cached until shortly before they expire, and never displayed.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_async::time::TimeSource;
use chrono::{DateTime, Utc};

use super::outcome::checked;
use crate::runtime::clock::ServiceClock;
use crate::runtime::held::lock;

/// The time limit for a whole chain of sources. Each source has its own limit, except one that prompts in the terminal:
/// the user may have to look for a hardware key, open a browser, and enter a second factor.
const PATIENCE: Duration = Duration::from_mins(10);

/// The remaining lifetime below which new credentials are loaded. If that fails, the old ones stay in use.
const EARLY: Duration = Duration::from_mins(5);

/// The remaining lifetime below which credentials are useless, because a request still has to be signed, sent and
/// verified.
const LATE: Duration = Duration::from_secs(15);

/// The minimum length of a secret that is redacted. Shorter ones are ordinary words, such as those used with the
/// emulator.
const SHORTEST_SECRET: usize = 16;

/// A source of credentials, and the credentials that it last returned. Clones share both.
#[derive(Clone)]
pub(crate) struct Keys {
    inner: Arc<Inner>,
    /// The clock that determines when credentials expire.
    clock: ServiceClock,
}

struct Inner {
    make: Box<dyn Fn(&ServiceClock) -> SharedCredentialsProvider + Send + Sync>,
    /// The source. One caller at a time loads from it; the others wait and use the result.
    source: tokio::sync::Mutex<Option<SharedCredentialsProvider>>,
    held: Mutex<Option<Held>>,
    /// The number of times loading was cancelled.
    cancelled: tokio::sync::watch::Sender<u64>,
}

/// The error returned if the user cancels the loading of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub(super) struct Cancelled;

/// Cached credentials, and the remaining lifetime below which new ones are loaded.
#[derive(Clone)]
struct Held {
    keys: Credentials,
    margin: Duration,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

impl Keys {
    /// Creates credentials whose source is created when first needed, and again after each failure, because a profile's
    /// source reports the cause of a failure only once.
    pub(super) fn new(make: impl Fn(&ServiceClock) -> SharedCredentialsProvider + Send + Sync + 'static) -> Self {
        let inner = Inner {
            make: Box::new(make),
            source: tokio::sync::Mutex::new(None),
            held: Mutex::new(None),
            cancelled: tokio::sync::watch::channel(0).0,
        };
        Self {
            inner: Arc::new(inner),
            clock: ServiceClock::of_machine(),
        }
    }

    /// Returns the same credentials, timed by a different clock.
    pub(super) fn timed_by(self, clock: ServiceClock) -> Self {
        Self { clock, ..self }
    }

    /// Creates constant credentials.
    pub(super) fn fixed(keys: Credentials) -> Self {
        Self::new(move |_| SharedCredentialsProvider::new(keys.clone()))
    }

    /// Returns the cached credentials while they are valid, and otherwise loads new ones.
    pub(super) async fn load(&self) -> Result<Credentials, CredentialsError> {
        let mut cancelled = self.inner.cancelled.subscribe();
        tokio::select! {
            biased;
            loaded = self.load_whole() => loaded,
            _ = cancelled.changed() => Err(CredentialsError::provider_error(Cancelled)),
        }
    }

    /// Cancels the loading in progress for all callers that are waiting for it.
    pub(super) fn cancel(&self) {
        self.inner.cancelled.send_modify(|times| *times += 1);
    }

    async fn load_whole(&self) -> Result<Credentials, CredentialsError> {
        if let Some(keys) = self.good() {
            return Ok(keys);
        }
        let mut source = self.inner.source.lock().await;
        if let Some(keys) = self.good() {
            return Ok(keys);
        }
        let provider = source.get_or_insert_with(|| (self.inner.make)(&self.clock)).clone();
        match provide(provider).await {
            Ok(keys) => Ok(self.hold(keys)),
            Err(error) => {
                *source = None;
                // The old credentials are used until they expire, and the source is not queried before that.
                let old = self.held(LATE).map(|keys| self.hold_until(Some(keys), LATE));
                old.flatten().ok_or(error)
            }
        }
    }

    /// Returns when the cached credentials expire, if they have an expiry.
    pub(super) fn expiry(&self) -> Option<DateTime<Utc>> {
        let held = lock(&self.inner.held).clone();
        held?.keys.expiry().map(DateTime::from)
    }

    /// Clears the cache.
    pub(super) fn forget(&self) {
        *lock(&self.inner.held) = None;
    }

    /// Removes our credentials from text.
    pub(super) fn redact(&self, text: &str) -> String {
        let held = lock(&self.inner.held).clone();
        let Some(Held { keys, .. }) = held else {
            return text.to_owned();
        };
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

    /// Returns the cached credentials, unless it is time to load new ones.
    fn good(&self) -> Option<Credentials> {
        let margin = lock(&self.inner.held).as_ref()?.margin;
        self.held(margin)
    }

    /// Returns the cached credentials if their remaining lifetime exceeds `longer`.
    fn held(&self, longer: Duration) -> Option<Credentials> {
        let held = lock(&self.inner.held).clone();
        held.map(|held| held.keys).filter(|keys| self.lasts(keys, longer))
    }

    fn lasts(&self, keys: &Credentials, longer: Duration) -> bool {
        let now = TimeSource::now(&self.clock);
        keys.expiry().is_none_or(|end| end > now + longer)
    }

    /// Caches credentials that a source has just returned. The source is queried once per lifetime of its credentials,
    /// so even short-lived ones are used until they expire.
    fn hold(&self, keys: Credentials) -> Credentials {
        let margins = [EARLY, LATE, Duration::ZERO];
        let margin = margins.into_iter().find(|margin| self.lasts(&keys, *margin));
        self.hold_until(Some(keys.clone()), margin.unwrap_or_default());
        keys
    }

    fn hold_until(&self, keys: Option<Credentials>, margin: Duration) -> Option<Credentials> {
        let held = keys.clone().map(|keys| Held { keys, margin });
        *lock(&self.inner.held) = held;
        keys
    }
}

async fn provide(source: SharedCredentialsProvider) -> Result<Credentials, CredentialsError> {
    let given = tokio::time::timeout(PATIENCE, checked(source).provide_credentials()).await;
    given.unwrap_or_else(|_| Err(CredentialsError::provider_timed_out(PATIENCE)))
}

impl ProvideCredentials for Keys {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.load())
    }
}

#[cfg(test)]
mod tests;
