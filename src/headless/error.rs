//! How a command can end without having done what it is for.

use std::io;

use super::{Problem, items};
use crate::domain::failure::{Failure, RefusalKind};

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
    /// The emulator's port.
    #[error("cannot listen on 127.0.0.1 port {port}: {source}; choose another one with --port, or 0 for a free one")]
    Port {
        /// The port that was asked for.
        port: u16,
        /// The system's reason.
        source: io::Error,
    },
    /// Standard output.
    #[error("cannot write to standard output: {0}; check where it leads to")]
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
            Self::Items(_) => ("items", 2),
            Self::Port { .. } => ("port", 1),
            Self::Output(_) => ("output", 1),
            Self::Start(_) => ("start", 1),
            Self::Target(_) => ("target", 2),
        };
        let refusal = match self {
            Self::CloudFront { failure } => failure.refusal(),
            _ => None,
        };
        Problem::new(code, self.to_string(), exit).refused(refusal)
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
fn advice(failure: &Failure) -> &'static str {
    match failure {
        Failure::Refused(refusal) => match refusal.kind() {
            RefusalKind::AccessDenied => {
                "; the identity needs cloudfront:ListDistributions, or choose another --profile"
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
    }
}
