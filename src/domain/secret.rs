//! Removes credentials that copied text may contain: the query string of a signed URL, a password before a host, or the
//! signature of a request that a server quotes. Clearing an object never requires a credential, so none is sent or
//! stored. Credentials are removed from lines ([`stripped`]) and replaced with a mark in sentences ([`redacted`]).

mod quoted;
mod signed;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use signed::Signed;

/// The parameters and headers that are or identify a credential in any context, in lower case. They belong to both
/// signature versions of S3 and Cloud Storage, and to CloudFront's signed URLs.
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

/// Returns whether a URL in the text is signed, i.e. its query string contains a credential. If the value is only a
/// wildcard, it is not a credential.
#[must_use]
pub fn is_signed(text: &str) -> bool {
    words(text).any(|word| Signed::read(word.text).is_some())
}

/// Returns the distinct names of the parameters that are credentials, as written in the text.
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

/// Returns the lines without the credentials of any URL in them; the object and its other parameters are kept.
#[must_use]
pub fn stripped(text: &str) -> Cow<'_, str> {
    without(text, |word| {
        let open = quoted::without_password(word);
        let bare = Signed::read(open.as_deref().unwrap_or(word)).map(|signed| signed.without_signature());
        bare.or(open)
    })
}

/// Returns the line without signatures, or `None` if nothing is signed.
#[must_use]
pub fn without_signature(text: &str) -> Option<String> {
    match without(text, |word| Signed::read(word).map(|signed| signed.without_signature())) {
        Cow::Borrowed(_) => None,
        Cow::Owned(bare) => Some(bare),
    }
}

/// Returns the text with every credential replaced by [`MARK`], both in parameters and in headers as quoted by servers.
#[must_use]
pub fn redacted(text: &str) -> Cow<'_, str> {
    let places = if may_hold_any(text) { places(text) } else { Vec::new() };
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(marked(text, places))
}

/// Returns whether the text could contain a credential, which always follows a special character. This quick check
/// comes first, because there are many lines, and most of them are plain paths.
fn may_hold_any(text: &str) -> bool {
    let is_sign = |byte: &u8| !byte.is_ascii_alphanumeric() && !b"/.-_*".contains(byte);
    text.as_bytes().iter().any(is_sign)
}

/// Returns the ranges of text that contain credentials.
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

/// Returns the text with the given ranges, which may overlap, replaced by [`MARK`].
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

/// Replaces every word of the text for which `change` returns a replacement.
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

/// A word of text, which may be a whole URL.
struct Word<'a> {
    at: usize,
    text: &'a str,
}

/// Returns the words, separated by spaces and quotes, that may contain a credential.
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
    // This skips most words quickly. There are many lines, and most of them are plain paths.
    all.filter(|word| word.text.contains(['?', '@', '&', '%']))
}
