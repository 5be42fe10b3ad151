//! Runs a program in its own terminal: keys are the input, a screen is the output.
//!
//! Every wait is limited, and ends when output arrives rather than after a sleep. The program sees nothing of this
//! machine's environment: home and XDG directories are empty and temporary, and the working directory is one of them.

#![expect(
    clippy::expect_used,
    reason = "a harness that cannot go on ends the test, with the screen"
)]

use std::{
    ffi::OsStr,
    fs::File,
    io::Write,
    num::NonZeroU16,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::Duration,
};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::{
    fs::OFlags,
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid},
    termios::{OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr},
};
use tempfile::TempDir;

#[path = "keys.rs"]
pub(crate) mod keys;
#[path = "output.rs"]
mod output;

pub(crate) use output::{Arrival, Exit};
use output::{Shared, State, Writer, contents};

/// A program in its terminal. Dropping it ends the program.
pub(crate) struct Pty {
    shared: Arc<Shared>,
    writer: Option<Writer>,
    master: Option<Box<dyn MasterPty + Send>>,
    pid: Pid,
    home: TempDir,
    line_settings: String,
}

impl Pty {
    /// Starts a program in a terminal of that size. `env` comes on top of an otherwise bare environment.
    pub(crate) fn spawn(program: impl AsRef<OsStr>, args: &[&str], env: &[(&str, &str)], rows: u16, cols: u16) -> Self {
        Self::start(program.as_ref(), args, env, (rows, cols), true)
    }

    /// The same, but the terminal does not control the program: closing it sends no SIGHUP.
    pub(crate) fn spawn_uncontrolled(program: impl AsRef<OsStr>, args: &[&str], rows: u16, cols: u16) -> Self {
        Self::start(program.as_ref(), args, &[], (rows, cols), false)
    }

    fn start(program: &OsStr, args: &[&str], env: &[(&str, &str)], (rows, cols): (u16, u16), controlled: bool) -> Self {
        let home = tempfile::tempdir().expect("a temporary home");
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.cwd(home.path());
        command.set_controlling_tty(controlled);
        isolate(&mut command, home.path());
        for (name, value) in env {
            command.env(name, value);
        }

        let pair = native_pty_system().openpty(size(rows, cols)).expect("a terminal");
        let line_settings = format!("{:?}", pair.master.get_termios().expect("line settings"));
        let reader = pair.master.try_clone_reader().expect("its output");
        let writer: Writer = Arc::new(Mutex::new(pair.master.take_writer().expect("its input")));
        let shared = Arc::new(Shared {
            state: Mutex::new(State::new(rows, cols)),
            changed: Condvar::new(),
        });
        let child = pair.slave.spawn_command(command).expect("the program to start");
        drop(pair.slave);
        let pid = child
            .process_id()
            .and_then(|pid| Pid::from_raw(pid.cast_signed()))
            .expect("a process id");

        thread::spawn({
            let (shared, writer) = (shared.clone(), Arc::downgrade(&writer));
            move || shared.read(reader, &writer)
        });
        thread::spawn({
            let shared = shared.clone();
            move || shared.reap(child)
        });
        Self {
            shared,
            writer: Some(writer),
            master: Some(pair.master),
            pid,
            home,
            line_settings,
        }
    }

    /// The temporary home; `state`, `config`, `data`, `cache` and `run` below it are the XDG directories.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The program's process id.
    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }

    /// Types text; `<enter>`, `<esc>`, `<tab>`, `<up>`, `<c-x>`, `<a-x>`, `<f1>` … are keys, `<lt>` is `<`.
    pub(crate) fn type_keys(&self, keys: &str) {
        self.send(&keys::encode(keys));
    }

    /// Pastes text as a terminal with bracketed paste does.
    pub(crate) fn paste(&self, text: &str) {
        self.send(format!("\x1b[200~{text}\x1b[201~").as_bytes());
    }

    /// Confirms what is seen, as somebody does who reads it first; whether the program still took it.
    pub(crate) fn confirms(&self) -> bool {
        const READING: Duration = Duration::from_millis(600);
        thread::sleep(READING);
        self.try_type("<enter>")
    }

    /// Types text if the program still takes it; whether it did.
    pub(crate) fn try_type(&self, keys: &str) -> bool {
        let Some(writer) = &self.writer else { return false };
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer
            .write_all(&keys::encode(keys))
            .and_then(|()| writer.flush())
            .is_ok()
    }

    /// Waits until the screen shows the text or the program has ended; whether it shows it.
    #[track_caller]
    pub(crate) fn appears_or_ends(&self, text: &str) -> bool {
        self.shared.wait(text, |state| {
            let shown = state.parser.screen().contents().contains(text);
            (shown || state.exit.is_some() || state.ended).then_some(shown)
        })
    }

    /// Sends bytes as they are.
    pub(crate) fn send(&self, bytes: &[u8]) {
        let writer = self.writer.as_ref().expect("the terminal to be there");
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer
            .write_all(bytes)
            .and_then(|()| writer.flush())
            .expect("the terminal to take input");
    }

    /// Sends a signal to the program.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("the program to be there");
    }

    /// Waits until the program is stopped.
    pub(crate) fn wait_stopped(&self) {
        let stopped = waitid(WaitId::Pid(self.pid), WaitIdOptions::STOPPED).expect("the program to be there");
        assert!(
            stopped.is_some_and(|status| status.stopped()),
            "the program did not stop"
        );
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&self, rows: u16, cols: u16) {
        // The screen comes first, so that it already has the new size when the program writes for it.
        self.shared
            .lock()
            .parser
            .screen_mut()
            .set_size(nonzero(rows), nonzero(cols));
        let master = self.master.as_ref().expect("the terminal to be there");
        master.resize(size(rows, cols)).expect("the terminal to be resized");
    }

    /// Takes the terminal away, as a closed window or a lost connection does.
    pub(crate) fn hang_up(&mut self) {
        let tty = self
            .master
            .as_ref()
            .and_then(|master| master.tty_name())
            .expect("the terminal's name");
        let slave = File::options()
            .read(true)
            .write(true)
            .custom_flags(OFlags::NOCTTY.bits().cast_signed())
            .open(tty);
        let mut slave = slave.expect("the terminal to be there");
        // Otherwise portable-pty types a line feed and an end of file when its writer is dropped.
        let mut line = tcgetattr(&slave).expect("line settings");
        line.special_codes[SpecialCodeIndex::VEOF] = 0;
        tcsetattr(&slave, OptionalActions::Now, &line).expect("line settings to be set");
        // The reader holds its own descriptor; a byte wakes it, so that it releases the descriptor.
        self.shared.lock().closing = true;
        slave.write_all(b"\0").expect("the reader to be woken");
        self.shared
            .wait("the reader to let go", |state| state.ended.then_some(()));
        self.writer = None;
        self.master = None;
    }

    /// Waits until the screen shows the text.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) {
        self.wait_until(text, |screen| screen.contents().contains(text));
    }

    /// Waits until the screen is as wanted.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) {
        self.shared
            .wait(what, |state| wanted(state.parser.screen()).then_some(()));
    }

    /// Waits until those bytes were written at or after a position in the log; the position behind them.
    #[track_caller]
    pub(crate) fn wait_raw(&self, from: usize, bytes: &str) -> usize {
        self.shared.wait(&format!("{bytes:?}"), |state| {
            let rest = state.log.get(from..)?;
            rest.windows(bytes.len())
                .position(|window| window == bytes.as_bytes())
                .map(|at| from + at + bytes.len())
        })
    }

    /// Everything the screen shows, a line for each row, without blanks at the end.
    pub(crate) fn screen(&self) -> String {
        contents(&self.shared.lock())
    }

    /// Everything the screen shows, with colors and attributes, as bytes that would draw it.
    pub(crate) fn picture(&self) -> String {
        self.shared.lock().parser.screen().contents_formatted()
    }

    /// One row of the screen, from 0.
    pub(crate) fn row(&self, row: u16) -> String {
        self.screen().lines().nth(row.into()).unwrap_or_default().to_owned()
    }

    /// Where the cursor is (row, column, from 0), or nothing while it is hidden.
    pub(crate) fn cursor(&self) -> Option<(u16, u16)> {
        let state = self.shared.lock();
        let screen = state.parser.screen();
        (!screen.hide_cursor()).then(|| screen.cursor_position())
    }

    /// A cell with its colors and attributes.
    pub(crate) fn cell(&self, row: u16, column: u16) -> vt100::Cell {
        self.shared
            .lock()
            .parser
            .screen()
            .cell(row, column)
            .expect("a cell within the screen")
            .clone()
    }

    /// Whether the alternate screen is shown.
    pub(crate) fn alternate_screen(&self) -> bool {
        self.shared.lock().parser.screen().alternate_screen()
    }

    /// The title that was last set.
    pub(crate) fn title(&self) -> String {
        self.shared.lock().parser.callbacks().title.clone()
    }

    /// How often the program asked where the cursor is.
    pub(crate) fn cursor_queries(&self) -> usize {
        self.shared.lock().parser.callbacks().cursor_queries
    }

    /// Everything the program wrote so far.
    pub(crate) fn log(&self) -> Vec<u8> {
        self.shared.lock().log.clone()
    }

    /// How long the log is.
    pub(crate) fn written(&self) -> usize {
        self.shared.lock().log.len()
    }

    /// Waits, but no longer than that, for the first arrival that makes the log longer than so many bytes.
    pub(crate) fn arrival_beyond(&self, length: usize, limit: Duration) -> Option<Arrival> {
        let later = |state: &State| {
            let next = state.arrivals.partition_point(|arrival| arrival.length <= length);
            state.arrivals.get(next).copied()
        };
        self.shared.try_wait(limit, later).ok()
    }

    /// Waits, but no longer than that, until the screen is as wanted; then, when that was, or what it is instead.
    pub(crate) fn arrival_when(
        &self,
        limit: Duration,
        wanted: impl Fn(&vt100::Screen) -> bool,
    ) -> Result<Arrival, String> {
        let now = |state: &State| {
            let last = state.arrivals.last().copied();
            last.filter(|_| wanted(state.parser.screen()))
        };
        self.shared.try_wait(limit, now)
    }

    /// The line settings (termios) in full, to be compared.
    pub(crate) fn line_settings(&self) -> String {
        format!(
            "{:?}",
            self.master
                .as_ref()
                .and_then(|master| master.get_termios())
                .expect("line settings")
        )
    }

    /// What they were before the program started.
    pub(crate) fn line_settings_before(&self) -> &str {
        &self.line_settings
    }

    /// Waits for the end of the program and of its output.
    #[track_caller]
    pub(crate) fn exit(&self) -> Exit {
        self.shared
            .wait("the program to end", |state| state.exit.clone().filter(|_| state.ended))
    }

    /// Waits for the end; the exit code, unless a signal ended the program.
    #[track_caller]
    pub(crate) fn exit_code(&self) -> Option<u32> {
        match self.exit() {
            Exit::Code(code) => Some(code),
            Exit::Signal(_) => None,
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if self.shared.lock().exit.is_none() {
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

fn isolate(command: &mut CommandBuilder, home: &Path) {
    command.env_clear();
    command.env("HOME", home);
    for (name, directory) in [
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_RUNTIME_DIR", "run"),
    ] {
        command.env(name, home.join(directory));
    }
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
}

fn nonzero(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap_or(NonZeroU16::MIN)
}

fn size(rows: u16, cols: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}
