//! The dashboard with everything real except the terminal, the network and the clock: the event loop, the core, the SDK,
//! the emulator and a ledger on disk, under tokio's paused clock. A test presses keys and looks at the screen.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use crossterm::event::{Event, KeyCode};
use invalidash::app::model::{Model, Preferences};
use invalidash::app::pointer::Hits;
use invalidash::domain::failure::Failure;
use invalidash::domain::login::LoginWay;
use invalidash::domain::profile::Profile;
use invalidash::emulator::{Emulator, Options};
use invalidash::engine::effect::{Announcement, CopiedBy};
use invalidash::runtime::clock::ServiceClock;
use invalidash::runtime::cloudfront::CloudFront;
use invalidash::runtime::effects::{Accounts, Boxed, Connected, Effects, Wanted};
use invalidash::runtime::event_loop::{Copying, Edited, EventLoop, Input, Over, SignalSource, Surface};
use invalidash::runtime::import::Places;
use invalidash::runtime::input::parser::{HOLD, Keyboard, Parser};
use invalidash::runtime::signals::Signal;
use invalidash::ui::{self, Theme, ViewMemory};
use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use tokio::sync::{mpsc, watch};

use super::clock::Clock;
use super::connector::InProcess;
use super::pty::keys;
use super::samples;
use super::screen::rows;

/// How long, in virtual time, something may take to appear.
const PATIENCE: Duration = Duration::from_mins(2);

/// What `$EDITOR` makes of a text.
type Editor = fn(&str) -> Result<String, String>;

/// The environment of a story.
pub(crate) struct Stage {
    pub(crate) emulator: Arc<Emulator>,
    pub(crate) clock: Clock,
    pub(crate) preferences: Preferences,
    pub(crate) size: (u16, u16),
    /// How far the program's own clock is off.
    pub(crate) skew: Rc<Cell<TimeDelta>>,
    /// The failure with which connecting ends, if any.
    pub(crate) connect_failure: Option<Failure>,
    /// Other profiles, each with another account's emulator or the reason why it has no credentials.
    pub(crate) others: BTreeMap<String, Result<Arc<Emulator>, Failure>>,
    /// The profiles in the configuration files.
    pub(crate) profiles: Vec<Profile>,
    /// What `$EDITOR` makes of a text.
    pub(crate) editor: Editor,
    /// How long the editor has the terminal.
    pub(crate) editing: Duration,
    pub(crate) state: tempfile::TempDir,
    folder: tempfile::TempDir,
}

impl Stage {
    /// Uses the sample data and 100 × 30 cells; an invalidation takes seven seconds.
    pub(crate) fn demo() -> Self {
        Self::new(Options::demo())
    }

    pub(crate) fn new(options: Options) -> Self {
        let emulator = Arc::new(Emulator::new(options));
        Self {
            emulator,
            clock: Clock::new(),
            preferences: Preferences {
                engine: invalidash::engine::preferences::Preferences {
                    version: "0.0.0".to_owned(),
                    ..Default::default()
                },
                ..Preferences::default()
            },
            size: (100, 30),
            skew: Rc::default(),
            connect_failure: None,
            others: BTreeMap::new(),
            profiles: samples::many_profiles(),
            editor: |_| Err("no editor here".to_owned()),
            editing: Duration::ZERO,
            state: tempfile::tempdir().unwrap(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Sets the service's clock this far ahead of this machine's.
    pub(crate) fn ahead(self, by: TimeDelta) -> Self {
        self.emulator
            .configure(|settings| settings.clock_ahead_ms = by.num_milliseconds());
        self
    }

    /// Runs the dashboard while the user acts out the story. Returns the exit code if the program quits, or `None` if the
    /// story ends first; then the program is dropped, which resembles a kill.
    pub(crate) async fn play<F: Future<Output = ()>>(&self, story: impl FnOnce(Person) -> F) -> Option<u8> {
        let (keys, typed) = mpsc::unbounded_channel();
        let (shown, screen) = watch::channel(String::new());
        let told = Rc::new(RefCell::new(Vec::new()));
        let counts = Rc::new(Counts::default());
        let person = Person {
            keys,
            screen,
            told: Rc::clone(&told),
            counts: Rc::clone(&counts),
        };
        let (replies, received) = mpsc::unbounded_channel();
        let theme = Theme::named("default", |time| time.fixed_offset()).unwrap();
        let mut memory = ViewMemory::default();
        let mut draw = |model: &Model, frame: &mut Frame| ui::view(model, &theme, &mut memory, frame);
        let (service, skew) = (ServiceClock::of(self.clock), Rc::clone(&self.skew));
        let effects = Effects::new(
            replies,
            self.accounts(&service),
            self.state.path().to_owned(),
            self.places(),
        );
        effects.watch_clock(service.clone());
        let woken = Rc::clone(&counts);
        let now = move || {
            // The loop reads the clock once per message.
            woken.woken.set(woken.woken.get() + 1);
            service.now() + skew.get()
        };
        let mut dashboard = Box::new(EventLoop {
            surface: Paper::new(self.size, shown, told, (self.editor, self.editing), counts),
            input: Typed {
                events: typed,
                next: None,
                at: tokio::time::Instant::now(),
            },
            signals: Quiet,
            replies: received,
            effects,
            model: Model::new(self.preferences.clone(), now()),
            draw: &mut draw,
            hits: Hits::default(),
            clock: Box::new(now),
            handed_over: None,
            over: Over::default(),
        });
        tokio::select! {
            biased;
            code = dashboard.run() => Some(code.unwrap()),
            () = story(person) => None,
        }
    }

    /// Returns the folder in which the program is started.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the folder of the saved lists.
    pub(crate) fn lists(&self) -> PathBuf {
        self.folder().join("config/lists")
    }

    /// Writes a file below the folder in which the program is started.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.folder().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn places(&self) -> Places {
        Places {
            start: self.folder().to_owned(),
            home: Some(self.folder().join("home")),
            lists: self.lists(),
            profile: None,
        }
    }

    fn accounts(&self, service: &ServiceClock) -> Accounts {
        let server = InProcess::new(Arc::clone(&self.emulator), self.clock);
        let (failure, service) = (self.connect_failure.clone(), service.clone());
        let (others, clock) = (self.others.clone(), self.clock);
        let connect = Arc::new(move |wanted: Wanted| -> Boxed<Result<Connected, Failure>> {
            let name = wanted.profile.unwrap_or_default();
            let (server, connection, failure) = match others.get(&name) {
                Some(Err(failure)) => (server.clone(), server.connection(), Some(failure.clone())),
                Some(Ok(emulator)) => {
                    let server = InProcess::new(Arc::clone(emulator), clock);
                    let connection = server.connection_of(&name);
                    (server, connection, None)
                }
                None => (server.clone(), server.connection(), failure.clone()),
            };
            let cloudfront = CloudFront::new(connection.timed_by(service.clone()));
            let edge = server.edge();
            Box::pin(async move {
                if let Some(failure) = failure {
                    return Err(failure);
                }
                let scope = cloudfront.connection().scope();
                Ok(Connected {
                    edge,
                    cloudfront,
                    scope,
                })
            })
        });
        let profiles = self.profiles.clone();
        let list = move || -> Boxed<_> {
            let profiles = profiles.clone();
            Box::pin(async move { Ok((profiles, None)) })
        };
        Accounts {
            connect,
            plan: Arc::new(|_| Box::pin(async { Ok(LoginWay::Terminal) })),
            list: Arc::new(list),
            stamp: Arc::new(|| 0),
        }
    }

    pub(crate) fn ledger(&self) -> &Path {
        self.state.path()
    }
}

/// The user, who presses keys and looks at the screen.
pub(crate) struct Person {
    keys: mpsc::UnboundedSender<(Event, Pace)>,
    screen: watch::Receiver<String>,
    told: Rc<RefCell<Vec<Aside>>>,
    counts: Rc<Counts>,
}

/// Counts of what the program did.
#[derive(Default)]
struct Counts {
    drawn: Cell<u64>,
    woken: Cell<u64>,
    /// Whether an editor has the terminal.
    handed_over: Cell<bool>,
}

/// What was sent to the terminal besides frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Aside {
    Copied(String),
    Noticed(Announcement),
    Suspended,
    Mouse(bool),
}

impl Person {
    /// Presses keys: characters as they are, `<enter> <esc> <c-s> <a-f> <down> …` by name.
    #[track_caller]
    pub(crate) fn press(&self, keys: &str) {
        for event in events(keys) {
            let pace = self.pace(&event);
            self.send(event, pace);
        }
    }

    /// Presses keys faster than anyone reads: all of them arrive at once.
    #[track_caller]
    pub(crate) fn types_ahead(&self, keys: &str) {
        for event in events(keys) {
            self.send(event, Pace::AtOnce);
        }
    }

    /// Holds a key down for this long; it starts to repeat after half a second.
    pub(crate) async fn holds(&self, key: &str, milliseconds: u64) {
        self.types_ahead(key);
        tokio::time::sleep(Duration::from_millis(500)).await;
        for _ in (500..milliseconds).step_by(33) {
            self.types_ahead(key);
            tokio::time::sleep(Duration::from_millis(33)).await;
        }
    }

    pub(crate) fn paste(&self, text: &str) {
        self.send(Event::Paste(text.to_owned()), Pace::AtOnce);
    }

    /// Returns the pace of a key: a key that sends is pressed after reading the screen.
    fn pace(&self, event: &Event) -> Pace {
        let screen = self.screen.borrow();
        let sends = ["↵ submit", "to submit ›", "↵ send again", "S send now"];
        let is_read = sends.iter().any(|key| screen.contains(key));
        match event {
            Event::Key(key) if is_read && matches!(key.code, KeyCode::Enter | KeyCode::Char('S' | 'x')) => {
                Pace::Reading
            }
            _ => Pace::AtOnce,
        }
    }

    fn send(&self, event: Event, pace: Pace) {
        let _ = self.keys.send((event, pace));
    }

    /// Composes these lines for the chosen targets and opens the review.
    pub(crate) async fn reviews(&mut self, lines: &str) {
        self.press("i");
        self.sees("Invalidate").await;
        self.paste(lines);
        self.press("<c-s>");
        self.sees("will be sent").await;
    }

    /// Composes these lines for the chosen targets and confirms them.
    pub(crate) async fn submits(&mut self, lines: &str) {
        self.reviews(lines).await;
        self.press("<enter>");
    }

    /// Focuses the terminal, or another window.
    pub(crate) fn focuses(&self, focus: bool) {
        let event = if focus { Event::FocusGained } else { Event::FocusLost };
        self.send(event, Pace::AtOnce);
    }

    /// Waits until this text is on the screen.
    #[track_caller]
    pub(crate) fn sees(&mut self, text: &str) -> impl Future<Output = String> {
        self.until(text.to_owned(), true)
    }

    /// Waits until this text is no longer on the screen.
    #[track_caller]
    pub(crate) fn misses(&mut self, text: &str) -> impl Future<Output = String> {
        self.until(text.to_owned(), false)
    }

    #[track_caller]
    fn until(&mut self, text: String, there: bool) -> impl Future<Output = String> {
        let place = std::panic::Location::caller();
        async move {
            let found = self.screen.wait_for(|screen| screen.contains(&text) == there);
            if let Ok(Ok(screen)) = tokio::time::timeout(PATIENCE, found).await {
                return screen.clone();
            }
            let screen = self.screen.borrow().clone();
            panic!(
                "{place}: {text:?} {} on the screen:\n{screen}",
                if there { "is not" } else { "is still" }
            );
        }
    }

    pub(crate) fn screen(&self) -> String {
        self.screen.borrow().clone()
    }

    /// Returns the number of frames drawn and the number of messages handled.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.counts.drawn.get(), self.counts.woken.get())
    }

    /// Whether an editor has the terminal.
    pub(crate) fn is_lent(&self) -> bool {
        self.counts.handed_over.get()
    }

    pub(crate) fn told(&self) -> Vec<Aside> {
        self.told.borrow().clone()
    }

    /// Returns the text copied last.
    pub(crate) fn copied(&self) -> Option<String> {
        self.told.borrow().iter().rev().find_map(|aside| match aside {
            Aside::Copied(text) => Some(text.clone()),
            _ => None,
        })
    }

    /// Lets virtual time pass.
    pub(crate) async fn waits(&self, seconds: u64) {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }
}

/// Returns the events of keys that are pressed one after the other.
#[track_caller]
fn events(typed: &str) -> Vec<Event> {
    let (mut parser, mut events, mut now) = (Parser::new(Keyboard::default()), Vec::new(), std::time::Instant::now());
    for bytes in keys::each(typed) {
        parser.advance(&bytes, now, &mut events);
        now += HOLD;
        parser.expire(now, &mut events);
    }
    events
}

/// A terminal that keeps the last frame as text.
struct Paper {
    terminal: Terminal<TestBackend>,
    shown: watch::Sender<String>,
    told: Rc<RefCell<Vec<Aside>>>,
    editor: (Editor, Duration),
    counts: Rc<Counts>,
}

impl Paper {
    fn new(
        (width, height): (u16, u16),
        shown: watch::Sender<String>,
        told: Rc<RefCell<Vec<Aside>>>,
        editor: (Editor, Duration),
        counts: Rc<Counts>,
    ) -> Self {
        Self {
            terminal: Terminal::new(TestBackend::new(width, height)).unwrap(),
            shown,
            told,
            editor,
            counts,
        }
    }
}

impl Surface for Paper {
    fn draw(&mut self, view: &mut dyn FnMut(&mut Frame)) -> io::Result<()> {
        assert!(!self.counts.handed_over.get(), "drawn over the editor");
        self.terminal.draw(view).unwrap();
        self.counts.drawn.set(self.counts.drawn.get() + 1);
        self.shown
            .send_replace(rows(self.terminal.backend().buffer()).join("\n"));
        Ok(())
    }

    fn copy(&mut self, text: String) -> Copying {
        self.told.borrow_mut().push(Aside::Copied(text));
        Box::pin(async { Ok(CopiedBy::Program("tmux")) })
    }

    fn notify(&mut self, notice: &Announcement) -> io::Result<()> {
        self.told.borrow_mut().push(Aside::Noticed(notice.clone()));
        Ok(())
    }

    fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.told.borrow_mut().push(Aside::Mouse(on));
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.told.borrow_mut().push(Aside::Suspended);
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn repaint(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn lend(&mut self) {
        self.counts.handed_over.set(true);
    }

    fn edit(&mut self, text: String) -> Edited {
        let (editor, time) = self.editor;
        Box::pin(async move {
            tokio::time::sleep(time).await;
            editor(&text)
        })
    }

    fn take_back(&mut self) -> Result<(), String> {
        self.counts.handed_over.set(false);
        Ok(())
    }

    fn size(&self) -> (u16, u16) {
        let area = self.terminal.backend().buffer().area;
        (area.width, area.height)
    }
}

/// How fast keys are pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    /// After reading the screen: for keys that send.
    Reading,
    /// Faster than anyone reads.
    AtOnce,
}

/// The keyboard.
struct Typed {
    events: mpsc::UnboundedReceiver<(Event, Pace)>,
    next: Option<Event>,
    at: tokio::time::Instant,
}

impl Input for Typed {
    async fn next(&mut self) -> Option<Vec<Event>> {
        if self.next.is_none() {
            let (event, pace) = self.events.recv().await?;
            let reading = Duration::from_millis(if pace == Pace::Reading { 800 } else { 0 });
            self.at = tokio::time::Instant::now() + reading;
            self.next = Some(event);
        }
        tokio::time::sleep_until(self.at).await;
        self.next.take().map(|event| vec![event])
    }

    fn put_aside(&mut self) {}
}

/// A system that sends no signals.
struct Quiet;

impl SignalSource for Quiet {
    async fn next(&mut self) -> Signal {
        std::future::pending().await
    }
}
