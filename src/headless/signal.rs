//! The signals that end a command, as exit codes.

use tokio::select;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Error;

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
