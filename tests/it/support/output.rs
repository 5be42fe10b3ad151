//! The output of a program, as its terminal receives it.

#![expect(clippy::panic, reason = "a wait in vain ends the test, with the screen")]

use std::{
    io::{Read, Write},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use portable_pty::Child;

use super::nonzero;

/// The longest wait for anything; only a failing test gets there.
const LIMIT: Duration = Duration::from_secs(20);

pub(crate) type Parser = vt100::Parser<Answers>;
pub(crate) type Writer = Arc<Mutex<Box<dyn Write + Send>>>;

/// The output, shared by those who read it, end it and wait for it.
pub(crate) struct Shared {
    pub(crate) state: Mutex<State>,
    pub(crate) changed: Condvar,
}

/// The screen and everything that led to it.
pub(crate) struct State {
    pub(crate) parser: Parser,
    pub(crate) log: Vec<u8>,
    pub(crate) arrivals: Vec<Arrival>,
    /// The terminal's other side is closed and everything written to it was read.
    pub(crate) ended: bool,
    pub(crate) closing: bool,
    pub(crate) exit: Option<Exit>,
}

/// When bytes were read, and how long the log was then.
#[derive(Clone, Copy)]
pub(crate) struct Arrival {
    pub(crate) at: Instant,
    pub(crate) length: usize,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Exit {
    Code(u32),
    Signal(String),
}

/// What the terminal must answer, and what the screen does not show.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) cursor_queries: usize,
    pending: Vec<u8>,
    pub(crate) title: String,
}

impl vt100::Callbacks for Answers {
    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        self.title = String::from_utf8_lossy(title).into_owned();
    }

    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        first: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        last: char,
    ) {
        if first.is_none() && last == 'n' && params == [[6]] {
            let (row, column) = screen.cursor_position();
            self.cursor_queries += 1;
            self.pending.extend(format!("\x1b[{};{}R", row + 1, column + 1).bytes());
        }
    }
}

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[track_caller]
    pub(crate) fn wait<T>(&self, what: &str, ready: impl Fn(&State) -> Option<T>) -> T {
        self.try_wait(LIMIT, ready)
            .unwrap_or_else(|state| panic!("waited in vain for {what}; {state}"))
    }

    /// Waits until it is ready; what there is instead when the time is up, or when nothing can change any more.
    pub(crate) fn try_wait<T>(&self, limit: Duration, ready: impl Fn(&State) -> Option<T>) -> Result<T, String> {
        let end = Instant::now() + limit;
        let mut state = self.lock();
        loop {
            if let Some(value) = ready(&state) {
                return Ok(value);
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || (state.ended && state.exit.is_some()) {
                return Err(format!("exit: {:?}; the screen:\n{}", state.exit, contents(&state)));
            }
            state = self
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    pub(crate) fn read(&self, mut reader: Box<dyn Read + Send>, writer: &Weak<Mutex<Box<dyn Write + Send>>>) {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = reader.read(&mut buffer).unwrap_or(0);
            let at = Instant::now();
            let mut state = self.lock();
            if count == 0 || state.closing {
                break;
            }
            let answers = state.take_in(at, buffer.get(..count).unwrap_or_default());
            drop(state);
            self.changed.notify_all();
            if let Some(writer) = writer.upgrade().filter(|_| !answers.is_empty()) {
                let _ = writer
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .write_all(&answers);
            }
        }
        drop(reader);
        self.lock().ended = true;
        self.changed.notify_all();
    }

    pub(crate) fn reap(&self, mut child: Box<dyn Child + Send + Sync>) {
        let exit = child.wait().map_or_else(
            |error| Exit::Signal(error.to_string()),
            |status| match status.signal() {
                Some(signal) => Exit::Signal(signal.to_owned()),
                None => Exit::Code(status.exit_code()),
            },
        );
        self.lock().exit = Some(exit);
        self.changed.notify_all();
    }
}

impl State {
    pub(crate) fn new(rows: u16, cols: u16) -> Self {
        Self {
            parser: Parser::new_with_callbacks(nonzero(rows), nonzero(cols), 0, Answers::default()),
            log: Vec::new(),
            arrivals: Vec::new(),
            ended: false,
            closing: false,
            exit: None,
        }
    }

    fn take_in(&mut self, at: Instant, bytes: &[u8]) -> Vec<u8> {
        self.log.extend_from_slice(bytes);
        self.arrivals.push(Arrival {
            at,
            length: self.log.len(),
        });
        self.parser.process(bytes);
        std::mem::take(&mut self.parser.callbacks_mut().pending)
    }
}

/// Everything the screen shows, a line for each row, without blanks at the end.
pub(crate) fn contents(state: &State) -> String {
    let screen = state.parser.screen();
    let (_, cols) = screen.size();
    let rows: Vec<_> = screen
        .rows(0, cols.get())
        .map(|row| row.trim_end().to_owned())
        .collect();
    rows.join("\n")
}
