//! Signals and the vanishing of the terminal, as a stream for the event loop.
//!
//! A thread of its own listens, so that a loop that hangs cannot keep the program alive: who is told to end and does
//! not listen within [`GRACE`] is ended here, with the terminal restored; and so is who listens and does not end.

use std::{
    future,
    io::{self, Write as _},
    process,
    sync::atomic::{AtomicI32, Ordering},
    task::Poll,
    thread,
    time::Duration,
};

use tokio::{
    runtime::{Builder, Runtime},
    select,
    signal::unix::{self, SignalKind},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::{Instant, sleep_until},
};

use crate::runtime::{
    fatal,
    terminal::{self, watchdog},
};

/// How long the event loop has to hear of [`Signal::Terminate`] or [`Signal::Hangup`].
pub const GRACE: Duration = Duration::from_millis(1_500);

/// How long it has to end once it has heard: to save what is on the screen takes a moment on a slow disk.
const SAVING: Duration = Duration::from_secs(8);

/// The exit code when the terminal is gone: that of SIGHUP.
pub const HANGUP_EXIT_CODE: i32 = 129;

/// The exit code of the signal that told the program to end; 0 while none did.
static ENDED_BY: AtomicI32 = AtomicI32::new(0);

/// What the outside wants of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// End, with this exit code, 128 and the number of the signal: 130 for SIGINT, 143 for SIGTERM. A second one ends at
    /// once.
    Terminate(i32),
    /// SIGTSTP: call `Guard::suspend`.
    Suspend,
    /// Continued after a stop that was not `Guard::suspend`'s: call `Guard::resume`.
    Continue,
    /// SIGWINCH: the terminal has another size.
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

    /// Says in the shell which signal ended the program, if one did. To be called when the terminal is given back.
    pub fn tell_end(&self) {
        tell_end(ENDED_BY.load(Ordering::Acquire));
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

/// What the system says, and what it means here.
struct Listeners(Vec<(unix::Signal, Signal)>);

/// The numbers of the signals that end a program in an orderly way, the common ones first.
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

/// What only some systems have: signals of devices and of the power, and those that programs agree upon.
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
        if is_of_keys(signal) && terminal::is_lent() {
            // Whoever has the terminal has its keys: Ctrl-C ends that program and not this one.
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
        if let Signal::Terminate(code) = signal {
            ENDED_BY.store(code, Ordering::Release);
        }
        // A loop that has ended does not listen any more; the end is made here then.
        let _ = out.send(signal);
    }
}

/// Whether a terminal makes it of a key: Ctrl-C and Ctrl-\.
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

/// One sentence for the exit code of a signal, and none for any other, or when nobody is there to read it.
fn tell_end(code: i32) {
    let Some(signal) = code.checked_sub(128).filter(|signal| *signal > 0) else {
        return;
    };
    if terminal::is_gone() {
        return;
    }
    let name = fatal::name(signal).map_or_else(|| format!("signal {signal}"), str::to_owned);
    let _ = writeln!(io::stderr(), "invalidash: ended by {name}");
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
