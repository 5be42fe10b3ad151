//! The event loop: handles everything pending, then draws one frame. It contains no policy.

mod events;
mod handed_over;

use std::io;
use std::pin::Pin;

use chrono::{DateTime, Utc};
use crossterm::event::Event;
use ratatui::Frame;
use tokio::sync::mpsc::UnboundedReceiver;

use super::effects::{Effects, entropy};
use super::signals::Signal;
use crate::app::message::Message;
use crate::app::model::Model;
use crate::app::pointer::Hits;
use crate::app::update::update;
use crate::engine::effect::{Announcement, Context, CopiedBy, Effect, Reply};

pub use events::message_of;
pub use handed_over::{Edited, HandedOver, LoggingIn};
use handed_over::{end_of, without_terminal};

/// The terminal as the event loop uses it, for frames and everything else that needs a terminal. The real
/// implementation wraps the guard; tests use their own.
pub trait Surface {
    /// Draws one frame.
    ///
    /// # Errors
    /// If the write fails.
    fn draw(&mut self, view: &mut dyn FnMut(&mut Frame)) -> io::Result<()>;
    /// Copies text to the clipboard.
    fn copy(&mut self, text: String) -> Copying;
    /// Sets the title, or sends a notification.
    ///
    /// # Errors
    /// If the write fails.
    fn notify(&mut self, notice: &Announcement) -> io::Result<()>;
    /// Turns mouse reporting on or off.
    ///
    /// # Errors
    /// If the write fails.
    fn set_mouse(&mut self, on: bool) -> io::Result<()>;
    /// Suspends the program as Ctrl-Z does; returns when it continues.
    ///
    /// # Errors
    /// If the system reports an error.
    fn suspend(&mut self) -> io::Result<()>;
    /// Restores the terminal's modes after another process has stopped and continued this one.
    ///
    /// # Errors
    /// If the system reports an error.
    fn resume(&mut self) -> io::Result<()>;
    /// Makes the next frame write every cell.
    ///
    /// # Errors
    /// If the system reports an error.
    fn repaint(&mut self) -> io::Result<()>;
    /// Hands the terminal over to another program. Until it is taken back, nothing is drawn and no keys are read.
    fn lend(&mut self);
    /// Opens this text in the user's editor. The terminal must already be handed over.
    fn edit(&mut self, text: String) -> Edited;
    /// Takes the terminal back after the other program has exited.
    ///
    /// # Errors
    /// A sentence explaining why the terminal could not be taken back.
    fn take_back(&mut self) -> Result<(), String>;
    /// Returns the size in columns and rows.
    fn size(&self) -> (u16, u16);
}

/// A future that returns where the text was copied, or a sentence for the user explaining why it was not copied.
pub type Copying = Pin<Box<dyn Future<Output = Result<CopiedBy, String>> + Send>>;

/// The keyboard input. It can be released while another program has the terminal.
pub trait Input {
    /// Waits for the next events and returns at least one; `None` if no more will come.
    fn next(&mut self) -> impl Future<Output = Option<Vec<Event>>>;
    /// Releases the terminal's input until `next` is called again.
    fn put_aside(&mut self);
}

/// The source of signals, or a replacement for it in tests.
pub trait SignalSource {
    /// Returns the next signal.
    fn next(&mut self) -> impl Future<Output = Signal>;
    /// Confirms that the request to exit was received and the core is exiting, which takes a moment.
    fn heard(&mut self) {}
}

/// A function that draws the model and returns the clickable areas. It wraps the view and the view's memory.
pub type Draw<'a> = &'a mut dyn FnMut(&Model, &mut Frame) -> Hits;

/// A function that returns the current time for a message: the real time, or a test's.
pub type Clock = Box<dyn Fn() -> DateTime<Utc>>;

/// The event loop with everything it needs.
pub struct EventLoop<'a, S, I, T> {
    /// The terminal.
    pub surface: S,
    /// The keyboard input.
    pub input: I,
    /// The signals.
    pub signals: T,
    /// The channel of replies.
    pub replies: UnboundedReceiver<Message>,
    /// The effects.
    pub effects: Effects,
    /// The model.
    pub model: Model,
    /// The function that draws the model.
    pub draw: Draw<'a>,
    /// The clickable areas of the last frame.
    pub hits: Hits,
    /// The clock.
    pub clock: Clock,
    /// The program that has the terminal, if it is handed over.
    pub handed_over: Option<HandedOver>,
    /// What has already ended during the exit.
    pub over: Over,
}

/// The parts that have already ended during the exit.
#[derive(Debug, Default)]
pub struct Over {
    /// Whether a signal has requested the exit; repeated signals cause only one exit.
    told: bool,
    /// Whether keyboard input has ended.
    keys: bool,
    /// The error that made the terminal unusable, if any.
    terminal: Option<io::Error>,
}

impl<S, I, T> std::fmt::Debug for EventLoop<'_, S, I, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventLoop")
            .field("screen", &self.model.screen().name())
            .finish_non_exhaustive()
    }
}

/// The exit code passed to the core if the terminal fails. The caller gets the error instead.
const FAILED: u8 = 1;

/// The event that woke the loop.
enum Woken {
    Signal(Signal),
    Reply(Option<Message>),
    TakenBack(Box<Reply>),
    Events(Option<Vec<Event>>),
    /// The frame has been drawn, and no other event is pending.
    Seen,
}

impl<S: Surface, I: Input, T: SignalSource> EventLoop<'_, S, I, T> {
    /// Runs until the program exits and returns its exit code. The first frame is drawn before anything else happens.
    ///
    /// # Errors
    /// If drawing on the terminal fails. Pending changes are saved anyway.
    pub async fn run(&mut self) -> io::Result<u8> {
        let code = self.run_to_the_end().await;
        self.over.terminal.take().map_or(Ok(code), Err)
    }

    async fn run_to_the_end(&mut self) -> u8 {
        self.model.size = self.surface.size();
        if let Some(code) = self.frame().or_else(|| self.start()) {
            return code;
        }
        loop {
            if let Some(code) = self.frame() {
                return code;
            }
            // Signals come first, then replies, then keys, so that a flood of one kind cannot block the others.
            // Everything pending is handled before a frame.
            let woken = tokio::select! {
                biased;
                signal = self.signals.next() => Woken::Signal(signal),
                reply = self.replies.recv() => Woken::Reply(reply),
                reply = end_of(&mut self.handed_over) => Woken::TakenBack(Box::new(reply)),
                events = self.input.next(), if self.handed_over.is_none() && !self.over.keys => Woken::Events(events),
                // By now, keys typed before the frame have been handled.
                () = std::future::ready(()), if self.shows_what_sends() => Woken::Seen,
            };
            let outcome = self.wake(woken);
            if let Some(code) = self.bear(outcome) {
                return code;
            }
        }
    }

    fn start(&mut self) -> Option<u8> {
        let outcome = self.take(Message::Start);
        self.bear(outcome)
    }

    /// Handles an outcome. After a terminal failure, the program continues without the terminal until everything is
    /// saved.
    fn bear(&mut self, outcome: io::Result<Option<u8>>) -> Option<u8> {
        let error = match outcome {
            Ok(code) => return code,
            Err(error) => error,
        };
        let is_first = self.over.terminal.is_none();
        self.over.terminal.get_or_insert(error);
        if is_first {
            let outcome = self.take(Message::End(FAILED));
            return self.bear(outcome);
        }
        None
    }

    fn wake(&mut self, woken: Woken) -> io::Result<Option<u8>> {
        match woken {
            Woken::Signal(signal) => self.on_signal(signal),
            Woken::Seen => self.take(Message::Seen),
            // The effects can always send replies, so this never happens.
            Woken::Reply(None) => Ok(Some(exit_code(super::signals::HANGUP_EXIT_CODE))),
            Woken::Events(None) => {
                self.over.keys = true;
                self.take(Message::End(exit_code(super::signals::HANGUP_EXIT_CODE)))
            }
            Woken::Reply(Some(message)) => {
                if let Some(code) = self.take(message)? {
                    return Ok(Some(code));
                }
                while let Ok(message) = self.replies.try_recv() {
                    if let Some(code) = self.take(message)? {
                        return Ok(Some(code));
                    }
                }
                Ok(None)
            }
            Woken::TakenBack(reply) => {
                self.handed_over = None;
                let taken = self.surface.take_back();
                self.take(Message::Reply(Box::new(without_terminal(*reply, taken))))
            }
            Woken::Events(Some(events)) => {
                for event in events {
                    if let Some(code) = self.on_event(event)? {
                        return Ok(Some(code));
                    }
                }
                Ok(None)
            }
        }
    }

    fn on_event(&mut self, event: Event) -> io::Result<Option<u8>> {
        // A click refers to what is visible, so the effect of earlier keys is drawn first.
        if matches!(event, Event::Mouse(_))
            && let Some(code) = self.frame()
        {
            return Ok(Some(code));
        }
        match message_of(event, &self.hits) {
            Some(message) => self.take(message),
            None => Ok(None),
        }
    }

    fn on_signal(&mut self, signal: Signal) -> io::Result<Option<u8>> {
        if let Some(code) = signal.exit_code() {
            self.signals.heard();
            return if std::mem::replace(&mut self.over.told, true) {
                Ok(None)
            } else {
                self.take(Message::End(exit_code(code)))
            };
        }
        if signal == Signal::Resized {
            let (width, height) = self.surface.size();
            return self.take(Message::Resize(width, height));
        }
        if signal == Signal::Suspend {
            self.suspend()?;
        } else {
            self.surface.resume()?;
        }
        self.take(Message::Resumed)
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.input.put_aside();
        self.surface.suspend()
    }

    /// Handles one message; returns the exit code if the program exits because of it.
    fn take(&mut self, message: Message) -> io::Result<Option<u8>> {
        let context = Context {
            now: (self.clock)(),
            entropy: entropy(),
        };
        let effects = update(&mut self.model, message, &context);
        let mut failed = None;
        for effect in effects {
            match self.carry_out(effect, context.now) {
                Ok(None) => {}
                Ok(code) => return Ok(code),
                // Ledger requests are carried out even if the terminal fails.
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(None), Err)
    }

    fn carry_out(&mut self, effect: Effect, now: DateTime<Utc>) -> io::Result<Option<u8>> {
        match self.effects.carry_out(effect, now) {
            Some(Effect::Copy { text, name }) => self.effects.copied(name, self.surface.copy(text)),
            Some(Effect::EditText { request, text }) => {
                self.lend();
                self.handed_over = Some(HandedOver::Editor(request, self.surface.edit(text)));
            }
            Some(Effect::LogIn { request, profile }) => {
                self.lend();
                self.handed_over = Some(HandedOver::LogIn(request, self.effects.log_in(request, profile)));
            }
            Some(Effect::Repaint) => self.surface.repaint()?,
            Some(Effect::Notify(notice)) => self.surface.notify(&notice)?,
            Some(Effect::Mouse(on)) => self.surface.set_mouse(on)?,
            Some(Effect::Suspend) => {
                self.suspend()?;
                return self.take(Message::Resumed);
            }
            Some(Effect::Quit(code)) => return Ok(Some(code)),
            // All other effects need no terminal and have already been carried out.
            Some(_) | None => {}
        }
        Ok(None)
    }

    fn lend(&mut self) {
        self.input.put_aside();
        self.surface.lend();
    }

    /// Returns whether the screen is not visible, because another program has the terminal or drawing has failed.
    fn is_blind(&self) -> bool {
        self.handed_over.is_some() || self.over.terminal.is_some()
    }

    /// Returns whether an overlay that can send has been drawn but the core does not know yet that it is visible.
    fn shows_what_sends(&self) -> bool {
        !self.is_blind() && self.model.overlays.wait_to_be_seen()
    }

    /// Draws a frame if the visible contents may have changed and this program has the terminal.
    fn frame(&mut self) -> Option<u8> {
        if self.is_blind() || !std::mem::take(&mut self.model.engine.dirty) {
            return None;
        }
        super::terminal::crash::set_screen(self.model.screen().name());
        let (model, draw, hits) = (&self.model, &mut self.draw, &mut self.hits);
        let drawn = self.surface.draw(&mut |frame| *hits = draw(model, frame));
        self.bear(drawn.map(|()| None))
    }
}

fn exit_code(code: i32) -> u8 {
    u8::try_from(code).unwrap_or(1)
}
