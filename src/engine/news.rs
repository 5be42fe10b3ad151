//! News from the engine for pages and overlays. The engine never calls screen code; it queues news, which is delivered
//! after each message has been handled.

use crate::domain::distribution::Target;
use crate::domain::failure::CodeNeeded;
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::submission::SubmissionId;
use crate::domain::target::TargetName;
use crate::engine::drafts::state::DraftKey;

/// Whether the user has just requested something and can therefore answer a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The user has just made the request.
    Now,
    /// The request is automatic.
    ByItself,
}

/// News for pages and overlays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// The ledger was opened and its drafts were loaded.
    LedgerRead,
    /// Other windows wrote to the ledger.
    OthersWrote,
    /// Another window created this draft.
    DraftElsewhere(DraftKey),
    /// The ledger contains the latest version of this draft.
    DraftWritten(DraftKey),
    /// The ledger contains this note, which it could not store before.
    NoteWritten(SubmissionId, Option<String>),
    /// Writing to the ledger failed.
    WriteFailed(LedgerFailure),
    /// Another window had also changed this draft, so there may now be two versions of it.
    DraftDoubled(DraftKey),
    /// A job was cancelled during its countdown, and its items are in this draft again.
    Stopped(Vec<Target>, DraftKey),
    /// New information about a target arrived.
    Described(Target),
    /// A policy was loaded, which may apply to any target.
    PolicyRead,
    /// CloudFront returned the target with this name, or no target was found.
    Named(TargetName, Option<Target>),
    /// Rows arrived, so a different row may be selected now.
    RowsCame,
    /// The items of a row arrived.
    ItemsCame,
    /// An archived submission was loaded. Its items are included if the user wants to compose a new job from them.
    PastRead(Option<(Target, Vec<String>)>),
    /// An MFA code is needed, either for something that the user has just requested or for something that happens
    /// automatically.
    CodeWanted(CodeNeeded, Asked),
    /// A browser login starts for this profile, or for the current profile if `None`.
    BrowserBegins(Option<String>),
    /// A login finished. If it failed, the text is the reason.
    LoginEnded(Option<String>),
    /// Unfinished work needs the user's decision: either this many submissions from an earlier run, or, if `None`, work
    /// from before a pause.
    LeftOver(Option<usize>),
}
