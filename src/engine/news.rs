//! News from the rules for pages and overlays. Rules never call the code for what is on screen: they queue news, which
//! is delivered at the end of the message.

use crate::domain::distribution::Target;
use crate::domain::failure::CodeNeeded;
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::submission::SubmissionId;
use crate::domain::target::TargetName;
use crate::engine::drafts::state::DraftKey;

/// Whether a person has just asked for something, and is there to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// They have.
    Now,
    /// It comes by itself.
    ByItself,
}

/// News for pages and overlays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// The ledger was opened, and its drafts are known.
    LedgerRead,
    /// Other windows wrote to the ledger.
    OthersWrote,
    /// Another window created this draft.
    DraftElsewhere(DraftKey),
    /// The ledger holds the latest version of this draft.
    DraftWritten(DraftKey),
    /// The ledger holds this note, which it could not store before.
    NoteWritten(SubmissionId, Option<String>),
    /// The ledger could not be written to.
    WriteFailed(LedgerFailure),
    /// Another window had changed this draft: there may be two versions of it now.
    DraftDoubled(DraftKey),
    /// A job was cancelled during the countdown: its list is this draft again.
    Stopped(Vec<Target>, DraftKey),
    /// More is known about a target.
    Described(Target),
    /// A policy was read: more may be known about any target.
    PolicyRead,
    /// CloudFront returned the target with this name, or that there is none.
    Named(TargetName, Option<Target>),
    /// Rows arrived: the selection may be on another one.
    RowsCame,
    /// The items of a row arrived.
    ItemsCame,
    /// An archived submission was read; if the user wants to compose with its items, they are included.
    PastRead(Option<(Target, Vec<String>)>),
    /// A code of an MFA device is needed; a person has just asked for what needs it, or not.
    CodeWanted(CodeNeeded, Asked),
    /// A login with a browser begins.
    BrowserBegins,
    /// A login came to its end: why it failed, or nothing.
    LoginEnded(Option<String>),
    /// Work left by an earlier run (the number of submissions), or a pause, waits for the user's decision.
    LeftOver(Option<usize>),
}
