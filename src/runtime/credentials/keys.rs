//! The keys themselves: loaded when needed, kept until they are about to expire, never shown.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_async::time::TimeSource;

use super::check::Checked;
use crate::runtime::clock::ServiceClock;

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
pub(crate) struct Keys {
    inner: Arc<Inner>,
    /// By which keys expire.
    clock: ServiceClock,
}

struct Inner {
    make: Box<dyn Fn(&ServiceClock) -> SharedCredentialsProvider + Send + Sync>,
    /// One asks at a time; the others wait and find the answer.
    source: tokio::sync::Mutex<Option<SharedCredentialsProvider>>,
    held: Mutex<Option<Held>>,
}

/// Keys, and how long before their end new ones are asked for.
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
    /// Keys from a source that is made when they are first needed, and anew after it failed: a profile's source tells
    /// its cause only once.
    pub(super) fn new(make: impl Fn(&ServiceClock) -> SharedCredentialsProvider + Send + Sync + 'static) -> Self {
        let inner = Inner {
            make: Box::new(make),
            source: tokio::sync::Mutex::new(None),
            held: Mutex::new(None),
        };
        Self {
            inner: Arc::new(inner),
            clock: ServiceClock::of_machine(),
        }
    }

    /// The same keys by another clock.
    pub(super) fn timed_by(self, clock: ServiceClock) -> Self {
        Self { clock, ..self }
    }

    /// These keys.
    pub(super) fn fixed(keys: Credentials) -> Self {
        Self::new(move |_| SharedCredentialsProvider::new(keys.clone()))
    }

    /// The keys, from memory while they are good.
    pub(super) async fn load(&self) -> Result<Credentials, CredentialsError> {
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
                // They are used to their end, and nobody is asked before that.
                let old = self.held(LATE).map(|keys| self.hold_until(Some(keys), LATE));
                old.flatten().ok_or(error)
            }
        }
    }

    /// Holds nothing any more.
    pub(super) fn forget(&self) {
        *self.inner.held.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Text without our keys.
    pub(super) fn redact(&self, text: &str) -> String {
        let held = self.inner.held.lock().unwrap_or_else(PoisonError::into_inner).clone();
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

    /// What is held, unless it is time to ask for new ones.
    fn good(&self) -> Option<Credentials> {
        let margin = self
            .inner
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()?
            .margin;
        self.held(margin)
    }

    /// What is held, if it lasts longer than this.
    fn held(&self, longer: Duration) -> Option<Credentials> {
        let held = self.inner.held.lock().unwrap_or_else(PoisonError::into_inner).clone();
        held.map(|held| held.keys).filter(|keys| self.lasts(keys, longer))
    }

    fn lasts(&self, keys: &Credentials, longer: Duration) -> bool {
        let now = TimeSource::now(&self.clock);
        keys.expiry().is_none_or(|end| end > now + longer)
    }

    /// Holds what a source has just given. It is asked once in the lifetime of its keys: if that is short, to its very end.
    fn hold(&self, keys: Credentials) -> Credentials {
        let margins = [EARLY, LATE, Duration::ZERO];
        let margin = margins.into_iter().find(|margin| self.lasts(&keys, *margin));
        self.hold_until(Some(keys.clone()), margin.unwrap_or_default());
        keys
    }

    fn hold_until(&self, keys: Option<Credentials>, margin: Duration) -> Option<Credentials> {
        let held = keys.clone().map(|keys| Held { keys, margin });
        *self.inner.held.lock().unwrap_or_else(PoisonError::into_inner) = held;
        keys
    }
}

async fn provide(source: SharedCredentialsProvider) -> Result<Credentials, CredentialsError> {
    match tokio::time::timeout(PATIENCE, Checked(source).provide_credentials()).await {
        Ok(result) => result,
        Err(_) => Err(CredentialsError::provider_timed_out(PATIENCE)),
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

#[cfg(test)]
mod tests;
