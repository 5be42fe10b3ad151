//! Keys as the user names them. A `?` is a `?` whether or not the terminal reports the Shift key that was held to
//! type it.

use std::fmt;
use std::str::FromStr;

/// The key itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// A character; a letter keeps its case.
    Char(char),
    /// The Enter key.
    Enter,
    /// The Escape key.
    Esc,
    /// The Tab key.
    Tab,
    /// The Backspace key.
    Backspace,
    /// The Delete key.
    Delete,
    /// The Insert key.
    Insert,
    /// The up arrow.
    Up,
    /// The down arrow.
    Down,
    /// The left arrow.
    Left,
    /// The right arrow.
    Right,
    /// The Home key.
    Home,
    /// The End key.
    End,
    /// The Page Up key.
    PageUp,
    /// The Page Down key.
    PageDown,
    /// A function key.
    F(u8),
}

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The key without modifiers.
    pub code: Code,
    /// Whether Ctrl is pressed.
    pub ctrl: bool,
    /// Whether Alt is pressed.
    pub alt: bool,
    /// Whether Shift is pressed; never set for a character, whose case or symbol already includes it.
    pub shift: bool,
}

impl Key {
    /// Creates a key with modifiers, normalized so that equal keys compare equal.
    #[must_use]
    pub fn new(code: Code, ctrl: bool, alt: bool, shift: bool) -> Self {
        let code = match code {
            // Terminals cannot distinguish Ctrl-Shift-A from Ctrl-A, and report either case.
            Code::Char(c) if ctrl => Code::Char(c.to_ascii_lowercase()),
            Code::Char(c) if shift => Code::Char(c.to_ascii_uppercase()),
            other => other,
        };
        Self {
            code,
            ctrl,
            alt,
            shift: shift && !matches!(code, Code::Char(_)),
        }
    }

    /// Creates a key without modifiers.
    #[must_use]
    pub fn plain(code: Code) -> Self {
        Self::new(code, false, false, false)
    }

    /// Returns the character that this key types into a text field, if it types one.
    #[must_use]
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

/// The names of keys that type no character, as written in the configuration.
const NAMES: &[(&str, Code)] = &[
    ("space", Code::Char(' ')),
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("insert", Code::Insert),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
];

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (mut rest, mut ctrl, mut alt, mut shift) = (text, false, false, false);
        loop {
            let (flag, tail) = if let Some(tail) = rest.strip_prefix("ctrl-") {
                (&mut ctrl, tail)
            } else if let Some(tail) = rest.strip_prefix("alt-") {
                (&mut alt, tail)
            } else if let Some(tail) = rest.strip_prefix("shift-") {
                (&mut shift, tail)
            } else {
                break;
            };
            *flag = true;
            rest = tail;
        }
        let code = code_of(rest).ok_or_else(|| {
            format!(
                "{text:?} is not a key; use a character, or space, enter, esc, tab, up, pageup, f1 …, optionally \
                prefixed with ctrl-, alt- or shift-"
            )
        })?;
        Ok(Self::new(code, ctrl, alt, shift))
    }
}

fn code_of(name: &str) -> Option<Code> {
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control() && c != ' ').then_some(Code::Char(c));
    }
    if let Some(&(_, code)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some(code);
    }
    let number: u8 = name.strip_prefix('f')?.parse().ok()?;
    (1..=24).contains(&number).then_some(Code::F(number))
}

/// Formats the key as the footer and the help show it: `Ctrl-S`, `␣`, `↵`, `↑`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        if self.shift {
            f.write_str("Shift-")?;
        }
        match self.code {
            Code::Char(' ') => f.write_str("␣"),
            Code::Char(c) if self.ctrl || self.alt => write!(f, "{}", c.to_ascii_uppercase()),
            Code::Char(c) => write!(f, "{c}"),
            Code::Enter => f.write_str("↵"),
            Code::Esc => f.write_str("Esc"),
            Code::Tab => f.write_str("Tab"),
            Code::Backspace => f.write_str("Backspace"),
            Code::Delete => f.write_str("Del"),
            Code::Insert => f.write_str("Ins"),
            Code::Up => f.write_str("↑"),
            Code::Down => f.write_str("↓"),
            Code::Left => f.write_str("←"),
            Code::Right => f.write_str("→"),
            Code::Home => f.write_str("Home"),
            Code::End => f.write_str("End"),
            Code::PageUp => f.write_str("PgUp"),
            Code::PageDown => f.write_str("PgDn"),
            Code::F(n) => write!(f, "F{n}"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    #[test]
    fn equal_keys_have_one_spelling() {
        assert_eq!(Key::new(Code::Char('?'), false, false, true), "?".parse().unwrap());
        assert_eq!(Key::new(Code::Char('P'), false, false, true), "P".parse().unwrap());
        assert_eq!(Key::new(Code::Char('p'), false, false, true), "P".parse().unwrap());
        assert_eq!(Key::new(Code::Char('S'), true, false, true), "ctrl-s".parse().unwrap());
        assert_eq!("space".parse(), Ok(Key::plain(Code::Char(' '))));
        assert_eq!("-".parse(), Ok(Key::plain(Code::Char('-'))));
        assert_eq!("alt-f12".parse(), Ok(Key::new(Code::F(12), false, true, false)));
    }

    #[test]
    fn what_is_no_key_is_said() {
        for text in ["", "f0", "f25", "hyper-x", "ctrl-", "\u{1b}", "ab"] {
            assert!(text.parse::<Key>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_key_is_shown_as_people_write_it() {
        let shown: Vec<_> = ["ctrl-s", "space", "?", "alt-k", "enter"]
            .iter()
            .map(|key| key.parse::<Key>().unwrap().to_string())
            .collect();
        assert_eq!(shown, ["Ctrl-S", "␣", "?", "Alt-K", "↵"]);
    }
}
