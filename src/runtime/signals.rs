//! Signals and the loss of the terminal, as a stream for the event loop.
//!
//! A dedicated thread listens, so that a hung event loop cannot keep the program running. If the loop does not respond
//! to a request to exit within [`GRACE`], or responds but does not exit, this thread ends the program with the terminal
//! restored.

use std::{
    future,
    io::{self, Write as _},
    process,
    sync::atomic::{AtomicI32, Ordering},
    task::Poll,
    thread,
    time::Duration,
};

use signal_hook::low_level::signal_name;
use tokio::{
    runtime::{Builder, Runtime},
    select,
    signal::unix::{self, SignalKind},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::{Instant, sleep_until},
};

use crate::runtime::terminal::{self, watchdog};

/// How long the event loop has to receive [`Signal::Terminate`] or [`Signal::Hangup`].
pub const GRACE: Duration = Duration::from_millis(1_500);

/// How long the event loop may take to exit after receiving the signal. Saving takes a moment on a slow disk.
const SAVING: Duration = Duration::from_secs(8);

/// The exit code when the terminal is gone: that of SIGHUP.
pub const HANGUP_EXIT_CODE: i32 = 129;

/// The exit code for the signal that requested the exit; 0 if there was none.
static ENDED_BY: AtomicI32 = AtomicI32::new(0);

/// An external request to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Exit with this code, 128 plus the number of the signal: 130 for SIGINT, 143 for SIGTERM. A second signal ends
    /// the program immediately.
    Terminate(i32),
    /// SIGTSTP: call `Guard::suspend`.
    Suspend,
    /// The program was continued after a stop that was not caused by `Guard::suspend`: call `Guard::resume`.
    Continue,
    /// SIGWINCH: the terminal's size changed.
    Resized,
    /// SIGHUP, or the terminal is gone: exit with [`HANGUP_EXIT_CODE`].
    Hangup,
}

impl Signal {
    /// Returns the requested exit code, if the signal requests an exit.
    #[must_use]
    pub fn exit_code(self) -> Option<i32> {
        match self {
            Self::Terminate(code) => Some(code),
            Self::Hangup => Some(HANGUP_EXIT_CODE),
            Self::Suspend | Self::Continue | Self::Resized => None,
        }
    }
}

/// The stream of signals, created by [`stream`].
#[derive(Debug)]
pub struct Signals {
    signals: UnboundedReceiver<Signal>,
    heard: UnboundedSender<()>,
}

impl Signals {
    /// Returns the next signal. Nothing is lost if the future is dropped before it is ready.
    pub async fn next(&mut self) -> Signal {
        match self.signals.recv().await {
            Some(signal) => signal,
            None => future::pending().await,
        }
    }

    /// Prints which signal ended the program, if one did. Must be called after the terminal has been restored.
    pub fn tell_end(&self) {
        tell_end(ENDED_BY.load(Ordering::Acquire));
    }

    /// Confirms that the event loop is exiting, as requested.
    pub fn heard(&self) {
        // A closed channel means that the thread has ended and that there is no longer a time limit.
        let _ = self.heard.send(());
    }
}

/// Starts listening for signals. Once this function has returned, none of them ends the program by default.
///
/// # Errors
///
/// If the system has no threads or file descriptors left.
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

/// The listeners, each with the meaning of its signal.
struct Listeners(Vec<(unix::Signal, Signal)>);

/// The signals that end a program in an orderly way, the common ones first.
const ENDS: [i32; 9] = [
    libc::SIGTERM,
    libc::SIGINT,
    libc::SIGQUIT,
    libc::SIGUSR1,
    libc::SIGUSR2,
    libc::SIGALRM,
    libc::SIGVTALRM,
    libc::SIGPROF,
    libc::SIGXCPU,
];

impl Listeners {
    fn new(runtime: &Runtime) -> io::Result<Self> {
        let _context = runtime.enter();
        let ends = ENDS.map(|signal| (signal, Signal::Terminate(128 + signal)));
        let others = [
            (libc::SIGHUP, Signal::Hangup),
            (libc::SIGTSTP, Signal::Suspend),
            (libc::SIGCONT, Signal::Continue),
            (libc::SIGWINCH, Signal::Resized),
        ];
        let listen = |(number, meaning)| Ok((unix::signal(SignalKind::from_raw(number))?, meaning));
        ends.into_iter()
            .chain(others)
            .chain(of_the_system())
            .map(listen)
            .collect::<io::Result<_>>()
            .map(Self)
    }

    async fn next(&mut self, terminal: &mut UnboundedReceiver<()>) -> Signal {
        select! {
            Some(()) = terminal.recv() => Signal::Hangup,
            signal = self.received() => signal,
        }
    }

    async fn received(&mut self) -> Signal {
        future::poll_fn(|context| {
            let ready = self.0.iter_mut().find_map(|(listener, meaning)| {
                let received = matches!(listener.poll_recv(context), Poll::Ready(Some(())));
                received.then_some(*meaning)
            });
            ready.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}

/// Returns the signals that only some systems have: those for devices and power, and the real-time signals.
#[cfg(target_os = "linux")]
fn of_the_system() -> impl Iterator<Item = (i32, Signal)> {
    let real_time = libc::SIGRTMIN()..=libc::SIGRTMAX();
    [libc::SIGIO, libc::SIGPWR, libc::SIGSTKFLT]
        .into_iter()
        .chain(real_time)
        .map(|signal| (signal, Signal::Terminate(128 + signal)))
}

#[cfg(not(target_os = "linux"))]
fn of_the_system() -> impl Iterator<Item = (i32, Signal)> {
    std::iter::empty()
}

/// A requested exit, with the time at which it is forced.
#[derive(Debug, Clone, Copy)]
struct Due {
    at: Instant,
    code: i32,
    /// Whether the user requested the exit and may therefore become impatient. A closing shell sends SIGHUP more than
    /// once, and SIGTERM as well; these count as a single request.
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
            // The terminal may have shrunk and grown again before its size was checked. The size is then the same, but
            // the contents are not.
            terminal::mark_resized();
        }
        if signal == Signal::Continue && terminal::continued() {
            continue;
        }
        if is_of_keys(signal) && terminal::is_lent() {
            // Another program has the terminal and receives its keys: Ctrl-C ends that program, not this one.
            continue;
        }
        due = match (due, signal) {
            // The user has become impatient and asked again.
            (Some(Due { asked: true, .. }), Signal::Terminate(code)) => end(code),
            (Some(due), Signal::Terminate(_)) => Some(Due { asked: true, ..due }),
            (None, Signal::Terminate(_) | Signal::Hangup) => signal.exit_code().map(|code| Due {
                at: Instant::now() + GRACE,
                code,
                asked: signal != Signal::Hangup,
            }),
            (due, Signal::Hangup | Signal::Suspend | Signal::Continue | Signal::Resized) => due,
        };
        if let Signal::Terminate(code) = signal {
            ENDED_BY.store(code, Ordering::Release);
        }
        // If the event loop has ended, nobody receives this, and this thread forces the exit.
        let _ = out.send(signal);
    }
}

/// Returns whether a key press in a terminal raises the signal: Ctrl-C or Ctrl-\.
fn is_of_keys(signal: Signal) -> bool {
    [libc::SIGINT, libc::SIGQUIT]
        .map(|number| Signal::Terminate(128 + number))
        .contains(&signal)
}

async fn overdue(due: Option<Due>) -> i32 {
    let Some(due) = due else { return future::pending().await };
    sleep_until(due.at).await;
    due.code
}

fn end(code: i32) -> ! {
    terminal::restore();
    if code != HANGUP_EXIT_CODE {
        tell_end(code);
    }
    process::exit(code)
}

/// Prints a sentence that names an exit code's signal; nothing for other codes, or if the terminal is gone.
fn tell_end(code: i32) {
    let Some(signal) = code.checked_sub(128).filter(|signal| *signal > 0) else {
        return;
    };
    if terminal::is_gone() {
        return;
    }
    let name = signal_name(signal).map_or_else(|| format!("signal {signal}"), str::to_owned);
    let _ = writeln!(io::stderr(), "invalidash: stopped by {name}");
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
