//! Checks the `%XX` escapes of a path for needless, missing and double encoding, and for an encoded tilde.

use std::borrow::Cow;

use crate::domain::encoding::{self, escape_at};

/// The first occurrence of each kind of questionable escape in a path, as a byte offset.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Escapes {
    /// An encoded tilde, `%7E`.
    pub(super) tilde: Option<usize>,
    /// An escape of a character that must not be encoded.
    pub(super) over: Option<usize>,
    /// A `%` that does not start an escape.
    pub(super) lone: Option<usize>,
    /// `%25` before two hexadecimal digits.
    pub(super) double: Option<usize>,
    /// An escape that works only if viewers write the character the same way.
    pub(super) ambiguous: Option<(usize, Doubt)>,
}

/// The reason why an escape is ambiguous.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Hexadecimal digits in lower case; browsers write upper case.
    LowerCase,
    /// `%2F`, `%2B`, or any other needless escape in a query string. Some viewers do send such escapes.
    Needless,
}

impl Escapes {
    /// Checks every `%` of a path and its query string.
    pub(super) fn of(path: &str) -> Self {
        let bytes = path.as_bytes();
        let query = bytes.iter().position(|&byte| byte == b'?').unwrap_or(bytes.len());
        let mut found = Self::default();
        for at in percents(bytes) {
            match escape_at(bytes, at) {
                Some(byte) => found.escape(bytes, at, byte, at > query),
                None => found.lone = found.lone.or(Some(at)),
            }
        }
        found
    }

    fn escape(&mut self, bytes: &[u8], at: usize, byte: u8, in_query: bool) {
        let first = |slot: &mut Option<usize>| *slot = slot.or(Some(at));
        match byte {
            b'~' => first(&mut self.tilde),
            b'%' if is_hex_pair(bytes, at + 3) => first(&mut self.double),
            byte if is_over(byte) && !in_query => first(&mut self.over),
            byte if is_needless(byte) => self.ambiguous = self.ambiguous.or(Some((at, Doubt::Needless))),
            _ if is_lower_case(bytes, at) => self.ambiguous = self.ambiguous.or(Some((at, Doubt::LowerCase))),
            _ => {}
        }
    }
}

/// Returns the path with needless escapes decoded, and whether all decoded characters mean the same either way.
pub(super) fn without_over_encoding(path: &str) -> (String, bool) {
    let mut plain = true;
    let decoded = decode(path, |byte| {
        plain &= byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') || !is_over(byte);
        is_over(byte)
    });
    (decoded, plain)
}

/// Returns the path in the form that browsers most likely send: `/` and `+` unescaped, hexadecimal digits in upper
/// case.
pub(super) fn as_browsers_write(path: &str) -> String {
    let mut capital = decode(path, |byte| matches!(byte, b'/' | b'+'));
    let positions: Vec<_> = percents(capital.as_bytes())
        .filter(|&at| escape_at(capital.as_bytes(), at).is_some())
        .collect();
    for at in positions {
        if let Some(digits) = capital.get_mut(at + 1..at + 3) {
            digits.make_ascii_uppercase();
        }
    }
    capital
}

/// Returns the path without backslashes. Characters escaped by a shell or JSON lose their backslash; any other
/// backslash becomes a slash.
pub(super) fn without_backslashes(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut rest = path.chars().peekable();
    while let Some(c) = rest.next() {
        let is_escape = match rest.peek() {
            Some('/' | ' ' | '&' | '(' | ')' | '\'' | '"' | '$' | ';' | '?' | '[' | ']') => true,
            Some('*') => plain.ends_with('/'),
            _ => false,
        };
        match c {
            '\\' if is_escape => {}
            '\\' => plain.push('/'),
            c => plain.push(c),
        }
    }
    plain
}

/// Returns the three characters of the escape at `at`.
pub(super) fn text_at(path: &str, at: usize) -> &str {
    path.get(at..at + 3).unwrap_or_default()
}

/// Decodes the escapes that `chosen` selects, but only before the query string. Each lone `%` is first replaced with
/// `%25`, because it could form an escape with the decoded characters after it.
fn decode(path: &str, mut chosen: impl FnMut(u8) -> bool) -> String {
    let wire = encoding::encode_where(path, |c| c == '%');
    let (before, query) = wire.split_at(wire.find('?').unwrap_or(wire.len()));
    let mut out = String::with_capacity(wire.len());
    let mut rest = before;
    while let Some(at) = rest.find('%') {
        let byte = escape_at(rest.as_bytes(), at).filter(|&byte| chosen(byte));
        let (kept, escape) = (rest.get(..at).unwrap_or_default(), text_at(rest, at));
        out.push_str(kept);
        out.push_str(&byte.map_or(Cow::Borrowed(escape), |byte| Cow::Owned(char::from(byte).to_string())));
        rest = rest.get(at + 3..).unwrap_or_default();
    }
    out + rest + query
}

fn percents(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes
        .iter()
        .enumerate()
        .filter(|&(_, &byte)| byte == b'%')
        .map(|(at, _)| at)
}

/// Returns whether a character must not be encoded, because viewers send it raw.
fn is_over(byte: u8) -> bool {
    is_needless(byte) && !matches!(byte, b'/' | b'+')
}

/// Returns whether a character does not need encoding.
fn is_needless(byte: u8) -> bool {
    matches!(byte, 0x21..=0x7e) && byte != b'%' && !encoding::is_unsafe(char::from(byte))
}

fn is_hex_pair(bytes: &[u8], at: usize) -> bool {
    bytes
        .get(at..at + 2)
        .is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
}

fn is_lower_case(bytes: &[u8], at: usize) -> bool {
    bytes
        .get(at..at + 3)
        .is_some_and(|escape| escape.iter().any(u8::is_ascii_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_sorted_by_what_they_do() {
        let found = |path| Escapes::of(path);
        assert_eq!(found("/a%20%C3%A9%23%25"), Escapes::default());
        assert_eq!(found("/%7ea").tilde, Some(1));
        assert_eq!(found("/a%2A").over, Some(2));
        assert_eq!(found("/a%").lone, Some(2));
        assert_eq!(found("/a%2520").double, Some(2));
        assert_eq!(found("/a%2Fb").ambiguous, Some((2, Doubt::Needless)));
        assert_eq!(found("/caf%c3%a9").ambiguous, Some((4, Doubt::LowerCase)));
        assert_eq!(found("/i?u=%2Fa%3D").ambiguous, Some((5, Doubt::Needless)));
        assert_eq!(found("/i?u=%2A").over, None);
    }

    #[test]
    fn backslashes_are_escapes_or_ends_of_folders() {
        for (path, plain) in [
            (r"/\*", "/*"),
            (r"/img\logo.png", "/img/logo.png"),
            (r"/a\ b", "/a b"),
            (r"/a\/b", "/a/b"),
            (r"/images\*", "/images/*"),
            (r"/a\", "/a/"),
        ] {
            assert_eq!(without_backslashes(path), plain, "{path}");
        }
    }

    #[test]
    fn decoding_makes_no_new_escape() {
        assert_eq!(without_over_encoding("/a%2Db%2D"), ("/a-b-".to_owned(), true));
        assert_eq!(without_over_encoding("/a%2A?x=%2A"), ("/a*?x=%2A".to_owned(), false));
        assert_eq!(without_over_encoding("/%%34%31"), ("/%2541".to_owned(), true));
        assert_eq!(without_over_encoding("/%3F"), ("/?".to_owned(), false));
        assert_eq!(as_browsers_write("/%2fa%c3%a9"), "//a%C3%A9");
    }
}
