//! Makes external text safe to display, without hiding any of it.
//!
//! Comments, paths and messages come from other people and other machines. A control character in them could control
//! the terminal; a bidirectional override or a zero-width character could shift a row's border or make two different
//! paths look the same. [`visible`] escapes such characters *before* layout, so that the computed width is the drawn
//! width.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_normalization::char::is_combining_mark;

/// The maximum number of combining marks on one base character; any further ones are escaped, because they would
/// overlap neighboring rows.
const MARKS_PER_BASE: usize = 8;

/// Escapes every character that is invisible or controls the terminal: `\t`, `\x1b`, `\u{202e}` …
///
/// Control characters (C0, DEL, C1), line separators, bidirectional controls, zero-width characters, soft hyphens,
/// byte order marks, tag characters, fillers, variation selectors not preceded by a symbol, and combining marks
/// without a base are escaped. Everything else, including a typed backslash, is left as is. Text without any of these
/// characters is borrowed.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
        return Cow::Borrowed(text);
    }
    match first_hidden(text) {
        Some(first) => Cow::Owned(escaped(text, first)),
        None => Cow::Borrowed(text),
    }
}

/// Returns the offset of the first character that must be escaped. Runs of plain ASCII are skipped byte by byte,
/// because only their last character affects what follows and long lists are mostly ASCII.
fn first_hidden(text: &str) -> Option<usize> {
    let mut line = Line::default();
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let plain = rest.bytes().take_while(|byte| matches!(byte, 0x20..=0x7e)).count();
        if let Some(&last) = rest.as_bytes().get(..plain)?.last() {
            line.base(char::from(last), true);
        }
        at += plain;
        let c = rest.get(plain..)?.chars().next()?;
        if !line.shows(c) {
            return Some(at);
        }
        at += c.len_utf8();
    }
}

/// Formats a number with thousands separators: `3,000`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Formats a number with its noun, which takes an `s` unless the number is one: `1 item`, `3,000 items`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number as u64), agree(number, "", "s"))
}

/// Returns the word that agrees with a number: the first for one, the second for any other number.
#[must_use]
pub fn agree<'a>(number: usize, one: &'a str, many: &'a str) -> &'a str {
    if number == 1 { one } else { many }
}

/// Returns whether a character never has a glyph.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    match c {
        // Most letters of most scripts are in these ranges, so the tables need not be consulted.
        ' '..='~' | '\u{ae}'..='\u{34e}' | '\u{3165}'..='\u{fdff}' => false,
        c => c.is_control() || is_format(c) || is_filler(c),
    }
}

fn escaped(text: &str, first: usize) -> String {
    let mut line = Line::default();
    let mut shown = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        if line.shows(c) || at < first {
            shown.push(c);
        } else {
            push_escape(&mut shown, c);
        }
    }
    shown
}

/// Appends the escaped form of one character.
fn push_escape(shown: &mut String, c: char) {
    match c {
        '\t' | '\n' | '\r' => shown.extend(c.escape_default()),
        c if c.is_ascii() => {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\x{:02x}", u32::from(c));
        }
        c => shown.extend(c.escape_unicode()),
    }
}

/// The state of the preceding characters, which determines whether marks and selectors are shown.
#[derive(Default)]
struct Line {
    base: Option<char>,
    marks: usize,
}

impl Line {
    /// Returns whether `c` may be displayed as is at this position, and records it for the next character.
    fn shows(&mut self, c: char) -> bool {
        if c < '\u{300}' {
            return self.base(c, !is_invisible(c));
        }
        if matches!(c, '\u{fe0e}' | '\u{fe0f}') {
            let shown = self.base.take().is_some_and(takes_selector);
            return shown;
        }
        if is_invisible(c) {
            return self.base(c, false);
        }
        if is_combining_mark(c) {
            self.mark()
        } else {
            self.base(c, true)
        }
    }

    fn base(&mut self, c: char, shown: bool) -> bool {
        self.base = shown.then_some(c);
        self.marks = 0;
        shown
    }

    fn mark(&mut self) -> bool {
        self.marks += 1;
        self.base.is_some() && self.marks <= MARKS_PER_BASE
    }
}

/// Returns whether a character is a Unicode format or separator character, which affects the text around it and has
/// no glyph.
fn is_format(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
        | '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Returns whether a character is drawn as nothing even though it counts as a letter, mark or symbol.
fn is_filler(c: char) -> bool {
    matches!(c,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}')
}

/// Returns whether a symbol exists both as text and as emoji, so that a variation selector after it is meaningful.
fn takes_selector(c: char) -> bool {
    matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{2bff}'
        | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

/// Returns bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{agree, count, grouped, visible};

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn nouns_and_verbs_agree_with_their_number() {
        let said = [0, 1, 2, 3_000].map(|number| format!("{} {}", count(number, "item"), agree(number, "is", "are")));
        assert_eq!(said, ["0 items are", "1 item is", "2 items are", "3,000 items are"]);
    }

    #[test]
    fn ordinary_text_is_borrowed() {
        for text in [
            "",
            "/a b",
            "Größe",
            "日本語",
            "e\u{301}",
            "한글",
            "ไทย",
            "🇩🇪",
            "❤\u{fe0f}",
            "a\\x1b",
            "\u{a0}",
        ] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text), "{text:?}");
        }
    }

    #[test]
    fn what_steers_or_hides_is_written_out() {
        let cases = [
            ("a\tb", r"a\tb"),
            ("a\r\n", r"a\r\n"),
            ("\x1b[2J", r"\x1b[2J"),
            ("\x1b]0;t\x07", r"\x1b]0;t\x07"),
            ("\0\x7f", r"\x00\x7f"),
            ("\u{9b}2J", r"\u{9b}2J"),
            ("/a\u{202e}gpj", r"/a\u{202e}gpj"),
            ("\u{2066}x\u{2069}", r"\u{2066}x\u{2069}"),
            ("a\u{200b}b\u{200d}c\u{200c}", r"a\u{200b}b\u{200d}c\u{200c}"),
            ("\u{feff}/a", r"\u{feff}/a"),
            ("co\u{ad}op", r"co\u{ad}op"),
            ("x\u{e0041}", r"x\u{e0041}"),
            ("a\u{fe0f}", r"a\u{fe0f}"),
            ("❤\u{fe0f}\u{fe0f}", "❤\u{fe0f}\\u{fe0f}"),
            ("\u{301}a", r"\u{301}a"),
            ("a\u{2028}b", r"a\u{2028}b"),
            ("\u{3164}", r"\u{3164}"),
        ];
        for (raw, shown) in cases {
            assert_eq!(visible(raw), shown, "{raw:?}");
        }
    }

    #[test]
    fn a_tower_of_marks_is_cut_to_a_height_that_fits_its_row() {
        let tower = format!("a{}", "\u{301}".repeat(50));
        let shown = visible(&tower);
        assert!(shown.starts_with(&format!("a{}", "\u{301}".repeat(super::MARKS_PER_BASE))));
        assert_eq!(shown.matches(r"\u{301}").count(), 50 - super::MARKS_PER_BASE);
    }
}
