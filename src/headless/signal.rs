//! What ends a command before its work is done, as exit codes: signals, and the time that is allowed.

use tokio::select;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, sleep_until};

use super::Error;

/// Why a command does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A signal asks for the end, with this exit code.
    Signal(u8),
    /// The time that was allowed is over.
    Timeout,
}

impl Stop {
    /// The exit code of a command that ended so.
    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self::Signal(code) => code,
            Self::Timeout => 5,
        }
    }
}

/// Waits for a moment; without one, forever.
pub(super) async fn at(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// Does what comes before the work itself, unless the time is over before. Signals end the process as they do by themselves.
pub(super) async fn in_time<T>(
    deadline: Option<Instant>,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    select! {
        result = work => result,
        () = at(deadline) => Err(Error::Stopped(Stop::Timeout)),
    }
}

/// Listens from the moment it is made.
pub(super) struct Signals {
    hangup: Signal,
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Needs the reactor: call it within the runtime.
    pub(super) fn listen() -> Result<Self, Error> {
        let listen = |kind| signal(kind).map_err(Error::Start);
        Ok(Self {
            hangup: listen(SignalKind::hangup())?,
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    /// The exit code of the first signal that comes.
    pub(super) async fn exit_code(&mut self) -> u8 {
        select! {
            _ = self.hangup.recv() => 129,
            _ = self.interrupt.recv() => 130,
            _ = self.terminate.recv() => 143,
        }
    }
}

/// Runs until the work is done or a signal asks for the end.
pub(super) fn until_signal(work: impl Future<Output = Result<u8, Error>>) -> Result<u8, Error> {
    super::runtime()?.block_on(async {
        let mut signals = Signals::listen()?;
        select! {
            result = work => result,
            code = signals.exit_code() => Ok(code),
        }
    })
}
