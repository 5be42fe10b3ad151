//! Credentials that come along with copied text: the query of a signed URL, a password before a host, the signature of a
//! request that a server quotes. Nobody needs one to clear an object, so none is sent or stored: a line loses it
//! ([`stripped`]), and in a sentence a mark stands in its place ([`redacted`]).

mod quoted;
mod signed;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use signed::Signed;

/// Parameters and headers that are a credential, or tell of one, whatever stands beside them; in lower case. Those of S3 and
/// Cloud Storage in both their versions, and of CloudFront's signed URLs.
const CREDENTIALS: &[&str] = &[
    "x-amz-signature",
    "x-amz-credential",
    "x-amz-security-token",
    "x-goog-signature",
    "x-goog-credential",
    "key-pair-id",
    "awsaccesskeyid",
    "googleaccessid",
];

/// The text that replaces a secret.
pub const MARK: &str = "[redacted]";

/// Whether an address in the text is signed: its query holds a credential. A wildcard in its place is none.
#[must_use]
pub fn is_signed(text: &str) -> bool {
    words(text).any(|word| Signed::read(word.text).is_some())
}

/// The names of the parameters that are credentials, as they are written, each once.
#[must_use]
pub fn names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for signed in words(text).filter_map(|word| Signed::read(word.text)) {
        for name in signed.names() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// The same lines without the credentials of any address in them: the object with its own parameters is left.
#[must_use]
pub fn stripped(text: &str) -> Cow<'_, str> {
    without(text, |word| {
        let open = quoted::without_password(word);
        let bare = Signed::read(open.as_deref().unwrap_or(word)).map(|signed| signed.without_signature());
        bare.or(open)
    })
}

/// The same line without signatures; `None` where nothing is signed.
#[must_use]
pub fn without_signature(text: &str) -> Option<String> {
    match without(text, |word| Signed::read(word).map(|signed| signed.without_signature())) {
        Cow::Borrowed(_) => None,
        Cow::Owned(bare) => Some(bare),
    }
}

/// The same text with [`MARK`] in the place of every credential in it: of parameters and of headers, as servers quote
/// them.
#[must_use]
pub fn redacted(text: &str) -> Cow<'_, str> {
    let places = if may_hold_any(text) { places(text) } else { Vec::new() };
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(marked(text, places))
}

/// Whether a credential could stand in the text: one has a sign before it. Most lines are plain paths, and there are many.
fn may_hold_any(text: &str) -> bool {
    let is_sign = |byte: &u8| !byte.is_ascii_alphanumeric() && !b"/.-_*".contains(byte);
    text.as_bytes().iter().any(is_sign)
}

/// The ranges of a text that hold credentials.
fn places(text: &str) -> Vec<Range<usize>> {
    let mut places = quoted::secrets(text);
    for word in words(text) {
        let values = Signed::read(word.text).map_or_else(Vec::new, |signed| signed.secrets());
        places.extend(values.iter().map(|value| value.start + word.at..value.end + word.at));
    }
    places.retain(|place| {
        text.get(place.clone())
            .is_some_and(|secret| !secret.is_empty() && secret != MARK)
    });
    places
}

/// The text with [`MARK`] in these places, which may lie within each other.
fn marked(text: &str, mut places: Vec<Range<usize>>) -> String {
    places.sort_unstable_by_key(|place| (place.start, place.end));
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    for Range { start, end } in places {
        if start >= done {
            shown.push_str(text.get(done..start).unwrap_or_default());
            shown.push_str(MARK);
        }
        done = done.max(end);
    }
    shown.push_str(text.get(done..).unwrap_or_default());
    shown
}

/// The text with each of its words changed that `change` changes.
fn without(text: &str, change: impl Fn(&str) -> Option<String>) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut done = 0;
    for word in words(text) {
        if let Some(bare) = change(word.text) {
            kept.push_str(text.get(done..word.at).unwrap_or_default());
            kept.push_str(&bare);
            done = word.at + word.text.len();
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(kept)
}

/// A word of a text: one address at least has room in it.
struct Word<'a> {
    at: usize,
    text: &'a str,
}

/// The words that can hold a credential, between blanks and quotes.
fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`');
    let mut at = 0;
    let all = text.split_inclusive(ends).map(move |piece| {
        let word = Word {
            at,
            text: piece.strip_suffix(ends).unwrap_or(piece),
        };
        at += piece.len();
        word
    });
    // Most lines are plain paths, and there are many of them.
    all.filter(|word| word.text.contains(['?', '@', '&', '%']))
}
