//! The meaning of complete sequences. Sequences that are not in these tables are ignored, because an unrequested
//! report is not a key.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

/// The meaning of a sequence.
#[derive(Debug, PartialEq)]
pub(super) enum Meaning {
    Events(Vec<Event>),
    PasteBegins,
    Nothing,
}

/// Interprets `ESC [` followed by these bytes, including the final byte.
pub(super) fn csi(body: &[u8]) -> Meaning {
    let Some((last, parameters)) = body.split_last() else {
        return Meaning::Nothing;
    };
    match (parameters, last) {
        ([b'<', report @ ..], b'M' | b'm') => mouse_report(report, 0, *last == b'm'),
        ([b'['], b'A'..=b'E') => press(KeyCode::F(last - b'A' + 1), KeyModifiers::NONE),
        ([], b'I') => Meaning::Events(vec![Event::FocusGained]),
        ([], b'O') => Meaning::Events(vec![Event::FocusLost]),
        // Private parameters and intermediate bytes belong to reports.
        _ if parameters.iter().any(|byte| !matches!(byte, b'0'..=b';')) => Meaning::Nothing,
        (_, b'M') => mouse_report(parameters, 32, false),
        _ => numbered(&Numbers::of(parameters), *last),
    }
}

/// Interprets `ESC O` followed by these bytes, including the final byte.
pub(super) fn ss3(body: &[u8]) -> Meaning {
    let Some((last, parameters)) = body.split_last() else {
        return Meaning::Nothing;
    };
    let modifiers = Numbers::of(parameters).get(0).map_or(KeyModifiers::NONE, modifiers);
    let code = match last {
        b'M' => KeyCode::Enter,
        b'X' => KeyCode::Char('='),
        // The number pad in application mode.
        b'j'..=b'y' => KeyCode::Char(char::from(last - b'j' + b'*')),
        // rxvt's arrow keys with Ctrl.
        b'a'..=b'd' => return press(letter(last.to_ascii_uppercase()), KeyModifiers::CONTROL),
        _ => letter(*last),
    };
    press(code, modifiers)
}

/// Interprets a mouse report in the oldest format: three bytes, each with 32 added to its value.
pub(super) fn x10(button: u8, column: u8, row: u8) -> Meaning {
    let value = |byte: u8| u16::from(byte.saturating_sub(b' '));
    mouse(value(button), value(column), value(row), false)
}

/// The parameters of a sequence, each split into its colon-separated subparameters.
struct Numbers(Vec<Vec<Option<u32>>>);

impl Numbers {
    fn of(parameters: &[u8]) -> Self {
        let number = |part: &[u8]| std::str::from_utf8(part).ok()?.parse().ok();
        Self(
            parameters
                .split(|byte| *byte == b';')
                .map(|parameter| parameter.split(|byte| *byte == b':').map(number).collect())
                .collect(),
        )
    }

    fn part(&self, index: usize, part: usize) -> Option<u32> {
        self.0.get(index)?.get(part).copied().flatten()
    }

    fn get(&self, index: usize) -> Option<u32> {
        self.part(index, 0)
    }

    /// Returns the modifiers from the second parameter, if present.
    fn modifiers(&self) -> KeyModifiers {
        self.get(1).map_or(KeyModifiers::NONE, modifiers)
    }

    fn is_release(&self) -> bool {
        self.part(1, 1) == Some(3)
    }
}

fn modifiers(number: u32) -> KeyModifiers {
    let bits = number.saturating_sub(1);
    [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
        (8, KeyModifiers::SUPER),
        (16, KeyModifiers::HYPER),
        (32, KeyModifiers::META),
    ]
    .into_iter()
    .filter(|(bit, _)| bits & bit != 0)
    .fold(KeyModifiers::NONE, |all, (_, modifier)| all | modifier)
}

fn numbered(numbers: &Numbers, last: u8) -> Meaning {
    match last {
        b'~' => tilde(numbers),
        // rxvt's keys with Ctrl.
        b'^' => press(vt_key(numbers.get(0)), KeyModifiers::CONTROL),
        b'u' => unicode(numbers),
        b'Z' => press(KeyCode::BackTab, KeyModifiers::SHIFT | numbers.modifiers()),
        // With numbers, this is a cursor position report.
        b'R' if numbers.get(0).is_some() => Meaning::Nothing,
        b'a'..=b'd' => press(letter(last.to_ascii_uppercase()), KeyModifiers::SHIFT),
        // A first number other than 1 means a report or a request, not a key.
        _ if numbers.get(0).is_some_and(|first| first != 1) => Meaning::Nothing,
        _ if numbers.is_release() => Meaning::Nothing,
        _ => press(letter(last), numbers.modifiers()),
    }
}

fn tilde(numbers: &Numbers) -> Meaning {
    match (numbers.get(0), numbers.get(2)) {
        (Some(200), _) => Meaning::PasteBegins,
        // The modifyOtherKeys format.
        (Some(27), Some(code)) => character(code, numbers.modifiers()),
        _ if numbers.is_release() => Meaning::Nothing,
        (number, _) => press(vt_key(number), numbers.modifiers()),
    }
}

/// Interprets a key in the kitty keyboard protocol.
fn unicode(numbers: &Numbers) -> Meaning {
    if numbers.is_release() {
        return Meaning::Nothing;
    }
    let modifiers = numbers.modifiers();
    let command = modifiers.difference(KeyModifiers::SHIFT);
    if command.is_empty()
        && let Some(text) = typed(numbers)
    {
        return text;
    }
    let shifted = numbers.part(0, 1).filter(|_| modifiers.contains(KeyModifiers::SHIFT));
    match shifted.or(numbers.get(0)) {
        Some(code) => character(code, modifiers),
        None => Meaning::Nothing,
    }
}

/// Returns the characters that a key typed, if the terminal reports them.
fn typed(numbers: &Numbers) -> Option<Meaning> {
    let codes = numbers.0.get(2)?;
    let characters: Option<Vec<char>> = codes.iter().map(|code| char::from_u32((*code)?)).collect();
    let characters = characters.filter(|found| !found.is_empty() && !found.iter().any(|c| c.is_control()))?;
    let key = |character| Event::Key(KeyEvent::new(KeyCode::Char(character), KeyModifiers::NONE));
    Some(Meaning::Events(characters.into_iter().map(key).collect()))
}

/// Interprets a key's character code, or its key code if the key has no character.
fn character(code: u32, modifiers: KeyModifiers) -> Meaning {
    let code = match code {
        27 => KeyCode::Esc,
        13 | 57414 => KeyCode::Enter,
        9 if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        9 => KeyCode::Tab,
        8 | 127 => KeyCode::Backspace,
        57376..=57398 => KeyCode::F(u8::try_from(code - 57376 + 13).unwrap_or(u8::MAX)),
        57399..=57408 => char::from_digit(code - 57399, 10).map_or(KeyCode::Null, KeyCode::Char),
        57409..=57413 => KeyCode::Char(['.', '/', '*', '-', '+'][(code - 57409) as usize]),
        57415 => KeyCode::Char('='),
        57417..=57426 => PAD[(code - 57417) as usize],
        // The other keys without a character: lock keys, media keys, modifiers alone.
        57344..=63743 => KeyCode::Null,
        _ => match char::from_u32(code) {
            Some(character) if !character.is_control() => KeyCode::Char(character),
            _ => KeyCode::Null,
        },
    };
    press(code, modifiers)
}

/// The keys of the number pad when Num Lock is off, in the order of kitty's codes.
const PAD: [KeyCode; 10] = [
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::Insert,
    KeyCode::Delete,
];

/// Returns the key of a sequence that ends with a letter.
fn letter(last: u8) -> KeyCode {
    match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P'..=b'S' => KeyCode::F(last - b'P' + 1),
        _ => KeyCode::Null,
    }
}

/// Returns the key of a sequence that ends with a tilde.
fn vt_key(number: Option<u32>) -> KeyCode {
    let number = number.and_then(|number| u8::try_from(number).ok()).unwrap_or(0);
    match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number - 10),
        17..=21 => KeyCode::F(number - 11),
        23..=26 => KeyCode::F(number - 12),
        28 | 29 => KeyCode::F(number - 13),
        31..=34 => KeyCode::F(number - 14),
        _ => KeyCode::Null,
    }
}

fn press(code: KeyCode, modifiers: KeyModifiers) -> Meaning {
    if code == KeyCode::Null {
        Meaning::Nothing
    } else {
        Meaning::Events(vec![Event::Key(KeyEvent::new(code, modifiers))])
    }
}

/// Interprets a mouse report with decimal numbers. `above` is the offset that its format adds to the button number:
/// 32 for rxvt.
fn mouse_report(report: &[u8], above: u16, released: bool) -> Meaning {
    let numbers = Numbers::of(report);
    let number = |index| numbers.get(index).and_then(|number| u16::try_from(number).ok());
    let button = number(0).and_then(|button| button.checked_sub(above));
    match (button, number(1), number(2)) {
        (Some(button), Some(column), Some(row)) => mouse(button, column, row, released),
        _ => Meaning::Nothing,
    }
}

/// Creates a mouse event; reports count columns and rows from 1, events from 0.
fn mouse(button: u16, column: u16, row: u16, released: bool) -> Meaning {
    let Some(kind) = mouse_kind(button, released) else {
        return Meaning::Nothing;
    };
    let held = |bit: u16, modifier| {
        if button & bit != 0 {
            modifier
        } else {
            KeyModifiers::NONE
        }
    };
    Meaning::Events(vec![Event::Mouse(MouseEvent {
        kind,
        column: column.saturating_sub(1),
        row: row.saturating_sub(1),
        modifiers: held(4, KeyModifiers::SHIFT) | held(8, KeyModifiers::ALT) | held(16, KeyModifiers::CONTROL),
    })])
}

fn mouse_kind(button: u16, released: bool) -> Option<MouseEventKind> {
    let moved = button & 32 != 0;
    let which = match button & 3 {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        _ => MouseButton::Right,
    };
    Some(match button & 0b1100_0011 {
        64 => MouseEventKind::ScrollUp,
        65 => MouseEventKind::ScrollDown,
        66 => MouseEventKind::ScrollLeft,
        67 => MouseEventKind::ScrollRight,
        3 if moved => MouseEventKind::Moved,
        // The oldest format does not show which button was released.
        3 => MouseEventKind::Up(MouseButton::Left),
        0..=2 if moved => MouseEventKind::Drag(which),
        0..=2 if released => MouseEventKind::Up(which),
        0..=2 => MouseEventKind::Down(which),
        _ => return None,
    })
}
