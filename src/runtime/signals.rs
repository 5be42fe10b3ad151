//! Signals and the vanishing of the terminal, as a stream for the event loop.
//!
//! A thread of its own listens, so that a loop that hangs cannot keep the program alive: who is told to end and does
//! not listen within [`GRACE`] is ended here, with the terminal restored; and so is who listens and does not end.

use std::{future, io, process, thread, time::Duration};

use tokio::{
    runtime::{Builder, Runtime},
    select,
    signal::unix::{self, SignalKind},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::{Instant, sleep_until},
};

use crate::runtime::terminal::{self, watchdog};

/// How long the event loop has to hear of [`Signal::Terminate`] or [`Signal::Hangup`].
pub const GRACE: Duration = Duration::from_millis(1_500);

/// How long it has to end once it has heard: to save what is on the screen takes a moment on a slow disk.
const SAVING: Duration = Duration::from_secs(8);

/// The exit code when the terminal is gone: that of SIGHUP.
pub const HANGUP_EXIT_CODE: i32 = 129;

/// What the outside wants of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// End, with this exit code: 130 for SIGINT, 131 for SIGQUIT, 143 for SIGTERM. A second one ends at once.
    Terminate(i32),
    /// SIGTSTP: call `Guard::suspend`.
    Suspend,
    /// Continued after a stop that was not `Guard::suspend`'s: call `Guard::resume`.
    Continue,
    /// SIGWINCH: the terminal has another size. The stream of events tells it, too, but can keep it back in a flood of keys.
    Resized,
    /// SIGHUP, or the terminal is gone: end, with [`HANGUP_EXIT_CODE`].
    Hangup,
}

impl Signal {
    /// The exit code that is asked for, if the program is to end.
    #[must_use]
    pub fn exit_code(self) -> Option<i32> {
        match self {
            Self::Terminate(code) => Some(code),
            Self::Hangup => Some(HANGUP_EXIT_CODE),
            Self::Suspend | Self::Continue | Self::Resized => None,
        }
    }
}

/// The stream of signals; made by [`stream`].
#[derive(Debug)]
pub struct Signals {
    signals: UnboundedReceiver<Signal>,
    heard: UnboundedSender<()>,
}

impl Signals {
    /// The next signal. Loses nothing when it is dropped before it is ready.
    pub async fn next(&mut self) -> Signal {
        match self.signals.recv().await {
            Some(signal) => signal,
            None => future::pending().await,
        }
    }

    /// The event loop is about to end, as it was told.
    pub fn heard(&self) {
        // Nobody listens when the thread has ended, and then nothing is bounded any more.
        let _ = self.heard.send(());
    }
}

/// Starts to listen: from the return of this function on, no signal ends the program by itself any more.
///
/// # Errors
///
/// What the system says when it has no thread or descriptor left.
pub fn stream() -> io::Result<Signals> {
    let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
    let listeners = Listeners::new(&runtime)?;
    let (vanished, terminal) = unbounded_channel();
    let (out, signals) = unbounded_channel();
    let (heard, at_work) = unbounded_channel();
    let listen = move || runtime.block_on(watch(listeners, (terminal, at_work), &out));
    thread::Builder::new()
        .name("signals".to_owned())
        .stack_size(256 * 1024)
        .spawn(listen)?;
    watchdog::spawn(move || {
        let _ = vanished.send(());
    })?;
    Ok(Signals { signals, heard })
}

struct Listeners {
    terminate: unix::Signal,
    interrupt: unix::Signal,
    quit: unix::Signal,
    hangup: unix::Signal,
    stop: unix::Signal,
    resume: unix::Signal,
    resized: unix::Signal,
}

impl Listeners {
    fn new(runtime: &Runtime) -> io::Result<Self> {
        let _context = runtime.enter();
        // Tokio has names for all but the two of job control.
        let raw = |signal: rustix::process::Signal| SignalKind::from_raw(signal.as_raw());
        Ok(Self {
            terminate: unix::signal(SignalKind::terminate())?,
            interrupt: unix::signal(SignalKind::interrupt())?,
            quit: unix::signal(SignalKind::quit())?,
            hangup: unix::signal(SignalKind::hangup())?,
            stop: unix::signal(raw(rustix::process::Signal::TSTP))?,
            resume: unix::signal(raw(rustix::process::Signal::CONT))?,
            resized: unix::signal(SignalKind::window_change())?,
        })
    }

    async fn next(&mut self, terminal: &mut UnboundedReceiver<()>) -> Signal {
        select! {
            _ = self.terminate.recv() => Signal::Terminate(143),
            _ = self.interrupt.recv() => Signal::Terminate(130),
            _ = self.quit.recv() => Signal::Terminate(131),
            _ = self.hangup.recv() => Signal::Hangup,
            Some(()) = terminal.recv() => Signal::Hangup,
            _ = self.stop.recv() => Signal::Suspend,
            _ = self.resume.recv() => Signal::Continue,
            _ = self.resized.recv() => Signal::Resized,
        }
    }
}

/// The end that was asked for, and when it will be made.
#[derive(Debug, Clone, Copy)]
struct Due {
    at: Instant,
    code: i32,
    /// Whether somebody asked for it, who may lose patience. A shell that closes says SIGHUP more than once and SIGTERM
    /// too, and means one end.
    asked: bool,
}

async fn watch(
    mut listeners: Listeners,
    (mut terminal, mut at_work): (UnboundedReceiver<()>, UnboundedReceiver<()>),
    out: &UnboundedSender<Signal>,
) {
    let mut due: Option<Due> = None;
    loop {
        let signal = select! {
            signal = listeners.next(&mut terminal) => signal,
            Some(()) = at_work.recv() => {
                due = due.map(|due| Due { at: Instant::now() + SAVING, ..due });
                continue;
            }
            code = overdue(due) => end(code),
        };
        if signal == Signal::Resized {
            // It may have shrunk and grown back before anybody looked: the size is the same then, and the cells are not.
            terminal::mark_resized();
        }
        if signal == Signal::Continue && terminal::continued() {
            continue;
        }
        due = match (due, signal) {
            // Somebody is impatient.
            (Some(Due { asked: true, .. }), Signal::Terminate(code)) => end(code),
            (Some(due), Signal::Terminate(_)) => Some(Due { asked: true, ..due }),
            (None, Signal::Terminate(_) | Signal::Hangup) => signal.exit_code().map(|code| Due {
                at: Instant::now() + GRACE,
                code,
                asked: signal != Signal::Hangup,
            }),
            (due, Signal::Hangup | Signal::Suspend | Signal::Continue | Signal::Resized) => due,
        };
        // A loop that has ended does not listen any more; the end is made here then.
        let _ = out.send(signal);
    }
}

async fn overdue(due: Option<Due>) -> i32 {
    let Some(due) = due else { return future::pending().await };
    sleep_until(due.at).await;
    due.code
}

fn end(code: i32) -> ! {
    terminal::restore();
    process::exit(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_ends_the_program_has_an_exit_code() {
        let codes = [
            Signal::Terminate(143),
            Signal::Terminate(130),
            Signal::Hangup,
            Signal::Suspend,
            Signal::Continue,
        ]
        .map(Signal::exit_code);
        assert_eq!(codes, [Some(143), Some(130), Some(129), None, None]);
    }
}
