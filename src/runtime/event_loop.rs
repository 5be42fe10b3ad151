//! The loop: everything that happened, then one frame. It decides nothing.

use std::io;
use std::pin::Pin;

use chrono::{DateTime, Utc};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use tokio::sync::mpsc::UnboundedReceiver;

use super::effects::{Effects, entropy};
use super::signals::Signal;
use crate::app::key::{Code, Key};
use crate::app::message::Message;
use crate::app::model::Model;
use crate::app::pointer::Hits;
use crate::app::update::update;
use crate::domain::failure::Failure;
use crate::domain::submission::Scope;
use crate::engine::effect::{Announcement, Context, CopiedBy, Effect, Reply, RequestId};

/// Where frames go, and what else only a terminal can do. The real one is the guard; tests have their own.
pub trait Surface {
    /// Draws one frame.
    ///
    /// # Errors
    /// What the system says of the write.
    fn draw(&mut self, view: &mut dyn FnMut(&mut Frame)) -> io::Result<()>;
    /// Puts text on the clipboard.
    fn copy(&mut self, text: String) -> Copying;
    /// Sets the title, or tells that something is done.
    ///
    /// # Errors
    /// What the system says of the write.
    fn notify(&mut self, notice: &Announcement) -> io::Result<()>;
    /// Asks for reports of the mouse, or for none.
    ///
    /// # Errors
    /// What the system says of the write.
    fn set_mouse(&mut self, on: bool) -> io::Result<()>;
    /// Stops the program as Ctrl-Z does; returns when it goes on.
    ///
    /// # Errors
    /// What the system says.
    fn suspend(&mut self) -> io::Result<()>;
    /// Puts the terminal right after somebody else's stop and go.
    ///
    /// # Errors
    /// What the system says.
    fn resume(&mut self) -> io::Result<()>;
    /// Makes the next frame write every cell.
    ///
    /// # Errors
    /// What the system says.
    fn repaint(&mut self) -> io::Result<()>;
    /// Lends the terminal to another program. Until it is taken back nothing is drawn and no key is read.
    fn lend(&mut self);
    /// The person's editor on this text; the terminal is lent to it.
    fn edit(&mut self, text: String) -> Edited;
    /// Takes the terminal back once the other program has ended.
    ///
    /// # Errors
    /// A sentence for a person.
    fn take_back(&mut self) -> Result<(), String>;
    /// Columns and rows.
    fn size(&self) -> (u16, u16);
}

/// Who will have taken a copied text, or a sentence for a person why nobody did.
pub type Copying = Pin<Box<dyn Future<Output = Result<CopiedBy, String>> + Send>>;

/// Who we will be, or why nobody.
pub type LoggingIn = Pin<Box<dyn Future<Output = Result<Scope, Failure>> + Send>>;

/// What an editor will have made of a text, or a sentence for a person: then the text is as it was.
pub type Edited = Pin<Box<dyn Future<Output = Result<String, String>>>>;

/// Whom the terminal is lent to, and what will have come of it.
pub enum Lent {
    /// An editor, for this request.
    Editor(RequestId, Edited),
    /// Whatever logs in, for this request.
    LogIn(RequestId, LoggingIn),
}

/// Where keys come from. It can be put aside while another program has the terminal.
pub trait Input {
    /// The next events, at least one; `None` when there will be no more.
    fn next(&mut self) -> impl Future<Output = Option<Vec<Event>>>;
    /// Lets go of the terminal's input until the next call of `next`.
    fn put_aside(&mut self);
}

/// Signals, or what stands for them in a test.
pub trait Told {
    /// The next signal.
    fn next(&mut self) -> impl Future<Output = Signal>;
    /// The signal to end was heard, and the core is at it: that takes a moment.
    fn heard(&mut self) {}
}

/// Draws the model and says what lies where; the view and its memory.
pub type Draw<'a> = &'a mut dyn FnMut(&Model, &mut Frame) -> Hits;

/// Tells the time of a message. Real, or that of a test.
pub type Clock = Box<dyn Fn() -> DateTime<Utc>>;

/// The loop and everything it needs.
pub struct EventLoop<'a, S, I, T> {
    /// Where frames go.
    pub surface: S,
    /// Where keys come from.
    pub input: I,
    /// What the system tells.
    pub told: T,
    /// Where answers come from.
    pub replies: UnboundedReceiver<Message>,
    /// Who carries effects out.
    pub effects: Effects,
    /// Everything known.
    pub model: Model,
    /// How it is drawn.
    pub draw: Draw<'a>,
    /// What lies where in the last frame.
    pub hits: Hits,
    /// The time.
    pub clock: Clock,
    /// Who has the terminal, where it is lent.
    pub lent: Option<Lent>,
    /// What is over, on the way to the end.
    pub over: Over,
}

/// What is over, on the way to the end.
#[derive(Debug, Default)]
pub struct Over {
    /// The system told the program to end; it may say so more than once and means one end.
    told: bool,
    /// There are no more keys.
    keys: bool,
    /// The terminal can no longer be drawn on: why.
    terminal: Option<io::Error>,
}

impl<S, I, T> std::fmt::Debug for EventLoop<'_, S, I, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventLoop")
            .field("screen", &self.model.screen().name())
            .finish_non_exhaustive()
    }
}

/// The exit code when the terminal fails; the error is told instead.
const FAILED: u8 = 1;

/// What woke the loop.
enum Woken {
    Signal(Signal),
    Reply(Option<Message>),
    TakenBack(Box<Reply>),
    Events(Option<Vec<Event>>),
}

/// What came of the loan, if there is one.
async fn end_of(lent: &mut Option<Lent>) -> Woken {
    Woken::TakenBack(Box::new(match lent {
        Some(Lent::Editor(request, edited)) => Reply::Edited {
            request: *request,
            result: edited.as_mut().await,
        },
        Some(Lent::LogIn(request, logging_in)) => Reply::Connected {
            request: *request,
            result: logging_in.as_mut().await,
        },
        None => std::future::pending().await,
    }))
}

impl<S: Surface, I: Input, T: Told> EventLoop<'_, S, I, T> {
    /// Runs until the program ends; returns its exit code. The first frame is drawn before anything else happens.
    ///
    /// # Errors
    /// What the terminal says, when it can no longer be drawn on. What was to be saved is saved all the same.
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
            // Signals first, then answers, then keys: a flood of one kind ends, and everything pending is taken before a frame.
            let woken = tokio::select! {
                biased;
                signal = self.told.next() => Woken::Signal(signal),
                reply = self.replies.recv() => Woken::Reply(reply),
                ended = end_of(&mut self.lent) => ended,
                events = self.input.next(), if self.lent.is_none() && !self.over.keys => Woken::Events(events),
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

    /// Goes on without the terminal when it failed: the program ends, but not before all is saved.
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
            // Whoever carries effects out can always answer: this is never the case.
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
                self.lent = None;
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
        // A click is for what is seen: what the keys before it changed is drawn first.
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
            self.told.heard();
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

    /// Takes one message; returns the exit code when it ends the program.
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
                // Whatever the terminal says: what is asked of the ledger is carried out.
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
                self.lent = Some(Lent::Editor(request, self.surface.edit(text)));
            }
            Some(Effect::LogIn { request, profile }) => {
                self.lend();
                self.lent = Some(Lent::LogIn(request, self.effects.log_in(request, profile)));
            }
            Some(Effect::Repaint) => self.surface.repaint()?,
            Some(Effect::Notify(notice)) => self.surface.notify(&notice)?,
            Some(Effect::Mouse(on)) => self.surface.set_mouse(on)?,
            Some(Effect::Suspend) => {
                self.suspend()?;
                return self.take(Message::Resumed);
            }
            Some(Effect::Quit(code)) => return Ok(Some(code)),
            // The others need no terminal: they were carried out.
            Some(_) | None => {}
        }
        Ok(None)
    }

    fn lend(&mut self) {
        self.input.put_aside();
        self.surface.lend();
    }

    /// Draws, if what is seen may have changed and the terminal is ours.
    fn frame(&mut self) -> Option<u8> {
        let blind = self.lent.is_some() || self.over.terminal.is_some();
        if blind || !std::mem::take(&mut self.model.engine.dirty) {
            return None;
        }
        super::terminal::crash::set_screen(self.model.screen().name());
        let (model, draw, hits) = (&self.model, &mut self.draw, &mut self.hits);
        let drawn = self.surface.draw(&mut |frame| *hits = draw(model, frame));
        self.bear(drawn.map(|()| None))
    }
}

/// What came of an edit is not known where the terminal could not be taken back after it.
fn without_terminal(reply: Reply, taken: Result<(), String>) -> Reply {
    match (reply, taken) {
        (Reply::Edited { request, .. }, Err(sentence)) => Reply::Edited {
            request,
            result: Err(sentence),
        },
        (reply, _) => reply,
    }
}

fn exit_code(code: i32) -> u8 {
    u8::try_from(code).unwrap_or(1)
}

/// What an event of the terminal means to the core, with this on the screen; key releases mean nothing.
#[must_use]
pub fn message_of(event: Event, hits: &Hits) -> Option<Message> {
    match event {
        Event::Key(key) => key_of(key).map(Message::Key),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(width, height) => Some(Message::Resize(width, height)),
        Event::FocusGained => Some(Message::Focus(true)),
        Event::FocusLost => Some(Message::Focus(false)),
        Event::Mouse(event) => of_mouse(event, hits),
    }
}

/// The left button alone clicks, and only without a modifier: with one the terminal or a person means something else.
fn of_mouse(event: MouseEvent, hits: &Hits) -> Option<Message> {
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) if event.modifiers.is_empty() => {
            Some(Message::Click(hits.at(event.column, event.row)))
        }
        MouseEventKind::ScrollUp => Some(Message::Wheel(-1)),
        MouseEventKind::ScrollDown => Some(Message::Wheel(1)),
        _ => None,
    }
}

fn key_of(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let code = match event.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab | KeyCode::BackTab => Code::Tab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(number) => Code::F(number),
        _ => return None,
    };
    let held = |modifier| event.modifiers.contains(modifier);
    Some(Key::new(
        code,
        held(KeyModifiers::CONTROL),
        held(KeyModifiers::ALT),
        held(KeyModifiers::SHIFT),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_and_releases_are_not_heard() {
        let event = |code, modifiers| KeyEvent::new(code, modifiers);
        assert_eq!(key_of(event(KeyCode::Char('?'), KeyModifiers::SHIFT)), "?".parse().ok());
        assert_eq!(
            key_of(event(KeyCode::Char('s'), KeyModifiers::CONTROL)),
            "ctrl-s".parse().ok()
        );
        assert_eq!(
            key_of(event(KeyCode::BackTab, KeyModifiers::SHIFT)),
            "shift-tab".parse().ok()
        );
        let release = KeyEvent::new_with_kind(KeyCode::Enter, KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(key_of(release), None);
    }
}
