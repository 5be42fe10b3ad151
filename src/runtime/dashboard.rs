//! Runs the dashboard: creates the core's preferences and the connection to CloudFront from the settings, takes the
//! terminal, runs the event loop and returns the exit code.

use std::io::{self, Write as _};
use std::time::Duration;

use crossterm::event::Event;
use ratatui::Frame;
use rustix::io::Errno;
use tokio::sync::mpsc::unbounded_channel;

use super::clipboard::{self, Surroundings};
use super::clock::ServiceClock;
use super::effects::Effects;
use super::event_loop::{Copying, Edited, EventLoop, Input, Over, SignalSource, Surface};
use super::signals::{self, Signal, Signals};
use super::terminal::{self, Guard};
use super::waits::Waits;
use super::{input, notify, start, text_editor, theme};
use crate::app::act::themes::shown;
use crate::app::message::Message;
use crate::app::model::{Model, Preferences};
use crate::app::pointer::Hits;
use crate::engine::effect::Announcement;
use crate::settings::{Clipboard, Mouse, Settings};
use crate::ui;

/// How long work in progress may take to finish after the last frame.
const LAST_WORK: Duration = Duration::from_millis(200);

/// The maximum number of threads for blocking work (name lookups, files, ledger replies, commands). Further work waits
/// for a free thread.
const BLOCKING_THREADS: usize = 6;

/// The reason the dashboard could not start or continue, with the exit code.
#[derive(Debug)]
pub struct Stopped {
    /// The cause and the next step, as a sentence for the user.
    pub sentence: String,
    /// The exit code.
    pub code: u8,
}

/// How the dashboard ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The dashboard exited with this code.
    Code(u8),
    /// The dashboard exited so that the demo can replace it.
    ForDemo,
}

/// Runs the dashboard and returns how it ended.
///
/// # Errors
/// [`Stopped`] if the dashboard cannot start or continue.
pub fn run(settings: &Settings) -> Result<Ended, Stopped> {
    let preferences = start::preferences(settings).map_err(|sentence| Stopped { sentence, code: 2 })?;
    // Signals are handled first, because one that arrives while the terminal is being taken must restore it.
    let mut signals = signals::stream().map_err(|error| stopped(&error, 1))?;
    let mut guard = Guard::enter().map_err(|error| stopped(&error, 2))?;
    guard.set_ascii(settings.ascii);
    guard
        .set_mouse(settings.mouse == Mouse::Dashboard)
        .map_err(|error| stopped(&error, 1))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_all()
        .build()
        .map_err(|error| stopped(&error, 1))?;
    let (code, last_words) = runtime.block_on(looped(&mut guard, &mut signals, settings, preferences));
    drop(guard);
    say(&last_words.under_way);
    warn(&last_words.not_saved);
    signals.tell_end();
    runtime.shutdown_timeout(LAST_WORK);
    let code = code.map_err(|error| stopped(&error, 1))?;
    Ok(if last_words.then_demo {
        Ended::ForDemo
    } else {
        Ended::Code(code)
    })
}

/// Replaces this process with the demo. Returns only on failure, with a sentence for the user.
#[must_use]
pub fn open_demo() -> String {
    let error = super::child::become_demo();
    format!("the demo cannot be started: {error}; try `invalidash --demo`")
}

/// Prints lines to the shell if there is still a terminal to show them.
fn say(lines: &[String]) {
    if lines.is_empty() || terminal::check().is_err() || terminal::is_gone() {
        return;
    }
    // If the terminal no longer accepts bytes, nobody is there to read the lines.
    let _ = io::stdout().write_all((lines.join("\n") + "\n").as_bytes());
}

/// Prints warnings to standard error even without a terminal, because standard error may be a file.
fn warn(lines: &[String]) {
    for line in lines {
        // If this fails, there is nowhere else to print the warning.
        let _ = writeln!(io::stderr(), "{line}");
    }
}

fn stopped(error: &io::Error, code: u8) -> Stopped {
    let next_step = if error.raw_os_error() == Some(Errno::MFILE.raw_os_error()) {
        "; raise the limit, for example with `ulimit -n 256`"
    } else {
        ""
    };
    Stopped {
        sentence: format!("{error}{next_step}"),
        code,
    }
}

/// The lines printed to the shell when the program exits.
struct LastWords {
    under_way: Vec<String>,
    not_saved: Vec<String>,
    then_demo: bool,
}

/// Runs the event loop and returns its exit code, with the lines to print to the shell.
async fn looped(
    guard: &mut Guard,
    signals: &mut Signals,
    settings: &Settings,
    preferences: Preferences,
) -> (io::Result<u8>, LastWords) {
    let (replies, received) = unbounded_channel();
    for warning in &settings.warnings {
        let _ = replies.send(Message::Warning(warning.clone()));
    }
    let themes = theme::of(settings);
    let mut memory = ui::ViewMemory::default();
    let mut draw = |model: &Model, frame: &mut Frame| ui::view(model, themes.get(shown(model)), &mut memory, frame);
    let (service, waits) = (ServiceClock::of_machine(), Waits::default());
    let effects = Effects::new(
        replies,
        start::accounts(settings, &service, &waits),
        settings.state_dir.clone(),
        start::places(settings),
    );
    effects.watch_clock(service.clone());
    effects.watch_waits(waits);
    let mut event_loop = EventLoop {
        surface: Screen {
            guard,
            clipboard: settings.clipboard,
            editor: text_editor::Outside::default(),
        },
        input: Keys::default(),
        signals,
        replies: received,
        effects,
        model: Model::new(preferences, service.now()),
        draw: &mut draw,
        hits: Hits::default(),
        clock: Box::new(move || service.now()),
        handed_over: None,
        over: Over::default(),
    };
    let code = event_loop.run().await;
    // When keyboard input fails, the loop ends as if the terminal were gone. Report the error itself instead.
    let code = event_loop.input.failure.take().map_or(code, Err);
    let last_words = LastWords {
        under_way: ui::farewell(&event_loop.model),
        not_saved: ui::not_saved(&event_loop.model),
        then_demo: event_loop.model.then_demo,
    };
    (code, last_words)
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// The real terminal.
struct Screen<'a> {
    guard: &'a mut Guard,
    clipboard: Clipboard,
    editor: text_editor::Outside,
}

impl Surface for Screen<'_> {
    fn draw(&mut self, view: &mut dyn FnMut(&mut Frame)) -> io::Result<()> {
        self.guard.draw(view)
    }

    fn copy(&mut self, text: String) -> Copying {
        let (chosen, place) = (self.clipboard, Surroundings::of(is_set, cfg!(target_os = "macos")));
        Box::pin(async move { clipboard::copy(&text, chosen, &place).await })
    }

    fn notify(&mut self, notice: &Announcement) -> io::Result<()> {
        match notice {
            Announcement::Title(title) => self.guard.set_title(title),
            Announcement::Bell => self.guard.write(notify::bell()),
            Announcement::Notification(protocol, text) => {
                let bytes = notify::notification(*protocol, text);
                self.guard.write(&notify::outward(bytes, is_set("TMUX")))
            }
            Announcement::Progress(progress) => self.guard.set_progress(*progress),
        }
    }

    fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.guard.set_mouse(on)
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.guard.suspend()
    }

    fn resume(&mut self) -> io::Result<()> {
        self.guard.resume()
    }

    fn repaint(&mut self) -> io::Result<()> {
        self.guard.repaint()
    }

    fn lend(&mut self) {
        self.guard.lend();
    }

    fn edit(&mut self, text: String) -> Edited {
        // Waiting for the editor blocks, and the loop has other work to do in the meantime.
        let outside = self.editor.clone();
        let edited = tokio::task::spawn_blocking(move || text_editor::edit(&text, &outside));
        Box::pin(async { edited.await.unwrap_or_else(|error| Err(error.to_string())) })
    }

    fn take_back(&mut self) -> Result<(), String> {
        let taken = self.guard.reenter();
        taken.map_err(|error| format!("cannot regain control of the terminal: {error}"))
    }

    fn size(&self) -> (u16, u16) {
        self.guard.size()
    }
}

/// The real keyboard input. It is dropped while an editor or the shell has the terminal, because it would consume the
/// keys typed there.
#[derive(Default)]
struct Keys {
    input: Option<input::Input>,
    /// The error that ended keyboard input, if any.
    failure: Option<io::Error>,
}

impl Keys {
    async fn read(&mut self) -> io::Result<Vec<Event>> {
        let input = match self.input.take() {
            Some(input) => input,
            None => input::Input::open()?,
        };
        self.input.insert(input).next().await
    }
}

impl Input for Keys {
    async fn next(&mut self) -> Option<Vec<Event>> {
        let read = self.read().await;
        read.map_err(|error| self.failure = Some(error)).ok()
    }

    fn put_aside(&mut self) {
        self.input = None;
    }
}

impl SignalSource for &mut Signals {
    async fn next(&mut self) -> Signal {
        Signals::next(self).await
    }

    fn heard(&mut self) {
        Signals::heard(self);
    }
}
