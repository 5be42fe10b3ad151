//! What the person types, all of it at once: the bytes of the terminal, read and understood.
//!
//! No crate reads them here. A reader must know how long a lone ESC may wait for its sequence, swallow replies that nobody
//! asked for, give up on a paste without an end and never lose Ctrl-C; crossterm's does none of these, and general parsers
//! of terminal *output* keep the state that this depends on to themselves. What a whole sequence means is a table
//! (`sequence`); how bytes become sequences is a state machine without a clock (`parser`).

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

/// The most bytes read in one go, and so about the most events taken at once; a flood that never ends still lets a
/// frame through.
const MOST: usize = 4_096;

/// How many times in a row it is read before others have their turn, while nothing is understood yet (a long paste).
const READS: usize = 64;

/// The person's input, in batches.
///
/// Drop it while another program (an editor) has the terminal, and open it again afterwards.
#[derive(Debug)]
pub struct Input {
    /// Standard input under a number of its own, as long as the terminal is there.
    terminal: Option<AsyncFd<OwnedFd>>,
    parser: Parser,
}

impl Input {
    /// Begins to read. One at a time: two would take each other's keys. The terminal must be held by its guard.
    ///
    /// # Errors
    ///
    /// What the system says when the terminal cannot be watched.
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

    /// Waits for input and takes all of it. Loses nothing when it is dropped before it is ready.
    ///
    /// When the terminal is gone this waits for ever: of that, [`crate::runtime::signals::Signal::Hangup`] tells.
    ///
    /// # Errors
    ///
    /// What the system says of reading.
    pub async fn next(&mut self) -> io::Result<Vec<Event>> {
        let mut events = Vec::new();
        loop {
            let Some(terminal) = &self.terminal else {
                return pending().await;
            };
            let deadline = self.parser.deadline();
            // What has arrived goes before what is late: a program that was busy must not take a sequence apart.
            let more = select! {
                biased;
                ready = terminal.readable() => {
                    let mut ready = ready?;
                    match take_pending(terminal.as_fd(), &mut self.parser, &mut events) {
                        // A closed terminal is ready for ever.
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

/// Standard input, watched for bytes.
#[expect(unsafe_code, reason = "there is no safe way to watch a descriptor that is no socket")]
fn watched() -> io::Result<AsyncFd<OwnedFd>> {
    // A duplicate: standard input itself is replaced when the terminal is gone.
    let terminal = rustix::io::fcntl_dupfd_cloexec(stdio::stdin(), 3)?;
    // SAFETY: the duplicate is known here alone, and stays open and the same as long as it is watched.
    Ok(unsafe { AsyncFd::register_with_interest(terminal, Interest::READABLE) }?)
}

/// Whether there is more to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum More {
    No,
    Perhaps,
    /// The terminal is gone.
    Never,
}

/// Reads, without waiting, until something is understood and nothing is left, or others must have their turn.
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

/// Whether a read would not block. The terminal shares its flags with other programs, so that it is not made
/// non-blocking.
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

/// What is known of the keyboard on the other side.
fn keyboard() -> Keyboard {
    let remote = ["SSH_CONNECTION", "SSH_TTY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    Keyboard {
        erase: terminal::erase(),
        hold: if remote { parser::REMOTE_HOLD } else { parser::HOLD },
    }
}

/// Milliseconds, where a constant needs them.
const fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}
