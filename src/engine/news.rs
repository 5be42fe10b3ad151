//! News for pages and overlays, from the rules. Rules never reach up to what is on the screen: they put it
//! here, and the end of the message hands it to whoever shows it.

use crate::domain::distribution::Target;
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::submission::SubmissionId;
use crate::domain::target::TargetName;
use crate::engine::drafts::DraftKey;

/// Something for the floor above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// The ledger was opened, and its drafts are known.
    LedgerRead,
    /// Other windows wrote to the ledger.
    OthersWrote,
    /// Another window began this draft.
    DraftElsewhere(DraftKey),
    /// The ledger holds this draft as it was put last.
    DraftWritten(DraftKey),
    /// The ledger holds this note, which it could not hold before.
    NoteWritten(SubmissionId, Option<String>),
    /// The ledger could not be written to.
    WriteFailed(LedgerFailure),
    /// Another window had changed this draft: there may be two of it now.
    DraftDoubled(DraftKey),
    /// What was to be sent was stopped: its list is this draft again.
    Stopped(Vec<Target>, DraftKey),
    /// A target is known better.
    Described(Target),
    /// CloudFront told which target has a name, or that none has.
    Named(TargetName, Option<Target>),
    /// Rows came: the selection may rest on another one.
    RowsCame,
    /// The items of a row came.
    ItemsCame,
    /// A submission of the past was read whole; a person wants to compose with these items.
    PastRead(Option<(Target, Vec<String>)>),
    /// What an earlier run left, so many, or a pause, waits for a person's word.
    LeftOver(Option<usize>),
}
