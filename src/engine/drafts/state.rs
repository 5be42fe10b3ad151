//! The drafts as this window stores them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::domain::draft::{DraftId, DraftVersion, DraftWrite, KeptDraft};

/// The key of a draft in this window. It stays the same even if the ledger's id changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DraftKey(pub(crate) u64);

/// The text being composed for some targets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The draft's key in this window.
    pub key: DraftKey,
    /// The ids of the targets, sorted and joined by spaces.
    pub targets: String,
    /// The text.
    pub text: String,
}

/// A draft in this window.
#[derive(Clone, Debug)]
pub struct HeldDraft {
    /// The ids of the draft's targets, sorted and joined by spaces.
    pub targets: String,
    /// The text. A draft with empty text counts as deleted; it is kept so that a late response from the ledger does not
    /// restore it.
    pub text: String,
    /// The time of the last change.
    pub changed: DateTime<Utc>,
    /// The draft's id in the ledger. If another window has changed the draft there, this window's version is stored
    /// under `beside` instead.
    pub(in crate::engine) id: DraftId,
    pub(in crate::engine) beside: DraftId,
    pub(in crate::engine) version: DraftVersion,
    /// The versions that this window has read or written.
    pub(in crate::engine) seen: Vec<DraftVersion>,
    /// The number of the ledger query during which the draft was last confirmed.
    pub(in crate::engine) confirmed: u64,
    /// The other window's version, if the draft changed there while it was being composed in this window.
    pub(in crate::engine) later: Option<Later>,
}

#[derive(Clone, Debug)]
pub(in crate::engine) enum Later {
    Changed(KeptDraft),
    Deleted,
}

/// All drafts of this window.
#[derive(Clone, Debug, Default)]
pub struct Drafts {
    pub(in crate::engine) held: BTreeMap<DraftKey, HeldDraft>,
    /// The number of queries to the ledger for changes by other windows.
    pub(in crate::engine) asked: u64,
    /// The draft that is being composed.
    pub(crate) composed: Option<DraftKey>,
}

impl Drafts {
    /// Returns the drafts for these targets, in a stable order.
    pub fn of<'a>(&'a self, targets: &'a str) -> impl Iterator<Item = (DraftKey, &'a HeldDraft)> {
        self.iter().filter(move |(_, draft)| draft.targets == targets)
    }

    /// Returns every draft.
    pub fn iter(&self) -> impl Iterator<Item = (DraftKey, &HeldDraft)> {
        let held = self.held.iter().filter(|(_, draft)| !draft.text.is_empty());
        held.map(|(key, draft)| (*key, draft))
    }

    /// Returns a draft, unless it is empty.
    #[must_use]
    pub fn get(&self, key: DraftKey) -> Option<&HeldDraft> {
        self.held.get(&key).filter(|draft| !draft.text.is_empty())
    }

    /// Returns the most recently changed draft for these targets.
    pub(crate) fn newest(&self, targets: &str) -> Option<DraftKey> {
        let newest = self.of(targets).max_by_key(|(_, draft)| draft.changed);
        newest.map(|(key, _)| key)
    }

    /// Returns whether the draft is known, even if it was deleted.
    pub(crate) fn knows(&self, key: DraftKey) -> bool {
        self.held.contains_key(&key)
    }

    /// Returns the key of a ledger draft in this window.
    pub(crate) fn key_of(&self, id: &DraftId) -> Option<DraftKey> {
        self.held.iter().find(|(_, draft)| draft.id == *id).map(|(key, _)| *key)
    }

    /// Counts a query to the ledger for changes by other windows.
    pub(crate) fn asked(&mut self) {
        self.asked += 1;
    }

    /// Records that the ledger contains the current version of a draft.
    pub(crate) fn confirmed(&mut self, key: DraftKey) {
        if let Some(draft) = self.held.get_mut(&key) {
            draft.confirmed = self.asked;
            draft.later = None;
        }
    }

    /// Removes a draft that only ever existed in this window and whose text has been stored elsewhere.
    pub(in crate::engine) fn drop(&mut self, key: DraftKey) {
        self.held.remove(&key);
    }

    /// Returns the write operation for a draft. From then on, the ledger may contain this version.
    pub(in crate::engine) fn write(&mut self, key: DraftKey) -> Option<DraftWrite> {
        /// The maximum number of further writes before the ledger's response to a write arrives.
        const REMEMBERED: usize = 64;
        let draft = self.held.get_mut(&key)?;
        let write = DraftWrite {
            id: draft.id.clone(),
            beside: draft.beside.clone(),
            targets: draft.targets.clone(),
            text: draft.text.clone(),
            replaces: draft.seen.clone(),
            version: draft.version.clone(),
        };
        if draft.seen.last() != Some(&draft.version) {
            draft.seen.push(draft.version.clone());
            let old = draft.seen.len().saturating_sub(REMEMBERED);
            draft.seen.drain(..old);
        }
        Some(write)
    }
}
