//! URLs in imported text: which host each belongs to, and which part of it is imported.

use super::basket::Basket;
use super::left_out::Reason;
use super::origin::At;
use crate::domain::lint::{Address, Context};

/// Characters that end a URL in running text.
const ENDS: [char; 8] = ['"', '<', '>', '`', '{', '}', '|', '\\'];

/// Returns whether the text starts with a URL scheme and `://`.
pub(super) fn begins(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
    })
}

/// Adds the path and query string of a URL of this distribution. If none of the distribution's hosts is known, adds the
/// complete URL; the lint then reduces it, or rejects it if it turns out to belong to another distribution.
pub(super) fn put_address(basket: &mut Basket, text: &str, at: At, context: &Context) {
    let Some(address) = Address::of(text, context) else {
        return basket.leave(Reason::BrokenAddress, &at);
    };
    if !address.is_web() {
        let scheme = address.scheme.unwrap_or_default().to_ascii_lowercase();
        return basket.leave(Reason::Scheme(scheme), &at);
    }
    let Some(host) = address.host else {
        return basket.leave(Reason::BrokenAddress, &at);
    };
    match context.owns(&host) {
        Some(true) => basket.put_once(address.path, at),
        Some(false) => basket.leave(foreign(host, context), &at),
        None => basket.put_once(text, at),
    }
}

fn foreign(host: String, context: &Context) -> Reason {
    match context.owner(&host) {
        Some(id) => Reason::OtherDistribution(host, id.to_owned()),
        None => Reason::OtherHost(host),
    }
}

/// Returns the web URLs in a line of text, without surrounding punctuation.
pub(super) fn within(line: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = line.get(from..)?;
        let start = from + next_scheme(rest)?;
        let found = address_at(line, start);
        from = start + found.len().max("http://".len());
        Some(found)
    })
}

/// Returns the position at which the next `http://` or `https://` starts.
fn next_scheme(text: &str) -> Option<usize> {
    text.match_indices("://").find_map(|(at, _)| {
        let before = text.get(..at)?;
        ["https", "http"].iter().find_map(|scheme| {
            let start = at.checked_sub(scheme.len())?;
            let same = before
                .get(start..)
                .is_some_and(|word| word.eq_ignore_ascii_case(scheme));
            same.then_some(start)
        })
    })
}

fn address_at(line: &str, start: usize) -> &str {
    let rest = line.get(start..).unwrap_or_default();
    let before = line.get(..start).and_then(|before| before.chars().next_back());
    let closing = before.and_then(closing);
    let ends = |c: char| c.is_whitespace() || c.is_control() || ENDS.contains(&c) || Some(c) == closing;
    let found = rest.split(ends).next().unwrap_or_default();
    without_punctuation(found)
}

/// Returns the closing quote for an opening quote before a URL. Brackets are not included, because they may be part of
/// a URL.
fn closing(open: char) -> Option<char> {
    match open {
        '\'' => Some('\''),
        '“' => Some('”'),
        '«' => Some('»'),
        _ => None,
    }
}

/// Strips trailing punctuation and unmatched closing brackets.
fn without_punctuation(text: &str) -> &str {
    let (mut round, mut square) = (unopened(text, '(', ')'), unopened(text, '[', ']'));
    text.trim_end_matches(|c| match c {
        '.' | ',' | ';' | ':' | '!' | '?' | '\'' => true,
        ')' => take_one(&mut round),
        ']' => take_one(&mut square),
        _ => false,
    })
}

fn unopened(text: &str, open: char, close: char) -> usize {
    text.matches(close).count().saturating_sub(text.matches(open).count())
}

fn take_one(left: &mut usize) -> bool {
    let any = *left > 0;
    *left = left.saturating_sub(1);
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_running_text() {
        let cases: &[(&str, &[&str])] = &[
            (
                "see https://a.example/x, and HTTP://b.example/y.",
                &["https://a.example/x", "HTTP://b.example/y"],
            ),
            ("[docs](https://a.example/x_(y))!", &["https://a.example/x_(y)"]),
            ("(https://a.example/wiki/X_(y))", &["https://a.example/wiki/X_(y)"]),
            (r#"<a href="https://a.example/x y">"#, &["https://a.example/x"]),
            ("<a href='https://a.example/x'>", &["https://a.example/x"]),
            (
                r#"10.0.0.1 "GET / HTTP/1.1" 200 "https://a.example/?q=1&p=é""#,
                &["https://a.example/?q=1&p=é"],
            ),
            ("https://a.example/*", &["https://a.example/*"]),
            ("https://a.example/a,b;c", &["https://a.example/a,b;c"]),
            ("http://http://x", &["http://http://x"]),
            ("https://", &["https://"]),
            ("xhttps://a.example", &["https://a.example"]),
            ("ftp://a.example/x ://", &[]),
            ("no address", &[]),
        ];
        for (line, expected) in cases {
            assert_eq!(within(line).collect::<Vec<_>>(), *expected, "{line}");
        }
    }

    #[test]
    fn a_million_brackets_take_no_time_to_speak_of() {
        let line = format!("https://a.example/{}", ")".repeat(1_000_000));
        assert_eq!(within(&line).collect::<Vec<_>>(), ["https://a.example/"]);
    }
}
