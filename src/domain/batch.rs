//! The items of one request, and the reference that makes the request idempotent.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::distribution::id;

id! {
    /// What makes a request idempotent: made once per submission, never changed, never reused.
    CallerReference
}

impl CallerReference {
    /// The reference of a submission's batch: `invalidash-`, the submission's ULID, the batch's number within its job and a piece of the items' hash.
    /// 53 characters at most for numbers below 100,000; nothing but `[A-Za-z0-9-]` (DOMAIN §6).
    #[must_use]
    pub fn for_batch(submission: &str, number: u32, batch: &Batch) -> Self {
        let hash = batch.sha256();
        Self::new(format!(
            "{}{submission}-{number}-{}",
            Self::PREFIX,
            hash.get(..8).unwrap_or(&hash)
        ))
    }

    /// How every reference of ours begins, so that any machine recognises its kind in a history.
    pub const PREFIX: &'static str = "invalidash-";
}

/// The exact wire items of one request, in the order they are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Batch {
    items: Vec<String>,
}

impl Batch {
    /// A batch of these wire items; `None` when there are none, since CloudFront has no empty invalidation.
    #[must_use]
    pub fn new(items: Vec<String>) -> Option<Self> {
        (!items.is_empty()).then_some(Self { items })
    }

    /// The items as they are sent.
    #[must_use]
    pub fn items(&self) -> &[String] {
        &self.items
    }

    /// The SHA-256 of the items in their order, each ended by a newline, in lower-case hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> String {
        let mut hasher = Sha256::new();
        for item in &self.items {
            hasher.update(item.as_bytes());
            hasher.update(b"\n");
        }
        hasher
            .finalize()
            .iter()
            .fold(String::with_capacity(64), |mut hex, byte| {
                // Writing to a String cannot fail.
                let _ = write!(hex, "{byte:02x}");
                hex
            })
    }

    /// Whether CloudFront's answer holds the same items: it may return them in another order (DOMAIN §10.2).
    #[must_use]
    pub fn is_same_set(&self, answer: &[String]) -> bool {
        self.items.iter().collect::<BTreeSet<_>>() == answer.iter().collect::<BTreeSet<_>>()
    }

    /// Whether it clears everything on the target.
    #[must_use]
    pub fn clears_everything(&self) -> bool {
        self.items.iter().any(|item| item == "/*")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(items: &[&str]) -> Batch {
        Batch {
            items: items.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn the_order_of_an_answer_does_not_matter() {
        assert!(batch(&["/a", "#t"]).is_same_set(&["#t".into(), "/a".into()]));
        assert!(!batch(&["/a", "#t"]).is_same_set(&["/a".into()]));
    }

    #[test]
    fn the_hash_tells_orders_and_splits_apart() {
        let hashes = [batch(&["/a", "/b"]), batch(&["/b", "/a"]), batch(&["/a/b"])].map(|b| b.sha256());
        assert_ne!(hashes[0], hashes[1]);
        assert_ne!(hashes[0], hashes[2]);
        assert_eq!(hashes[0].len(), 64);
    }

    #[test]
    fn a_reference_is_short_and_plain() {
        let reference = CallerReference::for_batch("01JD0000000000000000000000", 99_999, &batch(&["/a"]));
        assert!(reference.as_str().len() <= 64, "{reference}");
        assert!(
            reference
                .as_str()
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-')
        );
    }
}
