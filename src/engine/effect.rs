//! The core's requests to the outside world, as plain data. An effect may cost money, so tests can count and compare
//! effects.

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

/// A request to the outside world.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Determine the identity: load the profile and its credentials, then report the account, endpoint and profile.
    Connect {
        /// The request, which [`Reply::Connected`] answers exactly once.
        request: RequestId,
        /// The profile to use; `None` means the one from the settings and the environment.
        profile: Option<String>,
        /// A code from an MFA device, for a role that needs one.
        code: Option<MfaCode>,
    },
    /// Stop determining the identity. A reply still arrives but is ignored.
    CancelConnect(RequestId),
    /// Cancel the credential loading that calls to CloudFront are waiting for; those calls then fail.
    CancelLoading,
    /// Find out how to log in to a profile: with a program or with a browser login.
    PlanLogin {
        /// The request, which [`Reply::LoginPlanned`] answers exactly once.
        request: RequestId,
        /// The profile; `None` means the one from the settings and the environment.
        profile: Option<String>,
    },
    /// Log in with a browser, then determine the identity. [`crate::app::message::Message::BrowserLogin`] reports what
    /// the user has to do there.
    LogInByBrowser {
        /// The request, which [`Reply::Connected`] answers exactly once.
        request: RequestId,
        /// The profile; `None` means the one from the settings and the environment.
        profile: Option<String>,
    },
    /// Determine the identity, handing the terminal over to whichever program logs in, because the user asked for it
    /// and can respond to prompts.
    LogIn {
        /// The request, which [`Reply::Connected`] answers exactly once.
        request: RequestId,
        /// The profile to log in to; `None` means the one from the settings and the environment.
        profile: Option<String>,
    },
    /// Check whether the credential files have been written since they were last loaded. Their contents are not read.
    LookForLogin {
        /// The request, which [`Reply::LookedForLogin`] answers exactly once.
        request: RequestId,
    },
    /// Read the list of profiles, which arrives later in a message.
    ListProfiles,
    /// Determine the account of the credentials if no ARN revealed it; this needs no permission.
    Identify {
        /// The request, which [`Reply::Identified`] answers exactly once, within seconds.
        request: RequestId,
    },
    /// Find out where the current credentials come from and when they expire and, with `asks`, whose they are. This
    /// needs no permission.
    WhoAmI {
        /// The request, which [`Reply::Who`] answers exactly once.
        request: RequestId,
        /// Whether to query STS as well.
        asks: bool,
    },
    /// Call CloudFront.
    CloudFront {
        /// The request, which [`Reply::CloudFront`] answers exactly once.
        request: RequestId,
        /// The call.
        call: Call,
    },
    /// Read from CloudFront with the credentials of another profile; the current profile stays in use. The user is
    /// never asked to log in or to enter a code, so a profile that needs either fails.
    AskProfile {
        /// The request, which [`Reply::ProfileAnswered`] answers exactly once.
        request: RequestId,
        /// The profile.
        profile: String,
        /// The query.
        question: ProfileQuestion,
    },
    /// Cancel a query with another profile. A reply still arrives but is ignored.
    CancelAskProfile(RequestId),
    /// Read or write the ledger. Requests are carried out in order.
    Ledger {
        /// The request, which [`Reply::Ledger`] answers exactly once.
        request: RequestId,
        /// The operation.
        operation: LedgerOperation,
    },
    /// Send [`crate::app::message::Message::Timer`] when this time has passed.
    Timer {
        /// The timer's number.
        id: TimerId,
        /// How long until the timer fires.
        after: Duration,
    },
    /// Cancel a timer. If it has already fired, its number is ignored.
    CancelTimer(TimerId),
    /// Copy text to the clipboard. Answered by [`crate::app::message::Message::Copied`].
    Copy {
        /// The text.
        text: String,
        /// The name for the text in notices.
        name: String,
    },
    /// Let the user edit the text in `$VISUAL` or `$EDITOR`, with the terminal handed over.
    EditText {
        /// The request, which [`Reply::Edited`] answers exactly once.
        request: RequestId,
        /// The initial text.
        text: String,
    },
    /// Import a list from a file, git, or a server.
    Import {
        /// The request, which [`Reply::Imported`] answers exactly once.
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
        /// The request, which [`Reply::Folder`] answers exactly once.
        request: RequestId,
        /// The folder as typed: `~` is the home folder, and empty text means the program's initial working directory.
        folder: String,
    },
    /// Read or write the saved lists.
    Lists {
        /// The request, which [`Reply::Lists`] answers exactly once.
        request: RequestId,
        /// The operation.
        operation: ListsOperation,
    },
    /// Write the result of a query to a file, in full or not at all.
    Export {
        /// The request, which [`Reply::Exported`] answers exactly once.
        request: RequestId,
        /// What to write, and where.
        export: Export,
    },
    /// Request a URL from the edge, as a viewer would.
    VisitEdge {
        /// The request, which [`Reply::Visited`] answers exactly once.
        request: RequestId,
        /// The URL.
        address: Address,
        /// The method.
        method: Method,
        /// The host to connect to instead of the URL's host, whose DNS does not point to CloudFront yet.
        by: Option<String>,
    },
    /// Make an announcement outside the frame: ring the bell, notify, or set the title or the progress.
    Notify(Announcement),
    /// Run the user's own command without a shell, with details in its environment, and do not wait for it to finish.
    Run {
        /// The program with its arguments.
        command: Vec<String>,
        /// The environment variables with their values.
        facts: Vec<(&'static str, String)>,
    },
    /// Redraw every cell, because another program has written to the terminal.
    Repaint,
    /// Turn the terminal's mouse reporting on or off.
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
    /// A program, which confirmed that it received the text.
    Program(&'static str),
    /// The terminal (OSC 52), which never confirms that it received the text.
    Terminal,
}
