//! The ways a command can fail.

use std::borrow::Cow;
use std::io;

use super::items;
use super::report::Problem;
use super::signal::Stop;
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::text::count;

/// The reason why a command failed. Each message names the cause and the next step.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A request to CloudFront failed.
    #[error("{failure}{}", advice(failure))]
    CloudFront {
        /// How the request failed.
        failure: Failure,
    },
    /// The items file could not be read.
    #[error(transparent)]
    Items(#[from] items::Error),
    /// A name matches no distribution or tenant. Nothing was sent to the other targets either.
    #[error("{0}")]
    Target(String),
    /// The configuration is wrong.
    #[error("{0}")]
    Settings(String),
    /// The ledger failed, and nothing is sent without it.
    #[error("nothing was sent: {0}")]
    Ledger(LedgerFailure),
    /// Reading the ledger failed.
    #[error("{0}")]
    Unread(LedgerFailure),
    /// The wait ended before the work had started.
    #[error("{}", match .0 {
        Stop::Timeout => "timed out before sending or waiting began; use a longer --timeout",
        Stop::Signal(_) => "stopped before sending or waiting began",
    })]
    Stopped(Stop),
    /// A source of items could not be imported.
    #[error("{0}")]
    Source(String),
    /// Some items cannot be sent.
    #[error("{}\n{} cannot be sent, so nothing was sent; correct them, or add --fix to apply the safe fixes",
        lines.join("\n"), count(lines.len(), "item"))]
    Refused {
        /// The place, item, code, reason and suggestion for each item.
        lines: Vec<String>,
        /// The same details for programs.
        details: serde_json::Value,
    },
    /// No items are left to send.
    #[error("no items to send; add a path such as /index.html")]
    Nothing,
    /// The job has a danger that the given flags do not allow.
    #[error("{reason}; nothing was sent. Allow it with {flags}")]
    Dangerous {
        /// The danger.
        reason: String,
        /// The flags that allow it.
        flags: String,
    },
    /// The user at the terminal declined.
    #[error("nothing was sent")]
    Declined,
    /// The program is in read-only mode.
    #[error("read-only: nothing can be sent; run again without --read-only")]
    ReadOnly,
    /// The configuration makes the account read-only.
    #[error(
        "this account is read-only in the configuration, so nothing was sent; remove `read_only` under [accounts] to send"
    )]
    ReadOnlyAccount,
    /// There is neither a ledger nor a reference. Without a ledger, only a reference prevents a job from being sent
    /// twice.
    #[error("without a ledger, an interrupted run could send twice; add --reference or --reference-from-items")]
    NoLedger,
    /// The reference belongs to a submission that cannot be resumed here.
    #[error("{0}")]
    Taken(String),
    /// The reference was already used for different items.
    #[error("{target}: {sentence}. Then: {}. Now: {}; use a different --reference for these", before.join(" "), now.join(" "))]
    OtherItems {
        /// The target.
        target: String,
        /// A sentence describing how the reference was used.
        sentence: String,
        /// The earlier items.
        before: Vec<String>,
        /// The new items.
        now: Vec<String>,
    },
    /// The emulator cannot bind its port.
    #[error("cannot listen on 127.0.0.1 port {port}: {source}; choose another port with --port, or 0 for a free one")]
    Port {
        /// The requested port.
        port: u16,
        /// The reason reported by the system.
        source: io::Error,
    },
    /// A file cannot be written to.
    #[error("{0}")]
    File(String),
    /// Standard output cannot be written to.
    #[error("cannot write to standard output: {0}; check where the output goes")]
    Output(io::Error),
    /// The system could not provide a thread, descriptor or signal handler.
    #[error("cannot start: {0}; check this machine's resource limits")]
    Start(io::Error),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::CloudFront { failure }
    }
}

impl Error {
    /// Converts the error to a problem for output, with the exit code.
    pub(super) fn problem(&self) -> Problem {
        let (code, exit) = match self {
            Self::CloudFront { failure } => (name(failure), failure.exit_code()),
            Self::Items(_) | Self::Refused { .. } => ("items", 2),
            Self::Port { .. } => ("port", 1),
            Self::File(_) => ("file", 1),
            Self::Output(_) => ("output", 1),
            Self::Start(_) => ("start", 1),
            Self::Target(_) => ("target", 2),
            Self::Settings(_) => ("settings", 2),
            Self::Ledger(_) | Self::Unread(_) => ("ledger", 1),
            Self::Source(_) => ("source", 2),
            Self::Nothing => ("no-items", 2),
            Self::Dangerous { .. } => ("dangerous", 2),
            Self::Declined => ("declined", 1),
            Self::ReadOnly | Self::ReadOnlyAccount => ("read-only", 2),
            Self::NoLedger => ("usage", 2),
            Self::Taken(_) => ("reference-taken", 1),
            Self::OtherItems { .. } => ("reference-used", 3),
            Self::Stopped(stop) => ("stopped", stop.exit_code()),
        };
        let refusal = match self {
            Self::CloudFront { failure } => failure.refusal(),
            _ => None,
        };
        let problem = Problem::new(code, self.to_string(), exit).refused(refusal);
        match self {
            Self::Refused { details, .. } => problem.with_details(details.clone()),
            Self::OtherItems { before, now, .. } => {
                problem.with_details(serde_json::json!({"items_before": before, "items_now": now}))
            }
            _ => problem,
        }
    }
}

/// Returns the stable name of a failure; CloudFront's own code is in the sentence.
fn name(failure: &Failure) -> &'static str {
    match failure {
        Failure::Refused(refusal) => match refusal.kind() {
            RefusalKind::AccessDenied => "access-denied",
            RefusalKind::Credentials => "credentials",
            _ => "refused",
        },
        Failure::Credentials(_) | Failure::CodeNeeded(_) => "credentials",
        Failure::Unreachable(_) => "unreachable",
        Failure::Unknown(_) => "no-answer",
        Failure::Setup(_) => "setup",
    }
}

/// Returns the next step for a failure whose own message has none, because it comes from CloudFront or the network.
fn advice(failure: &Failure) -> Cow<'static, str> {
    match failure {
        Failure::Refused(refusal) if refusal.kind() == RefusalKind::AccessDenied => {
            let right = refusal.missing_right().unwrap_or("the missing permission");
            format!("; grant the identity {right}, or choose another --profile").into()
        }
        Failure::Refused(refusal) => format!("; {}", continued(refusal.reason().next)).into(),
        Failure::Unknown(_) => "; check the network and try again".into(),
        Failure::Credentials(_) | Failure::CodeNeeded(_) | Failure::Unreachable(_) | Failure::Setup(_) => "".into(),
    }
}

/// Lowercases the first letter of a sentence, so that it can follow another one.
fn continued(sentence: &str) -> String {
    let mut characters = sentence.chars();
    let first = characters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}
