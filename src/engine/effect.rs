//! The core's requests to the outside, as plain data: an effect may cost money, so tests can count and compare effects.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::edge::{Address, Method};
use crate::domain::import::Source;
use crate::domain::lint;
use crate::domain::mfa::MfaCode;

mod call;
mod files;
mod id;
mod ledger;
mod notify;
mod reply;

pub use call::{Answer, Call, Created, ProfileQuestion};
pub use files::{Export, Exported, ListsAnswer, ListsOperation, Unwritten};
pub use id::{RequestId, TimerId};
pub use ledger::{Attempt, Claim, LedgerContents, LedgerOperation, PRUNED_AT_ONCE};
pub use notify::{Announcement, Progress};
pub use reply::Reply;

/// A request to the outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Determine the identity: load the profile and its credentials, then report account, endpoint and profile.
    Connect {
        /// Answered once by [`Reply::Connected`].
        request: RequestId,
        /// The profile to use; `None` means the one from the settings and the environment.
        profile: Option<String>,
        /// A code from an MFA device, for a role that needs one.
        code: Option<MfaCode>,
    },
    /// Stop determining the identity. A reply still arrives, and is ignored.
    CancelConnect(RequestId),
    /// Cancel the loading of credentials by calls to CloudFront; those calls then fail.
    CancelLoading,
    /// Find out which program or browser login logs in to a profile.
    PlanLogin {
        /// Answered once by [`Reply::LoginPlanned`].
        request: RequestId,
        /// The profile; `None` means the one from the settings and the environment.
        profile: Option<String>,
    },
    /// Log in with a browser, then determine the identity. What the user has to do there is reported by
    /// [`crate::app::message::Message::BrowserLogin`].
    LogInByBrowser {
        /// Answered once by [`Reply::Connected`].
        request: RequestId,
        /// The profile; `None` means the one from the settings and the environment.
        profile: Option<String>,
    },
    /// Determine the identity, handing the terminal over to whichever program logs in: the user asked for it and can
    /// respond to prompts.
    LogIn {
        /// Answered once by [`Reply::Connected`].
        request: RequestId,
        /// The profile to log in to; `None` means the one from the settings and the environment.
        profile: Option<String>,
    },
    /// Check whether the credential files were written since they were last loaded. Their contents are not read.
    LookForLogin {
        /// Answered once by [`Reply::LookedForLogin`].
        request: RequestId,
    },
    /// Read the list of profiles; it arrives in a message at any later time.
    ListProfiles,
    /// Determine the account of the credentials if no ARN revealed it; this needs no permission.
    Identify {
        /// Answered once by [`Reply::Identified`], within seconds.
        request: RequestId,
    },
    /// Find out where the current credentials come from and when they expire and, with `asks`, whose they are; this
    /// needs no permission.
    WhoAmI {
        /// Answered once by [`Reply::Who`].
        request: RequestId,
        /// Whether to query STS as well.
        asks: bool,
    },
    /// Call CloudFront.
    CloudFront {
        /// Answered once by [`Reply::CloudFront`].
        request: RequestId,
        /// The call.
        call: Call,
    },
    /// Read from CloudFront with the credentials of another profile; the current profile stays in use. The user is
    /// never asked to log in or to enter a code: a profile that needs either fails.
    AskProfile {
        /// Answered once by [`Reply::ProfileAnswered`].
        request: RequestId,
        /// The profile.
        profile: String,
        /// The query.
        question: ProfileQuestion,
    },
    /// Cancel a query with another profile. A reply still arrives, and is ignored.
    CancelAskProfile(RequestId),
    /// Read or write the ledger. Requests are carried out in order.
    Ledger {
        /// Answered once by [`Reply::Ledger`].
        request: RequestId,
        /// The operation.
        operation: LedgerOperation,
    },
    /// Send [`crate::app::message::Message::Timer`] when this time has passed.
    Timer {
        /// The timer's number.
        id: TimerId,
        /// The time from now.
        after: Duration,
    },
    /// Cancel a timer. If it has already fired, its number is ignored.
    CancelTimer(TimerId),
    /// Copy text to the clipboard. Answered by [`crate::app::message::Message::Copied`].
    Copy {
        /// The text.
        text: String,
        /// The user's name for it.
        name: String,
    },
    /// Let the user edit the text in `$VISUAL` or `$EDITOR`, with the terminal handed over.
    EditText {
        /// Answered once by [`Reply::Edited`].
        request: RequestId,
        /// The initial text.
        text: String,
    },
    /// Import a list from a file, git, or a server.
    Import {
        /// Answered once by [`Reply::Imported`].
        request: RequestId,
        /// The source to import.
        source: Source,
        /// Information about the target: which URLs belong to it.
        context: Box<lint::Context>,
    },
    /// Cancel an import that is no longer needed. A reply still arrives.
    CancelImport(RequestId),
    /// Read the names in a folder, to complete a path.
    ListFolder {
        /// Answered once by [`Reply::Folder`].
        request: RequestId,
        /// The folder as typed: `~` is the home folder, an empty text the folder in which the program was started.
        folder: String,
    },
    /// Read or write the saved lists.
    Lists {
        /// Answered once by [`Reply::Lists`].
        request: RequestId,
        /// The operation.
        operation: ListsOperation,
    },
    /// Write the result of a query to a file, completely or not at all.
    Export {
        /// Answered once by [`Reply::Exported`].
        request: RequestId,
        /// What to write, and where.
        export: Export,
    },
    /// Request a URL from the edge, as a viewer does.
    VisitEdge {
        /// Answered once by [`Reply::Visited`].
        request: RequestId,
        /// The URL.
        address: Address,
        /// The method.
        method: Method,
        /// The host to connect to instead of the URL's host, whose DNS does not point to CloudFront yet.
        by: Option<String>,
    },
    /// Ring the bell, notify and set the title.
    Notify(Announcement),
    /// Run the user's own command without a shell, with details in its environment. Nothing waits for it to finish.
    Run {
        /// The program with its arguments.
        command: Vec<String>,
        /// The variables with their values.
        facts: Vec<(&'static str, String)>,
    },
    /// Redraw every cell: another program has written to the terminal.
    Repaint,
    /// Turn mouse reporting by the terminal on or off.
    Mouse(bool),
    /// Suspend the program as Ctrl-Z does; the shell resumes it.
    Suspend,
    /// Exit with this exit code.
    Quit(u8),
}

/// The time and randomness passed to the core, which has no sources of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The time of this message.
    pub now: DateTime<Utc>,
    /// Fresh random bits for this message; ids are derived from them.
    pub entropy: u128,
}

/// The recipient of copied text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopiedBy {
    /// A program, which confirmed it.
    Program(&'static str),
    /// The terminal (OSC 52), which never confirms it.
    Terminal,
}
