//! Converts the text that a user typed into the bytes that CloudFront compares.
//!
//! CloudFront requires percent-encoding for exactly the characters that RFC 1738 calls unsafe and those outside ASCII.
//! With one character too many encoded, the invalidation is accepted but clears nothing; with one too few, the whole
//! batch is refused. An existing `%XX` is kept as typed, including its case; a `%` that does not start such an escape
//! becomes `%25`. Nothing is normalized: not dot segments, double slashes, letter case or Unicode forms.

use std::borrow::Cow;

use percent_encoding::percent_encode_byte;

/// The reason why a character cannot be sent as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A space.
    Blank,
    /// One of `< > " # { } | \ ^ ~ [ ]` and the backtick, which RFC 1738 calls unsafe.
    Unsafe,
    /// An ASCII control character.
    Control,
    /// A non-ASCII character, whose UTF-8 bytes are encoded.
    NonAscii,
    /// A `%` that is not followed by two hexadecimal digits.
    LonePercent,
}

/// A character of the raw text that is different in the wire form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The byte offset in the raw text.
    pub at: usize,
    /// The character as typed.
    pub from: char,
    /// The replacement that is sent.
    pub to: String,
    /// The reason for the change.
    pub reason: Reason,
}

/// Returns the wire form of a path, which is what is sent and what CloudFront compares. The function is idempotent and
/// borrows if nothing changes.
#[must_use]
pub fn wire(raw: &str) -> Cow<'_, str> {
    let bytes = raw.as_bytes();
    let Some(first) = first_change(bytes) else {
        return Cow::Borrowed(raw);
    };
    let (mut sent, mut kept) = (String::with_capacity(raw.len() * 2), 0);
    for at in first..bytes.len() {
        // Every byte that changes is either a whole character or part of a character whose bytes all change. These
        // cuts therefore fall between characters.
        if let Some(&byte) = bytes.get(at).filter(|&&byte| must_change(bytes, at, byte)) {
            sent.push_str(raw.get(kept..at).unwrap_or_default());
            sent.push_str(percent_encode_byte(byte));
            kept = at + 1;
        }
    }
    sent.push_str(raw.get(kept..).unwrap_or_default());
    Cow::Owned(sent)
}

/// Returns whether the text equals its own wire form.
#[must_use]
pub fn is_wire(text: &str) -> bool {
    first_change(text.as_bytes()).is_none()
}

/// Returns each character that [`wire`] changes, in order.
#[must_use]
pub fn changes(raw: &str) -> Vec<Change> {
    raw.char_indices()
        .filter_map(|(at, from)| change(raw, at, from))
        .collect()
}

/// Returns the text, encoding only the characters that both need it and are selected by `chosen`.
pub(crate) fn encode_where(raw: &str, chosen: impl Fn(char) -> bool) -> Cow<'_, str> {
    let bytes = raw.as_bytes();
    let Some(first) = first_change(bytes) else {
        return Cow::Borrowed(raw);
    };
    let mut sent = String::with_capacity(raw.len() + 16);
    sent.push_str(raw.get(..first).unwrap_or_default());
    let mut changed = false;
    for (at, c) in raw.char_indices().skip_while(|&(at, _)| at < first) {
        if reason_at(bytes, at, c).is_some() && chosen(c) {
            push_encoded(&mut sent, c);
            changed = true;
        } else {
            sent.push(c);
        }
    }
    if changed { Cow::Owned(sent) } else { Cow::Borrowed(raw) }
}

/// Returns the byte that the `%XX` escape at `at` encodes, if the escape is complete.
pub(crate) fn escape_at(bytes: &[u8], at: usize) -> Option<u8> {
    let &[b'%', high, low] = bytes.get(at..at + 3)? else {
        return None;
    };
    Some(hex(high)? << 4 | hex(low)?)
}

/// Returns the text with every `%XX` decoded; `None` if the result is not UTF-8.
pub(crate) fn decoded(wire: &str) -> Option<Cow<'_, str>> {
    percent_encoding::percent_decode_str(wire).decode_utf8().ok()
}

/// Returns whether RFC 1738 §2.2 calls a character unsafe. The space, the percent sign and control characters are not
/// included, because they have reasons of their own.
pub(crate) const fn is_unsafe(c: char) -> bool {
    matches!(
        c,
        '<' | '>' | '"' | '#' | '{' | '}' | '|' | '\\' | '^' | '~' | '[' | ']' | '`'
    )
}

fn change(raw: &str, at: usize, from: char) -> Option<Change> {
    let reason = reason_at(raw.as_bytes(), at, from)?;
    let mut to = String::new();
    push_encoded(&mut to, from);
    Some(Change { at, from, to, reason })
}

fn reason_at(bytes: &[u8], at: usize, c: char) -> Option<Reason> {
    match c {
        ' ' => Some(Reason::Blank),
        '%' => escape_at(bytes, at).is_none().then_some(Reason::LonePercent),
        c if !c.is_ascii() => Some(Reason::NonAscii),
        c if c.is_ascii_control() => Some(Reason::Control),
        c => is_unsafe(c).then_some(Reason::Unsafe),
    }
}

fn first_change(bytes: &[u8]) -> Option<usize> {
    let mut places = bytes.iter().enumerate();
    places.find_map(|(at, &byte)| must_change(bytes, at, byte).then_some(at))
}

fn must_change(bytes: &[u8], at: usize, byte: u8) -> bool {
    match byte {
        b'%' => escape_at(bytes, at).is_none(),
        0x21..=0x7e => is_unsafe(char::from(byte)),
        _ => true,
    }
}

fn push_encoded(sent: &mut String, c: char) {
    for &byte in c.encode_utf8(&mut [0; 4]).as_bytes() {
        sent.push_str(percent_encode_byte(byte));
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_unsafe_and_non_ascii_characters_change() {
        let kept = "/aZ09&=+,;:@$!'()*/?-_.";
        assert!(matches!(wire(kept), Cow::Borrowed(_)));
        let cases = [
            ("/a b.jpg", "/a%20b.jpg"),
            ("/café", "/caf%C3%A9"),
            ("/100%", "/100%25"),
            ("/a%zz%4", "/a%25zz%254"),
            ("/a%2f%2F%20", "/a%2f%2F%20"),
            ("/<>\"#{}|\\^~[]`", "/%3C%3E%22%23%7B%7D%7C%5C%5E%7E%5B%5D%60"),
            ("/\t\u{7f}", "/%09%7F"),
        ];
        for (raw, sent) in cases {
            assert_eq!(wire(raw), sent);
        }
    }

    #[test]
    fn each_change_says_what_where_and_why() {
        let told: Vec<_> = changes("/é %~\t")
            .into_iter()
            .map(|c| (c.at, c.from, c.to, c.reason))
            .collect();
        assert_eq!(
            told,
            [
                (1, 'é', "%C3%A9".to_owned(), Reason::NonAscii),
                (3, ' ', "%20".to_owned(), Reason::Blank),
                (4, '%', "%25".to_owned(), Reason::LonePercent),
                (5, '~', "%7E".to_owned(), Reason::Unsafe),
                (6, '\t', "%09".to_owned(), Reason::Control),
            ]
        );
    }

    proptest! {
        #[test]
        fn the_wire_form_is_a_fixed_point(raw in any::<String>()) {
            let sent = wire(&raw).into_owned();
            prop_assert!(is_wire(&sent));
            prop_assert_eq!(wire(&sent), sent.as_str());
            prop_assert_eq!(changes(&raw).is_empty(), is_wire(&raw));
        }

        #[test]
        fn changes_rebuild_the_wire_form(raw in "[/a%2é ~#\t*?]{0,24}") {
            let mut built = raw.clone();
            for change in changes(&raw).into_iter().rev() {
                built.replace_range(change.at..change.at + change.from.len_utf8(), &change.to);
            }
            prop_assert_eq!(built, wire(&raw));
        }

        #[test]
        fn encoding_changes_no_meaning(raw in "[/a é~#\t\u{4e00}]{0,24}") {
            let sent = wire(&raw);
            let back = decoded(&sent).map(Cow::into_owned);
            prop_assert_eq!(back, Some(raw));
        }
    }
}
