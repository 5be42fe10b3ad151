//! Drafts: lists that are being composed. Several windows may edit lists for the same targets at the same time, and
//! none may overwrite another's list. Therefore a draft has an id and versions, and each write names the versions that
//! it replaces.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::distribution::id;

id! {
    /// The ULID of a draft, the same for all its versions.
    DraftId
}
id! {
    /// The ULID of one version of a draft.
    DraftVersion
}

/// A draft as stored in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDraft {
    /// The draft's id.
    pub id: DraftId,
    /// The ids of the draft's targets, sorted and separated by spaces.
    pub targets: String,
    /// The text of the list.
    pub text: String,
    /// The time of the last write.
    pub changed: DateTime<Utc>,
    /// The current version.
    pub version: DraftVersion,
}

/// A write of a draft. If the ledger contains a version that the write does not replace, another window has changed
/// the draft. That version is then kept, and the text of this write is stored next to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftWrite {
    /// The draft's id.
    pub id: DraftId,
    /// The id under which the text is stored if another window changed the draft.
    pub beside: DraftId,
    /// The ids of the draft's targets, sorted and separated by spaces.
    pub targets: String,
    /// The text; empty text deletes the draft, unless another window has changed it.
    pub text: String,
    /// The versions that this window has read or written: only these may be replaced.
    pub replaces: Vec<DraftVersion>,
    /// The version that this write creates.
    pub version: DraftVersion,
}

/// A conflict between a draft write and a change by another window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftConflict {
    /// The id under which the written text is stored: [`DraftWrite::beside`].
    pub beside: DraftId,
    /// The other window's version of the draft; `None` if that window has deleted it.
    pub theirs: Option<KeptDraft>,
}
