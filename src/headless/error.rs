//! How a command can end without having done what it is for.

use std::borrow::Cow;
use std::io;

use super::signal::Stop;
use super::{Problem, items};
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::text::count;

/// Why a command failed. Each sentence names the cause and the next step.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// CloudFront, or the way to it.
    #[error("{failure}{}", advice(failure))]
    CloudFront {
        /// How it ended.
        failure: Failure,
    },
    /// The items to look at.
    #[error(transparent)]
    Items(#[from] items::Error),
    /// A name that no distribution and no tenant has. Nothing was asked of any of the others.
    #[error("{0}")]
    Target(String),
    /// The configuration.
    #[error("{0}")]
    Settings(String),
    /// The ledger, without which nothing is sent.
    #[error("nothing was sent: {0}")]
    Ledger(LedgerFailure),
    /// The ledger, of which something was to be read and nothing sent.
    #[error("{0}")]
    Unread(LedgerFailure),
    /// Nobody waits for the answer any more; the work itself had not begun.
    #[error("{}", match .0 {
        Stop::Timeout => "--timeout passed before anything could be sent or waited for; allow more time",
        Stop::Signal(_) => "stopped before anything was sent or waited for",
    })]
    Stopped(Stop),
    /// A source of items.
    #[error("{0}")]
    Source(String),
    /// Items that cannot be sent.
    #[error("{}\n{} cannot be sent, so nothing was sent; correct them, or add --fix to apply the safe fixes",
        lines.join("\n"), count(lines.len(), "item"))]
    Refused {
        /// Place, item, code, reason and suggestion of each.
        lines: Vec<String>,
        /// The same for programs.
        details: serde_json::Value,
    },
    /// No item is left to be sent.
    #[error("no item to send; give a path such as /index.html")]
    Nothing,
    /// What is dangerous is not sent without being allowed.
    #[error("{reason}; nothing was sent. Allow it with {flags}")]
    Dangerous {
        /// What is dangerous.
        reason: String,
        /// The flags that allow it.
        flags: String,
    },
    /// The person at the terminal said no.
    #[error("nothing was sent")]
    Declined,
    /// Nothing that writes is reachable.
    #[error("read-only: nothing can be sent; run again without --read-only")]
    ReadOnly,
    /// Nothing may be sent in this account.
    #[error(
        "this account is read-only in the configuration, so nothing was sent; remove `read_only` under [accounts] to send"
    )]
    ReadOnlyAccount,
    /// Without a ledger only the reference keeps a job from happening twice.
    #[error("without a ledger an interrupted run may send twice; add --reference or --reference-from-items")]
    NoLedger,
    /// The reference belongs to something that cannot be gone on with here.
    #[error("{0}")]
    Taken(String),
    /// The reference was used for other items.
    #[error("{target}: {sentence}. Then: {}. Now: {}; give another --reference for these", before.join(" "), now.join(" "))]
    OtherItems {
        /// What it was aimed at.
        target: String,
        /// What it was used for.
        sentence: String,
        /// The items of then.
        before: Vec<String>,
        /// The items of now.
        now: Vec<String>,
    },
    /// The emulator's port.
    #[error("cannot listen on 127.0.0.1 port {port}: {source}; choose another one with --port, or 0 for a free one")]
    Port {
        /// The port that was asked for.
        port: u16,
        /// The system's reason.
        source: io::Error,
    },
    /// A file that cannot be written.
    #[error("{0}")]
    File(String),
    /// Standard output.
    #[error("cannot write to standard output: {0}; check where the output goes")]
    Output(io::Error),
    /// The system has no thread, descriptor or signal left.
    #[error("cannot start: {0}; check the limits of this machine")]
    Start(io::Error),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::CloudFront { failure }
    }
}

impl Error {
    /// What to tell, and the exit code of the command that ended so.
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

/// The stable name of a failure; CloudFront's own code stands in the sentence.
fn name(failure: &Failure) -> &'static str {
    match failure {
        Failure::Refused(refusal) => match refusal.kind() {
            RefusalKind::AccessDenied => "access-denied",
            RefusalKind::Credentials => "credentials",
            _ => "refused",
        },
        Failure::Credentials(_) => "credentials",
        Failure::Unreachable(_) => "unreachable",
        Failure::Unknown(_) => "no-answer",
        Failure::Setup(_) => "setup",
    }
}

/// The next step where the failure's own words name none: those of CloudFront and of the network in between.
fn advice(failure: &Failure) -> Cow<'static, str> {
    let advice = match failure {
        Failure::Refused(refusal) => match refusal.kind() {
            RefusalKind::AccessDenied => {
                let right = refusal.missing_right().unwrap_or("a permission that it lacks");
                return format!("; the identity needs {right}, or choose another --profile").into();
            }
            RefusalKind::Credentials => "; log in again (`aws sso login`, `aws login`) or choose another --profile",
            RefusalKind::ClockSkew => "; set this machine's clock",
            RefusalKind::Throttled | RefusalKind::TooManyInProgress => "; wait a little and try again",
            RefusalKind::NotFound | RefusalKind::ReferenceClash | RefusalKind::BatchTooLarge | RefusalKind::Invalid => {
                "; check --profile and --endpoint-url"
            }
        },
        Failure::Unknown(_) => "; check the network and try again",
        Failure::Credentials(_) | Failure::Unreachable(_) | Failure::Setup(_) => "",
    };
    advice.into()
}
