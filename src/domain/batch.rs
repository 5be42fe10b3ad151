//! The items of one request, and the reference that makes the request idempotent.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::distribution::{AccountId, Target, id};
use super::text::{hex, is_invisible};

id! {
    /// The `CallerReference` that makes a request idempotent: created once per submission, never changed, never reused.
    CallerReference
}

impl CallerReference {
    /// Returns the reference of a submission's batch: `invalidash-`, the submission's ULID, the batch's number within
    /// its job and a part of the items' hash. For numbers below 100,000, it has at most 53 characters, all of them from
    /// `[A-Za-z0-9-]` (`docs/cloudfront.md`, "CallerReference").
    #[must_use]
    pub fn for_batch(submission: &str, number: u32, batch: &Batch) -> Self {
        let hash = batch.sha256();
        Self::new(format!(
            "{}{submission}-{number}-{}",
            Self::PREFIX,
            hash.get(..8).unwrap_or(hash)
        ))
    }

    /// Returns the reference of a batch in a job whose key was chosen by a script. It is the same on every machine for
    /// the same key, target and batch number, regardless of the items. It contains the start of the key, so that users
    /// can recognize it in a list of invalidations.
    #[must_use]
    pub fn for_key(key: &ReferenceKey, target: &Target, number: u32) -> Self {
        let hash = sha256(&[key.as_str().to_owned(), target.id().to_owned(), number.to_string()]);
        let slug = key.slug();
        Self::new(format!("{CHOSEN}{slug}-{}-{number}", hash.get(..16).unwrap_or(&hash)))
    }

    /// Returns the reference of a part of a batch that was too large; parts are numbered from one. The result is as
    /// deterministic as the batch's own reference.
    #[must_use]
    pub fn of_part(&self, part: usize) -> Self {
        Self::new(format!("{}-{part}", self.as_str()))
    }

    /// Returns whether a script chose the reference; such a reference may be reused for the same items.
    #[must_use]
    pub fn is_chosen(&self) -> bool {
        self.as_str().starts_with(CHOSEN)
    }

    /// Returns whether `text` is a proper prefix of the reference, or empty, as in a truncated response.
    #[must_use]
    pub fn is_cut_to(&self, text: &str) -> bool {
        text.len() < self.as_str().len() && self.as_str().starts_with(text)
    }

    /// The prefix of every reference created by this program, which lets any machine recognize the reference in a list
    /// of invalidations.
    pub const PREFIX: &'static str = "invalidash-";
}

/// The prefix of references derived from a script's own key.
const CHOSEN: &str = "invalidash-ref-";

/// A script's name for a job. The job runs only once, no matter where or how often the script runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceKey(String);

/// The error for text that cannot be a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a reference has 1 to {LONGEST_KEY} visible characters; use the release name, such as deploy-4711")]
pub struct NotAKey;

/// The maximum length of a key in characters, which is more than any build name has.
const LONGEST_KEY: usize = 200;

impl ReferenceKey {
    /// Returns a key derived from these items; their order does not matter.
    #[must_use]
    pub fn of_items(items: &[String], since: Option<&str>) -> Self {
        let mut sorted = items.to_vec();
        sorted.sort_unstable();
        sorted.extend(since.map(|since| format!("since {since}")));
        Self(format!("items-{}", sha256(&sorted)))
    }

    /// Returns the key as the script specified it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the part of the key that appears in a reference.
    fn slug(&self) -> String {
        const SHOWN: usize = 24;
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        self.0.chars().take(SHOWN).map(plain).collect()
    }
}

impl std::str::FromStr for ReferenceKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let wrong = text.trim().is_empty() || text.chars().count() > LONGEST_KEY || text.chars().any(is_invisible);
        if wrong { Err(NotAKey) } else { Ok(Self(text.to_owned())) }
    }
}

/// The size of a request, or a limit on it; CloudFront counts wildcards separately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// The number of exact paths and tags.
    pub exact: usize,
    /// The number of wildcards.
    pub wildcards: usize,
}

impl Default for Sizes {
    /// Returns the largest sizes that have never been refused (`docs/cloudfront.md`, "Batch size").
    fn default() -> Self {
        Self {
            exact: 1_000,
            wildcards: 15,
        }
    }
}

impl Sizes {
    /// Returns half of each size, rounded up, but not less than `floor`.
    #[must_use]
    pub fn halved(self, floor: Self) -> Self {
        self.with(floor, |one, floor| one.div_ceil(2).max(floor))
    }

    /// Returns the smaller of the two values for each size.
    #[must_use]
    pub fn smaller(self, other: Self) -> Self {
        self.with(other, usize::min)
    }

    /// Returns the sum of the two values for each size.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.with(other, |one, other| one + other)
    }

    /// Returns the difference between the two values for each size, or zero if it would be negative.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        self.with(other, usize::saturating_sub)
    }

    fn with(self, other: Self, each: impl Fn(usize, usize) -> usize) -> Self {
        Self {
            exact: each(self.exact, other.exact),
            wildcards: each(self.wildcards, other.wildcards),
        }
    }

    /// Returns whether either size exceeds `limit`.
    #[must_use]
    pub fn exceeds(self, limit: Self) -> bool {
        self.exact > limit.exact || self.wildcards > limit.wildcards
    }
}

/// The largest batch sizes to try for an account, determined from refusals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learned {
    /// The account that the sizes apply to.
    pub account: AccountId,
    /// The endpoint URL that the requests went to.
    pub endpoint: String,
    /// The largest sizes to try.
    pub sizes: Sizes,
}

fn is_wildcard(item: &str) -> bool {
    item.starts_with('/') && item.ends_with('*')
}

/// The exact wire items of one request, in the order they are sent. Clones share the items, because a job sends one
/// batch to thousands of targets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct Batch(Arc<Items>);

/// The items, with derived values that are computed only once.
#[derive(Debug)]
struct Items {
    list: Vec<String>,
    wildcards: usize,
    sha256: OnceLock<String>,
}

impl PartialEq for Items {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl Eq for Items {}

impl From<Vec<String>> for Batch {
    fn from(list: Vec<String>) -> Self {
        let wildcards = list.iter().filter(|item| is_wildcard(item)).count();
        Self(Arc::new(Items {
            list,
            wildcards,
            sha256: OnceLock::new(),
        }))
    }
}

impl From<Batch> for Vec<String> {
    fn from(batch: Batch) -> Self {
        batch.items().to_vec()
    }
}

impl Batch {
    /// Creates a batch of these wire items; `None` if there are none, because an invalidation cannot be empty.
    #[must_use]
    pub fn new(items: Vec<String>) -> Option<Self> {
        (!items.is_empty()).then(|| Self::from(items))
    }

    /// Splits items into batches within these sizes: one batch if everything fits; otherwise exact paths and tags
    /// first, and wildcards separately, each in their original order.
    #[must_use]
    pub fn pack(items: &[String], sizes: Sizes) -> Vec<Self> {
        let (wildcards, exact): (Vec<_>, Vec<_>) = items.iter().cloned().partition(|item| is_wildcard(item));
        if exact.len() <= sizes.exact && wildcards.len() <= sizes.wildcards {
            return Self::new(items.to_vec()).into_iter().collect();
        }
        let exact = exact.chunks(sizes.exact.max(1));
        let wildcards = wildcards.chunks(sizes.wildcards.max(1));
        exact
            .chain(wildcards)
            .filter_map(|chunk| Self::new(chunk.to_vec()))
            .collect()
    }

    /// Returns the number of exact items and of wildcards.
    #[must_use]
    pub fn sizes(&self) -> Sizes {
        let wildcards = self.0.wildcards;
        Sizes {
            exact: self.items().len() - wildcards,
            wildcards,
        }
    }

    /// Returns the items as they are sent.
    #[must_use]
    pub fn items(&self) -> &[String] {
        &self.0.list
    }

    /// Returns the SHA-256 of the items in order, each followed by a newline, in lower-case hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> &str {
        self.0.sha256.get_or_init(|| sha256(self.items()))
    }

    /// Returns whether CloudFront's response contains the same items; it may return them in a different order
    /// (`docs/cloudfront.md`, "Wire format").
    #[must_use]
    pub fn is_same_set(&self, answer: &[String]) -> bool {
        self.items().iter().collect::<BTreeSet<_>>() == answer.iter().collect::<BTreeSet<_>>()
    }
}

fn sha256(items: &[String]) -> String {
    let mut hasher = Sha256::new();
    for item in items {
        hasher.update(item.as_bytes());
        hasher.update(b"\n");
    }
    hex(&hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(items: &[&str]) -> Batch {
        Batch::from(items.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn the_order_of_an_answer_does_not_matter() {
        assert!(batch(&["/a", "#t"]).is_same_set(&["#t".into(), "/a".into()]));
        assert!(!batch(&["/a", "#t"]).is_same_set(&["/a".into()]));
    }

    #[test]
    fn the_hash_tells_orders_and_splits_apart() {
        let hashes = [batch(&["/a", "/b"]), batch(&["/b", "/a"]), batch(&["/a/b"])].map(|b| b.sha256().to_owned());
        assert_ne!(hashes[0], hashes[1]);
        assert_ne!(hashes[0], hashes[2]);
        assert_eq!(hashes[0].len(), 64);
    }

    fn packed(items: &[&str], exact: usize, wildcards: usize) -> Vec<Vec<String>> {
        let batches = Batch::pack(batch(items).items(), Sizes { exact, wildcards });
        batches.into_iter().map(Vec::from).collect()
    }

    #[test]
    fn what_fits_is_one_request_in_its_own_order() {
        assert_eq!(packed(&["/a", "/b/*", "#t*"], 2, 1), [["/a", "/b/*", "#t*"]]);
        assert!(packed(&[], 2, 1).is_empty());
    }

    #[test]
    fn what_does_not_fit_is_packed_apart() {
        assert_eq!(
            packed(&["/w/*", "/a", "/x/*", "/b", "/c"], 2, 1),
            [vec!["/a", "/b"], vec!["/c"], vec!["/w/*"], vec!["/x/*"]]
        );
    }

    #[test]
    fn halves_stop_at_the_floor() {
        let sizes = |exact, wildcards| Sizes { exact, wildcards };
        assert_eq!(sizes(1_000, 15).halved(sizes(100, 1)), sizes(500, 8));
        assert_eq!(sizes(101, 0).halved(sizes(100, 1)), sizes(100, 1));
        assert!(!sizes(100, 1).exceeds(sizes(100, 1)) && sizes(0, 2).exceeds(sizes(100, 1)));
    }

    proptest::proptest! {
        /// Checks that packing loses nothing, duplicates nothing, and respects the sizes.
        #[test]
        fn packing_is_a_partition(
            items in proptest::collection::btree_set("/[a-c]{1,3}\\*?", 0..40),
            exact in 1usize..9,
            wildcards in 1usize..5,
        ) {
            let items: Vec<String> = items.into_iter().collect();
            let sizes = Sizes { exact, wildcards };
            let batches = Batch::pack(&items, sizes);
            proptest::prop_assert!(batches.iter().all(|batch| !batch.sizes().exceeds(sizes)));
            let mut packed: Vec<String> = batches.into_iter().flat_map(Vec::from).collect();
            packed.sort();
            proptest::prop_assert_eq!(packed, items);
        }
    }

    #[test]
    fn a_key_gives_the_same_reference_everywhere_and_another_for_each_cell() {
        let key: ReferenceKey = "deploy/4711 é"
            .parse()
            .unwrap_or_else(|_| ReferenceKey::of_items(&[], None));
        let reference = |target: &str, number| CallerReference::for_key(&key, &Target::from_id(target), number);
        assert_eq!(
            reference("E1", 1).as_str(),
            "invalidash-ref-deploy-4711---cbe78a696fa7a06c-1"
        );
        let all = [
            reference("E1", 1),
            reference("E1", 2),
            reference("E2", 1),
            reference("E1", 1).of_part(1),
        ];
        let different: BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
        assert!(all.iter().all(CallerReference::is_chosen));
        assert!(all.iter().all(|one| one.as_str().len() <= 64));
        let items = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        let one = ReferenceKey::of_items(&items(&["/a", "/b"]), None);
        assert_eq!(one, ReferenceKey::of_items(&items(&["/b", "/a"]), None));
        assert_ne!(one, ReferenceKey::of_items(&items(&["/a", "/b"]), Some("2026-11-22")));
        assert!(
            ["", " ", "a\u{1b}", &"x".repeat(201)]
                .iter()
                .all(|text| text.parse::<ReferenceKey>().is_err())
        );
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
