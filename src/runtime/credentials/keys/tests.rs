use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use super::*;

/// A source that returns a sequence of results: credentials with a lifetime, or nothing. It counts how often it has
/// been created and queried.
#[derive(Clone, Debug)]
struct Source {
    lasts: Vec<Option<Duration>>,
    asked: Arc<AtomicUsize>,
    made: Arc<AtomicUsize>,
    takes: Duration,
}

impl Source {
    fn new(lasts: &[Option<Duration>]) -> Self {
        let (asked, made) = (Arc::default(), Arc::default());
        Self {
            lasts: lasts.to_vec(),
            asked,
            made,
            takes: Duration::ZERO,
        }
    }

    fn keys(&self) -> Keys {
        let source = self.clone();
        Keys::new(move |_| {
            source.made.fetch_add(1, Ordering::Relaxed);
            SharedCredentialsProvider::new(source.clone())
        })
    }

    fn counts(&self) -> (usize, usize) {
        (self.made.load(Ordering::Relaxed), self.asked.load(Ordering::Relaxed))
    }
}

impl ProvideCredentials for Source {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let turn = self.asked.fetch_add(1, Ordering::Relaxed);
        let lasts = self.lasts.get(turn).copied().flatten();
        future::ProvideCredentials::new(async move {
            tokio::time::sleep(self.takes).await;
            let lasts = lasts.ok_or_else(CredentialsError::not_loaded_no_source)?;
            let expiry = Some(SystemTime::now() + lasts);
            Ok(Credentials::new(
                format!("AKIA{turn:012}"),
                "a-secret-of-some-length",
                None,
                expiry,
                "test",
            ))
        })
    }
}

async fn key(keys: &Keys) -> Option<String> {
    keys.load().await.ok().map(|keys| keys.access_key_id().to_owned())
}

const HOUR: Option<Duration> = Some(Duration::from_hours(1));
const MINUTE: Option<Duration> = Some(Duration::from_mins(1));
const MOMENT: Option<Duration> = Some(Duration::from_secs(10));
const NOTHING: Option<Duration> = Some(Duration::ZERO);

/// Some sources only provide short-lived credentials, and a hardware key has to be touched for each.
#[tokio::test]
async fn a_source_is_asked_once_in_the_lifetime_of_its_keys_however_short_it_is() {
    for lasts in [MINUTE, MOMENT] {
        let source = Source::new(&[lasts; 20]);
        let keys = source.keys();
        for _ in 0..10 {
            assert_eq!(key(&keys).await.as_deref(), Some("AKIA000000000000"));
        }
        assert_eq!(source.counts(), (1, 1), "{lasts:?}");
    }
}

/// New credentials are requested once before the old ones expire. A source that has none, or returns the same ones, is
/// not queried again until then.
#[tokio::test]
async fn what_gives_nothing_newer_is_not_asked_again_before_the_end() {
    for newer in [MINUTE, None] {
        let source = Source::new(&[HOUR, newer, newer, newer]);
        let keys = source.keys();
        let _ = keys.load().await;
        let held = keys.held(Duration::ZERO);
        keys.hold_until(held.map(|keys| expiring(&keys, Duration::from_mins(4))), EARLY);
        for _ in 0..10 {
            assert!(keys.load().await.is_ok());
        }
        assert_eq!(source.counts().1, 2, "{newer:?}");
    }
}

/// Returns the same credentials with a different expiry.
fn expiring(keys: &Credentials, lasts: Duration) -> Credentials {
    let expiry = Some(SystemTime::now() + lasts);
    Credentials::new(keys.access_key_id(), keys.secret_access_key(), None, expiry, "test")
}

#[tokio::test]
async fn keys_are_asked_for_when_the_old_ones_are_about_to_expire() {
    for (lasts, expected) in [
        (&[HOUR, HOUR][..], ["AKIA000000000000", "AKIA000000000000"]),
        (&[NOTHING, HOUR], ["AKIA000000000000", "AKIA000000000001"]),
        (&[NOTHING, None], ["AKIA000000000000", "none"]),
        (&[None, HOUR], ["none", "AKIA000000000001"]),
    ] {
        let keys = Source::new(lasts).keys();
        let twice = [key(&keys).await, key(&keys).await].map(|key| key.unwrap_or_else(|| "none".to_owned()));
        assert_eq!(twice, expected, "{lasts:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn many_that_wait_ask_once() {
    let source = Source {
        takes: Duration::from_secs(10),
        ..Source::new(&[HOUR])
    };
    let keys = source.keys();
    let all = futures_util::future::join_all((0..20).map(|_| key(&keys))).await;
    assert_eq!((all.iter().flatten().count(), source.counts()), (20, (1, 1)));
}

#[tokio::test(start_paused = true)]
async fn a_source_that_hangs_is_not_waited_for_for_ever() {
    let source = Source {
        takes: Duration::from_hours(10),
        ..Source::new(&[HOUR])
    };
    let begun = tokio::time::Instant::now();
    let result = source.keys().load().await;
    assert!(
        matches!(result, Err(CredentialsError::ProviderTimedOut(_))),
        "{result:?}"
    );
    assert_eq!(begun.elapsed(), PATIENCE);
}

#[tokio::test]
async fn a_source_that_failed_is_made_anew() {
    let source = Source::new(&[None, None, HOUR, HOUR]);
    let keys = source.keys();
    for _ in 0..4 {
        let _ = keys.load().await;
    }
    assert_eq!(source.counts(), (3, 3));
}

#[tokio::test]
async fn keys_that_were_refused_are_asked_for_anew() {
    let source = Source::new(&[HOUR, HOUR]);
    let keys = source.keys();
    let first = key(&keys).await;
    keys.forget();
    assert_ne!(key(&keys).await, first);
    assert_eq!(source.counts(), (1, 2));
}

#[tokio::test]
async fn what_is_held_is_taken_out_of_texts() {
    let keys = Source::new(&[HOUR]).keys();
    let text = "AKIA000000000000 signed with a-secret-of-some-length";
    assert_eq!(keys.redact(text), text, "nothing is known yet");
    let _ = keys.load().await;
    assert_eq!(keys.redact(text), "[redacted] signed with [redacted]");
    let words = Keys::fixed(Credentials::new("demo", "demo", None, None, "demo"));
    let _ = words.load().await;
    assert_eq!(words.redact("a demo"), "a demo", "words are no secrets");
}
