//! The steps to wait for while credentials are loaded. Each step is displayed by name, so that the user does not stare
//! at an unexplained screen, and has a time limit.

use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use tokio::sync::watch;

/// The current waits, newest last. Clones share them.
#[derive(Clone, Debug)]
pub struct Waits(Arc<watch::Sender<State>>);

#[derive(Debug, Default)]
struct State {
    begun: u64,
    waits: Vec<(u64, String)>,
}

impl Default for Waits {
    fn default() -> Self {
        Self(Arc::new(watch::channel(State::default()).0))
    }
}

/// The error for a wait that exceeded its limit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} took more than {} seconds", limit.as_secs())]
pub(crate) struct TooSlow {
    what: String,
    limit: Duration,
}

/// A guard for a current wait; dropping it ends the wait.
struct Going<'a> {
    waits: &'a Waits,
    number: u64,
}

impl Drop for Going<'_> {
    fn drop(&mut self) {
        self.waits
            .0
            .send_modify(|state| state.waits.retain(|(number, _)| *number != self.number));
    }
}

impl Waits {
    /// Waits for `asked`, up to `limit`, and meanwhile displays `what`, such as `asking STS for the role deploy`.
    ///
    /// # Errors
    /// The error of `asked`, or [`TooSlow`] if it exceeded the limit.
    pub(super) async fn on<T>(
        &self,
        what: &str,
        limit: Duration,
        asked: impl Future<Output = Result<T, CredentialsError>>,
    ) -> Result<T, CredentialsError> {
        let _going = self.begin(what);
        let answered = tokio::time::timeout(limit, asked).await;
        answered.unwrap_or_else(|_| {
            let what = what.to_owned();
            Err(CredentialsError::provider_error(TooSlow { what, limit }))
        })
    }

    /// Waits for `asked`, which has its own time limit, and meanwhile displays `what`.
    pub(super) async fn naming<T>(&self, what: &str, asked: impl Future<Output = T>) -> T {
        let _going = self.begin(what);
        asked.await
    }

    fn begin(&self, what: &str) -> Going<'_> {
        let mut number = 0;
        self.0.send_modify(|state| {
            state.begun += 1;
            number = state.begun;
            state.waits.push((number, what.to_owned()));
        });
        Going { waits: self, number }
    }

    /// Returns the newest current wait.
    #[must_use]
    pub fn now(&self) -> Option<String> {
        self.0.borrow().waits.last().map(|(_, what)| what.clone())
    }

    /// Calls `tell` with the current wait whenever it changes, until `tell` returns `false`.
    pub async fn tell(&self, mut tell: impl FnMut(Option<String>) -> bool) {
        let mut changes = self.0.subscribe();
        // The sender lives as long as `self`.
        while changes.changed().await.is_ok() && tell(self.now()) {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_waited_for_is_named_and_ends_in_time() {
        let waits = Waits::default();
        let inner = waits.on(
            "calling STS",
            Duration::from_secs(10),
            std::future::pending::<Result<(), _>>(),
        );
        let outer = waits.naming("running 'vault'", inner);
        let named = async {
            tokio::time::sleep(Duration::from_secs(5)).await;
            waits.now()
        };
        let (ended, named) = tokio::join!(outer, named);
        assert_eq!(named.as_deref(), Some("calling STS"));
        let causes = ended.err().map(|error| {
            let source = std::error::Error::source(&error).map(ToString::to_string);
            source.unwrap_or_default()
        });
        assert_eq!(causes.as_deref(), Some("calling STS took more than 10 seconds"));
        assert_eq!(waits.now(), None);
    }
}
