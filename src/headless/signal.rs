//! Stops a command early, with an exit code: on a signal, or when its time limit is reached.

use tokio::select;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, sleep_until};

use super::error::Error;

/// The reason why a command stops early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A signal requested the exit, with this exit code.
    Signal(u8),
    /// The time limit was reached.
    Timeout,
}

impl Stop {
    /// Returns the exit code of a command that stopped early.
    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self::Signal(code) => code,
            Self::Timeout => 5,
        }
    }
}

/// Waits until the deadline, or forever if there is none.
pub(super) async fn at(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// Runs preliminary work, unless the deadline is reached first. During that work, signals end the process as usual.
pub(super) async fn in_time<T>(
    deadline: Option<Instant>,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    select! {
        result = work => result,
        () = at(deadline) => Err(Error::Stopped(Stop::Timeout)),
    }
}

/// A listener for the signals that arrive after its creation.
pub(super) struct Signals {
    hangup: Signal,
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Starts listening; must be called within the async runtime.
    pub(super) fn listen() -> Result<Self, Error> {
        let listen = |kind| signal(kind).map_err(Error::Start);
        Ok(Self {
            hangup: listen(SignalKind::hangup())?,
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    /// Returns the exit code of the first signal that arrives.
    pub(super) async fn exit_code(&mut self) -> u8 {
        select! {
            _ = self.hangup.recv() => 129,
            _ = self.interrupt.recv() => 130,
            _ = self.terminate.recv() => 143,
        }
    }
}

/// Runs the work until it is done or a signal requests the exit.
pub(super) fn until_signal(work: impl Future<Output = Result<u8, Error>>) -> Result<u8, Error> {
    super::runtime::runtime()?.block_on(async {
        let mut signals = Signals::listen()?;
        select! {
            result = work => result,
            code = signals.exit_code() => Ok(code),
        }
    })
}
