//! News from the rules for pages and overlays. Rules never call the code of the screen: they queue news, which is
//! delivered at the end of each message.

use crate::domain::distribution::Target;
use crate::domain::failure::CodeNeeded;
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::submission::SubmissionId;
use crate::domain::target::TargetName;
use crate::engine::drafts::state::DraftKey;

/// Whether the user has just requested something, and can answer a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The user has just requested it.
    Now,
    /// It happens automatically.
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
    /// The ledger contains the latest version of this draft.
    DraftWritten(DraftKey),
    /// The ledger contains this note, which it could not store before.
    NoteWritten(SubmissionId, Option<String>),
    /// Writing to the ledger failed.
    WriteFailed(LedgerFailure),
    /// Another window had changed this draft: two versions of it may exist now.
    DraftDoubled(DraftKey),
    /// A job was cancelled during the countdown: its items are this draft again.
    Stopped(Vec<Target>, DraftKey),
    /// New information about a target arrived.
    Described(Target),
    /// A policy was loaded: it may concern any target.
    PolicyRead,
    /// CloudFront returned the target with this name, or reported that there is none.
    Named(TargetName, Option<Target>),
    /// Rows arrived: a different row may be selected now.
    RowsCame,
    /// The items of a row arrived.
    ItemsCame,
    /// An archived submission was loaded; its items are included if the user wants to compose with them.
    PastRead(Option<(Target, Vec<String>)>),
    /// A code from an MFA device is needed, for something that the user has just requested or that happens
    /// automatically.
    CodeWanted(CodeNeeded, Asked),
    /// A login with a browser starts, for this profile; `None` means the current profile.
    BrowserBegins(Option<String>),
    /// A login finished; if it failed, with the reason.
    LoginEnded(Option<String>),
    /// Work from an earlier run (the number of submissions), or from before a pause, needs the user's decision.
    LeftOver(Option<usize>),
}
