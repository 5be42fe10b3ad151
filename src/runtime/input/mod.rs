//! Keyboard, mouse and paste input: reads and parses the bytes from the terminal.
//!
//! No crate is used for this. A reader must know how long a lone ESC may wait for its sequence, ignore unrequested
//! replies, give up on a paste without an end and never lose Ctrl-C. Crossterm's reader does none of these, and general
//! parsers of terminal *output* do not expose the state that this requires. Tables define what complete sequences mean
//! (`sequence`), and a state machine without a clock turns bytes into sequences (`parser`).

mod key;
pub mod parser;
mod paste;
mod sequence;
#[cfg(test)]
mod tests;

use std::{
    future::pending,
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    time::{Duration, Instant},
};

use crossterm::event::Event;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    stdio,
};
use tokio::{
    io::{Interest, unix::AsyncFd},
    select,
    task::yield_now,
    time::sleep_until,
};

use self::parser::{Keyboard, Parser};
use crate::runtime::terminal;

/// The maximum number of bytes per read, and thus roughly the maximum number of events handled together, so that frames
/// are drawn even during an endless flood of input.
const MOST: usize = 4_096;

/// The maximum number of consecutive reads that complete no event (in a long paste) before other tasks get their
/// turn.
const READS: usize = 64;

/// The terminal's input, in batches.
///
/// It must be dropped while another program, such as an editor, has the terminal, and reopened afterwards.
#[derive(Debug)]
pub struct Input {
    /// A duplicate of the standard input descriptor; `None` once the terminal is gone.
    terminal: Option<AsyncFd<OwnedFd>>,
    parser: Parser,
}

impl Input {
    /// Starts reading. Only one instance may exist, because two would take each other's keys. The guard must hold the
    /// terminal.
    ///
    /// # Errors
    ///
    /// If the terminal cannot be watched for input.
    pub fn open() -> io::Result<Self> {
        let terminal = match watched() {
            Ok(terminal) => Some(terminal),
            Err(_) if terminal::is_gone() => None,
            Err(error) => return Err(error),
        };
        Ok(Self {
            terminal,
            parser: Parser::new(keyboard()),
        })
    }

    /// Waits for input and returns all of it. Nothing is lost if the future is dropped before it is ready.
    ///
    /// If the terminal is gone, this waits forever, because [`crate::runtime::signals::Signal::Hangup`] reports that.
    ///
    /// # Errors
    ///
    /// If a read fails.
    pub async fn next(&mut self) -> io::Result<Vec<Event>> {
        let mut events = Vec::new();
        loop {
            let Some(terminal) = &self.terminal else {
                return pending().await;
            };
            let deadline = self.parser.deadline();
            // Bytes that have arrived take precedence over timeouts, so that a sequence is not split because the
            // program was busy.
            let more = select! {
                biased;
                ready = terminal.readable() => {
                    let mut ready = ready?;
                    match take_pending(terminal.as_fd(), &mut self.parser, &mut events) {
                        // A closed terminal is always ready.
                        Ok(More::No) if ready.ready().is_read_closed() => Ok(More::Never),
                        Ok(More::No) => {
                            ready.clear_ready();
                            Ok(More::No)
                        }
                        more => more,
                    }
                }
                () = late(deadline) => {
                    if !is_waiting(terminal.as_fd()) {
                        self.parser.expire(Instant::now(), &mut events);
                    }
                    Ok(More::No)
                }
            };
            match more {
                Ok(More::Never) => self.terminal = None,
                Err(_) if terminal::is_gone() => self.terminal = None,
                Err(error) => return Err(error),
                Ok(More::Perhaps) if events.is_empty() => yield_now().await,
                Ok(More::No | More::Perhaps) => {}
            }
            if !events.is_empty() {
                return Ok(events);
            }
        }
    }
}

/// Returns standard input, watched for bytes.
#[expect(unsafe_code, reason = "there is no safe way to watch a descriptor that is no socket")]
fn watched() -> io::Result<AsyncFd<OwnedFd>> {
    // A duplicate is used because standard input itself is replaced when the terminal is gone.
    let terminal = rustix::io::fcntl_dupfd_cloexec(stdio::stdin(), 3)?;
    // SAFETY: no other code knows the duplicate, and it stays open and unchanged while it is watched.
    Ok(unsafe { AsyncFd::register_with_interest(terminal, Interest::READABLE) }?)
}

/// Whether there may be more to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum More {
    No,
    Perhaps,
    /// The terminal is gone.
    Never,
}

/// Reads without blocking until no input is left, or until other tasks must get their turn.
fn take_pending(terminal: BorrowedFd<'_>, parser: &mut Parser, events: &mut Vec<Event>) -> io::Result<More> {
    let mut buffer = [0; MOST];
    for _ in 0..READS {
        if events.len() >= MOST {
            break;
        }
        if !is_waiting(terminal) {
            return Ok(More::No);
        }
        match rustix::io::read(terminal, &mut buffer) {
            Ok(0) => return Ok(More::Never),
            Ok(count) => parser.advance(buffer.get(..count).unwrap_or_default(), Instant::now(), events),
            Err(rustix::io::Errno::INTR) => {}
            Err(rustix::io::Errno::AGAIN) => return Ok(More::No),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(More::Perhaps)
}

/// Returns whether a read would not block. The terminal is not made non-blocking, because it shares its flags with
/// other programs.
fn is_waiting(terminal: BorrowedFd<'_>) -> bool {
    let mut fds = [PollFd::new(&terminal, PollFlags::IN)];
    poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_ok_and(|ready| ready > 0)
}

async fn late(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline.into()).await,
        None => pending().await,
    }
}

/// Returns the properties of the keyboard.
fn keyboard() -> Keyboard {
    let remote = ["SSH_CONNECTION", "SSH_TTY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    Keyboard {
        erase: terminal::erase(),
        hold: if remote { parser::REMOTE_HOLD } else { parser::HOLD },
    }
}

/// Returns a duration in milliseconds, for use in constants.
const fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}
