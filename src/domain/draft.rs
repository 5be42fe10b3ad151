//! Drafts: lists that are being composed. Several windows may compose for the same targets at once, and none of them may
//! take another's list away: a draft has an id and versions, and a write says which of them it replaces.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::distribution::id;

id! {
    /// The ULID of a draft, the same over all of its versions.
    DraftId
}
id! {
    /// The ULID of one state of a draft.
    DraftVersion
}

/// A draft as the ledger holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDraft {
    /// Which one it is.
    pub id: DraftId,
    /// The ids of its targets, sorted, joined by blanks.
    pub targets: String,
    /// The text.
    pub text: String,
    /// When it was written last.
    pub changed: DateTime<Utc>,
    /// Its present version.
    pub version: DraftVersion,
}

/// What is to be kept of a draft. Where the ledger holds a version of it that is not replaced, another window changed it:
/// that one stays, and this one is kept beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftWrite {
    /// Which one it is.
    pub id: DraftId,
    /// The id it gets where another window changed that one.
    pub beside: DraftId,
    /// The ids of its targets, sorted, joined by blanks.
    pub targets: String,
    /// The text; an empty one deletes the draft, unless another window changed it.
    pub text: String,
    /// The versions that this window read or wrote: only these may be replaced.
    pub replaces: Vec<DraftVersion>,
    /// The version that the write makes.
    pub version: DraftVersion,
}

/// Another window had changed a draft when it was to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftConflict {
    /// The [`DraftWrite::beside`] under which the written text is kept.
    pub beside: DraftId,
    /// What the other window made of the draft; `None` where it has deleted it since.
    pub theirs: Option<KeptDraft>,
}
