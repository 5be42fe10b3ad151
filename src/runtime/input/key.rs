//! Converts single bytes to keys.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

/// Returns the key of a byte that is not part of a sequence.
pub(super) fn key_of(byte: u8, erase: u8) -> KeyEvent {
    let code = match byte {
        // The terminal's Backspace byte, unless treating it as Backspace would make another key impossible to type.
        _ if byte == erase && byte < b' ' && !b"\t\r\x1b\x03".contains(&byte) => KeyCode::Backspace,
        0x7f => KeyCode::Backspace,
        b'\r' => KeyCode::Enter,
        b'\t' => KeyCode::Tab,
        b' '.. => KeyCode::Char(char::from(byte)),
        0 => return control(' '),
        0x1c..=0x1f => return control(char::from(byte - 0x1c + b'4')),
        _ => return control(char::from(byte - 1 + b'a')),
    };
    KeyEvent::new(code, KeyModifiers::NONE)
}

pub(super) fn with_alt(event: Event, alt: bool) -> Event {
    match event {
        Event::Key(event) => key(event, alt),
        other => other,
    }
}

pub(super) fn key(mut event: KeyEvent, alt: bool) -> Event {
    if alt {
        event.modifiers |= KeyModifiers::ALT;
    }
    Event::Key(event)
}

fn control(character: char) -> KeyEvent {
    KeyEvent::new(KeyCode::Char(character), KeyModifiers::CONTROL)
}

/// Appends the Esc key, once or twice.
pub(super) fn escapes(twice: bool, events: &mut Vec<Event>) {
    for _ in 0..=usize::from(twice) {
        events.push(Event::Key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE)));
    }
}

/// Appends an Alt key combination that looked like the start of a sequence.
pub(super) fn alt(byte: u8, twice: bool, events: &mut Vec<Event>) {
    if twice {
        escapes(false, events);
    }
    let code = KeyCode::Char(char::from(byte));
    events.push(Event::Key(KeyEvent::new(code, KeyModifiers::ALT)));
}
