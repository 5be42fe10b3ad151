//! Turns bytes into events: a state machine without a clock. The caller passes in the time, and calls again at
//! [`Parser::deadline`].
//!
//! Invariants: a known sequence yields the same event however it is split, as long as no gap exceeds its limit; a
//! terminal string (OSC, DCS, APC, PM, SOS) or an unrequested report yields no event and causes no key to be lost;
//! Ctrl-C is recognized in every state.

use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use super::{
    key::{alt, escapes, key, key_of, with_alt},
    millis,
    paste::{self, Paste, Piece},
    sequence::{self, Meaning},
};

/// How long a lone ESC waits for the rest of its sequence before it counts as the Esc key.
pub const HOLD: Duration = millis(40);
/// How long a lone ESC waits if the terminal is reached over a network.
pub const REMOTE_HOLD: Duration = millis(100);
/// How long an incomplete sequence is kept before it is dropped. Users do not type sequences by hand.
const PARTIAL: Duration = millis(250);
/// How long the parser waits for the rest of an incomplete terminal string.
const STRING: Duration = millis(1_000);
/// The maximum length of a meaningful sequence. A longer one is skipped up to its end.
const LONGEST: usize = 256;
/// The maximum length of a terminal string to ignore, in bytes. A clipboard reported by a terminal takes 100,000.
const LONGEST_STRING: usize = 1 << 20;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const CTRL_C: u8 = 0x03;

/// The properties of the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyboard {
    /// The byte of the Backspace key (VERASE).
    pub erase: u8,
    /// How long a lone ESC waits for the rest of its sequence.
    pub hold: Duration,
}

impl Default for Keyboard {
    fn default() -> Self {
        Self {
            erase: 0x7f,
            hold: HOLD,
        }
    }
}

#[derive(Debug)]
enum State {
    Ground,
    /// The bytes of an incomplete character, and whether an ESC preceded it.
    Character(Vec<u8>, bool),
    /// An ESC; two if the flag is set.
    Escape(bool),
    /// `ESC [` and the bytes after it, and whether another ESC preceded it.
    Csi(Vec<u8>, bool),
    /// `ESC O` and digits, and whether another ESC preceded it.
    Ss3(Vec<u8>, bool),
    /// `ESC [ M` and up to three bytes of a mouse report.
    Mouse(Vec<u8>),
    String(TerminalString),
    Paste(Paste),
}

/// A terminal string, whose contents are discarded.
#[derive(Debug)]
struct TerminalString {
    /// The byte after ESC that started the string.
    introducer: u8,
    length: usize,
    /// Whether the last byte was ESC, which ends the string with or without its `\`.
    escaped: bool,
}

/// The parser's state machine.
#[derive(Debug)]
pub struct Parser {
    keyboard: Keyboard,
    state: State,
    /// When the last byte arrived.
    last: Option<Instant>,
    /// The time until which bytes that look pasted still belong to an abandoned paste, whose end marker never arrived.
    paste_rest: Option<Instant>,
}

impl Parser {
    /// Creates a parser in its initial state.
    #[must_use]
    pub fn new(keyboard: Keyboard) -> Self {
        Self {
            keyboard,
            state: State::Ground,
            last: None,
            paste_rest: None,
        }
    }

    /// Processes bytes that arrived together, and appends their events.
    pub fn advance(&mut self, bytes: &[u8], now: Instant, events: &mut Vec<Event>) {
        let gap = self
            .last
            .map_or(Duration::MAX, |last| now.saturating_duration_since(last));
        self.last = Some(now);
        let rest = self.begin(bytes, gap, now, events);
        self.consume(rest, events);
    }

    /// Returns when [`Self::expire`] must be called unless bytes arrive earlier.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        let wait = match &self.state {
            State::Ground => return None,
            State::Escape(_) => self.keyboard.hold,
            State::String(string) if string.length == 0 || string.escaped => self.keyboard.hold,
            State::String(_) => STRING,
            State::Paste(_) => paste::SILENCE,
            State::Character(..) | State::Csi(..) | State::Ss3(..) | State::Mouse(_) => PARTIAL,
        };
        self.last.map(|last| last + wait)
    }

    /// Gives up waiting for overdue bytes, and appends the events for what was received.
    pub fn expire(&mut self, now: Instant, events: &mut Vec<Event>) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Escape(twice) => escapes(twice, events),
            State::Csi(body, twice) if body.is_empty() => alt(b'[', twice, events),
            State::Ss3(body, twice) if body.is_empty() => alt(b'O', twice, events),
            State::String(TerminalString { escaped: true, .. }) => escapes(false, events),
            State::String(TerminalString {
                length: 0, introducer, ..
            }) => alt(introducer, false, events),
            State::Paste(paste) => {
                self.paste_rest = Some(now + paste::REST);
                push_paste(paste.give_up(), events);
            }
            State::Ground
            | State::Character(..)
            | State::Csi(..)
            | State::Ss3(..)
            | State::Mouse(_)
            | State::String(_) => {}
        }
    }

    /// Ends a paste without an end marker, or collects the rest of an abandoned paste, if the timing of these bytes
    /// calls for it. Returns the remaining bytes.
    fn begin<'a>(&mut self, bytes: &'a [u8], gap: Duration, now: Instant, events: &mut Vec<Event>) -> &'a [u8] {
        if matches!(self.state, State::Paste(_)) && gap >= paste::PAUSE && self.is_typed(bytes) {
            if let State::Paste(paste) = std::mem::replace(&mut self.state, State::Ground) {
                push_paste(paste.give_up(), events);
            }
            self.paste_rest = Some(now + paste::REST);
            return bytes;
        }
        if !matches!(self.state, State::Ground) || self.paste_rest.is_none_or(|until| now > until) {
            return bytes;
        }
        if let Some((text, rest)) = paste::until_end(bytes) {
            self.paste_rest = None;
            push_paste(text.to_vec(), events);
            return rest;
        }
        if paste::is_flood(bytes) {
            self.state = State::Paste(Paste::default());
        }
        bytes
    }

    /// Returns whether these bytes were typed rather than pasted: only Ctrl-C, or the sequence of a single key.
    fn is_typed(&self, bytes: &[u8]) -> bool {
        const LONGEST_KEY: usize = 16;
        if bytes.iter().all(|byte| *byte == CTRL_C) {
            return true;
        }
        if bytes.first() != Some(&ESC) || bytes.len() > LONGEST_KEY {
            return false;
        }
        let (mut probe, mut events) = (Self::new(self.keyboard), Vec::new());
        probe.consume(bytes, &mut events);
        matches!(probe.state, State::Ground) && matches!(events.as_slice(), [Event::Key(_)])
    }

    fn consume(&mut self, mut bytes: &[u8], events: &mut Vec<Event>) {
        while let Some((byte, rest)) = bytes.split_first() {
            if let State::Paste(paste) = &mut self.state {
                let Piece { text, ended, rest } = paste.take(bytes);
                push_paste(text, events);
                if ended {
                    self.paste_rest = None;
                    self.state = State::Ground;
                }
                bytes = rest;
                continue;
            }
            self.take(*byte, events);
            bytes = rest;
        }
    }

    /// Processes one byte outside of a paste. A byte that interrupts a sequence is interpreted on its own.
    fn take(&mut self, byte: u8, events: &mut Vec<Event>) {
        let state = std::mem::replace(&mut self.state, State::Ground);
        self.state = match state {
            State::Ground | State::Paste(_) => self.plain(byte, false, events),
            State::Escape(twice) => self.escaped(byte, twice, events),
            State::Character(bytes, alt) => self.continued(bytes, byte, alt, events),
            State::Csi(body, twice) => self.in_csi(body, byte, twice, events),
            State::Ss3(body, twice) => self.in_ss3(body, byte, twice, events),
            State::Mouse(body) => self.in_mouse(body, byte, events),
            State::String(string) => self.in_string(string, byte, events),
        };
    }

    /// Processes the first byte of a key or a sequence.
    fn plain(&self, byte: u8, alt: bool, events: &mut Vec<Event>) -> State {
        match byte {
            ESC => return State::Escape(false),
            0xc2..=0xf4 => return State::Character(vec![byte], alt),
            // The rest of a character whose start was lost.
            0x80.. => {}
            _ => events.push(key(key_of(byte, self.keyboard.erase), alt)),
        }
        State::Ground
    }

    /// Processes a byte after ESC.
    fn escaped(&self, byte: u8, twice: bool, events: &mut Vec<Event>) -> State {
        match byte {
            ESC if twice => {
                escapes(false, events);
                State::Escape(true)
            }
            ESC => State::Escape(true),
            b'[' => State::Csi(Vec::new(), twice),
            b'O' => State::Ss3(Vec::new(), twice),
            CTRL_C => {
                escapes(twice, events);
                self.plain(byte, false, events)
            }
            _ => {
                if twice {
                    escapes(false, events);
                }
                match byte {
                    b']' | b'P' | b'_' | b'^' | b'X' => State::String(TerminalString {
                        introducer: byte,
                        length: 0,
                        escaped: false,
                    }),
                    _ => self.plain(byte, true, events),
                }
            }
        }
    }

    fn continued(&self, mut bytes: Vec<u8>, byte: u8, alt: bool, events: &mut Vec<Event>) -> State {
        if !(0x80..0xc0).contains(&byte) {
            return self.plain(byte, false, events);
        }
        bytes.push(byte);
        match std::str::from_utf8(&bytes) {
            Ok(text) => events.extend(text.chars().map(|character| {
                let event = KeyEvent::new(KeyCode::Char(character), KeyModifiers::NONE);
                key(event, alt)
            })),
            // The character is valid so far, but incomplete.
            Err(error) if error.error_len().is_none() => return State::Character(bytes, alt),
            Err(_) => {}
        }
        State::Ground
    }

    fn in_csi(&self, mut body: Vec<u8>, byte: u8, twice: bool, events: &mut Vec<Event>) -> State {
        match byte {
            // The Linux console starts its function keys with a second bracket.
            b'[' if body.is_empty() => {}
            b'M' if body.is_empty() => {
                if twice {
                    escapes(false, events);
                }
                return State::Mouse(Vec::new());
            }
            b' '..=b'?' => {}
            b'@'..=b'~' => {
                body.push(byte);
                let meaning = if body.len() > LONGEST {
                    Meaning::Nothing
                } else {
                    sequence::csi(&body)
                };
                return whole(meaning, twice, events);
            }
            // This byte cannot be part of a sequence, so the sequence was interrupted.
            _ => return self.plain(byte, false, events),
        }
        if body.len() < LONGEST {
            body.push(byte);
        }
        State::Csi(body, twice)
    }

    fn in_ss3(&self, mut body: Vec<u8>, byte: u8, twice: bool, events: &mut Vec<Event>) -> State {
        if byte.is_ascii_digit() && body.len() < LONGEST {
            body.push(byte);
            return State::Ss3(body, twice);
        }
        body.push(byte);
        match sequence::ss3(&body) {
            Meaning::Nothing if body.len() == 1 => {
                // There is no such key, so this was Alt-O followed by another key.
                alt(b'O', twice, events);
                self.plain(byte, false, events)
            }
            meaning => whole(meaning, twice, events),
        }
    }

    fn in_mouse(&self, mut body: Vec<u8>, byte: u8, events: &mut Vec<Event>) -> State {
        if byte < b' ' {
            return self.plain(byte, false, events);
        }
        body.push(byte);
        match body.as_slice() {
            [button, column, row] => whole(sequence::x10(*button, *column, *row), false, events),
            _ => State::Mouse(body),
        }
    }

    fn in_string(&self, mut string: TerminalString, byte: u8, events: &mut Vec<Event>) -> State {
        match byte {
            b'\\' if string.escaped => State::Ground,
            _ if string.escaped => self.escaped(byte, false, events),
            ESC => {
                string.escaped = true;
                State::String(string)
            }
            // BEL, which some terminals use to end a string, and the bytes that cancel one.
            BEL | 0x18 | 0x1a => State::Ground,
            CTRL_C => self.plain(byte, false, events),
            _ if string.length >= LONGEST_STRING => State::Ground,
            _ => {
                string.length += 1;
                State::String(string)
            }
        }
    }
}

/// Returns the state after a complete sequence. An extra ESC before a key means Alt, as some terminals send it; before
/// anything else, it was the Esc key.
fn whole(meaning: Meaning, twice: bool, events: &mut Vec<Event>) -> State {
    match meaning {
        Meaning::Events(found) => {
            if twice && !found.iter().all(|event| matches!(event, Event::Key(_))) {
                escapes(false, events);
                events.extend(found);
            } else {
                events.extend(found.into_iter().map(|event| with_alt(event, twice)));
            }
            return State::Ground;
        }
        Meaning::PasteBegins | Meaning::Nothing if twice => escapes(false, events),
        Meaning::PasteBegins | Meaning::Nothing => {}
    }
    if matches!(meaning, Meaning::PasteBegins) {
        State::Paste(Paste::default())
    } else {
        State::Ground
    }
}

fn push_paste(text: Vec<u8>, events: &mut Vec<Event>) {
    if !text.is_empty() {
        events.push(Event::Paste(paste::text(text)));
    }
}
