//! Parses the query string of a signed URL, including one that is encoded in another URL's query string or copied from
//! HTML or JSON.

use std::ops::Range;

use super::CREDENTIALS;

/// Parameters that sites also use for other purposes. They are credentials only next to another credential.
const AMONG_THEM: &[&str] = &["signature", "policy"];

/// Parameters that belong to a signature and have no meaning without it.
const COMPANIONS: &[&str] = &["expires", "hash-algorithm"];

/// The parameters of an Azure shared access signature: the signature itself and its companions.
const SHARED_ACCESS: &[&str] = &[
    "sig", "sv", "ss", "srt", "sp", "se", "st", "spr", "sip", "sr", "skoid", "sktid", "skt", "ske", "sks", "skv",
];

/// The minimum length of a signature without a distinctive name. A hash has 43 characters in base64.
const LONG: usize = 32;

/// The minimum length at which a `Signature` must be an RSA signature in any context. Sites sign their images with
/// hashes of 64 characters, which are part of the object's name.
const RSA: usize = 128;

/// The kind of separator before a parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    /// The separator starts the query string.
    Opens,
    /// The separator continues the query string.
    Joins,
    /// The separator is outside any query string.
    Apart,
}

const SEPARATORS: &[(&str, Separator)] = &[
    ("?", Separator::Opens),
    ("%3f", Separator::Opens),
    ("%253f", Separator::Opens),
    ("&amp;", Separator::Joins),
    ("&", Separator::Joins),
    ("\\u0026", Separator::Joins),
    ("%26", Separator::Joins),
    ("%2526", Separator::Joins),
    ("#", Separator::Apart),
];

/// The separators between name and value.
const EQUALS: &[&str] = &["=", "%3d", "%253d"];

/// Characters that never occur in a value but often follow a URL.
const BEHIND: &[char] = &[',', ')', ']', '}', '\\', '|'];

/// A word that contains a signed URL.
pub(super) struct Signed<'a> {
    parts: Vec<Part<'a>>,
    is_shared_access: bool,
}

/// A part of a word, from one separator to the next.
struct Part<'a> {
    separator: &'a str,
    kind: Separator,
    whole: &'a str,
    name: &'a str,
    value: &'a str,
    /// The text that follows the value.
    rest: &'a str,
    /// The byte offset of the value in the word.
    at: usize,
}

impl<'a> Signed<'a> {
    /// Parses a word, or returns `None` if nothing in it is signed.
    pub(super) fn read(word: &'a str) -> Option<Self> {
        if !word.contains(['=', '%']) {
            return None;
        }
        let mut signed = Self {
            parts: parts(word),
            is_shared_access: false,
        };
        signed.is_shared_access = signed.has_shared_access();
        let is_signed = signed.is_shared_access || signed.parts.iter().any(|part| signed.tells(part));
        is_signed.then_some(signed)
    }

    /// Returns the names of the parameters that are credentials.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        let secret = self.parts.iter().filter(|part| self.is_secret(part));
        secret.map(|part| part.name)
    }

    /// Returns the ranges of the word that contain the values of credentials.
    pub(super) fn secrets(&self) -> Vec<Range<usize>> {
        let secret = self.parts.iter().filter(|part| self.is_secret(part));
        secret.map(|part| part.at..part.at + part.value.len()).collect()
    }

    /// Returns the word without its credentials and their companion parameters.
    pub(super) fn without_signature(&self) -> String {
        let mut kept = String::new();
        let mut mark = None;
        for part in &self.parts {
            if self.belongs_to_a_signature(part) {
                kept.push_str(part.rest);
                mark = mark.or((part.kind == Separator::Opens).then_some(part.separator));
                continue;
            }
            let first = mark.take().filter(|_| part.kind == Separator::Joins);
            kept.push_str(first.unwrap_or(part.separator));
            kept.push_str(part.whole);
        }
        kept
    }

    /// Returns whether this parameter alone proves that the URL is signed.
    fn tells(&self, part: &Part<'_>) -> bool {
        let has_policy = || self.parts.iter().any(|part| part.is_live(&["policy"]));
        let is_long = part.value.len() >= RSA || part.value.len() >= LONG && has_policy();
        part.is_live(CREDENTIALS) || is_long && part.is_live(&["signature"])
    }

    fn has_shared_access(&self) -> bool {
        let has = |name| self.parts.iter().any(|part| part.is_live(&[name]));
        let mut signatures = self.parts.iter().filter(|part| part.is_live(&["sig"]));
        has("se") && (has("sv") || has("sp")) && signatures.any(|part| part.value.len() >= LONG)
    }

    fn is_secret(&self, part: &Part<'_>) -> bool {
        let shared = self.is_shared_access && part.is_live(&["sig"]);
        shared || part.is_live(CREDENTIALS) || part.is_live(AMONG_THEM)
    }

    fn belongs_to_a_signature(&self, part: &Part<'_>) -> bool {
        if part.kind == Separator::Apart {
            return false;
        }
        let name = part.name.to_ascii_lowercase();
        let named = [CREDENTIALS, AMONG_THEM, COMPANIONS].concat().contains(&&*name);
        let family = name.starts_with("x-amz-") || name.starts_with("x-goog-");
        named || family || self.is_shared_access && SHARED_ACCESS.contains(&&*name)
    }
}

impl Part<'_> {
    /// Returns whether the part is a parameter with one of the given names and a value that is neither empty nor `*`.
    fn is_live(&self, names: &[&str]) -> bool {
        let is_one = names.iter().any(|name| self.name.eq_ignore_ascii_case(name));
        is_one && self.kind != Separator::Apart && !matches!(self.value, "" | "*")
    }
}

fn parts(word: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut separator, mut kind, mut from) = ("", Separator::Apart, 0);
    for (at, _) in word.match_indices(['?', '&', '%', '#', '\\']) {
        let Some((found, found_kind)) = separator_at(word, at).filter(|_| at >= from) else {
            continue;
        };
        parts.push(part(separator, kind, word, from..at));
        (separator, kind, from) = (found, found_kind, at + found.len());
    }
    parts.push(part(separator, kind, word, from..word.len()));
    parts
}

fn separator_at(word: &str, at: usize) -> Option<(&str, Separator)> {
    SEPARATORS
        .iter()
        .find_map(|(name, kind)| Some((starts_with(word.get(at..)?, name)?, *kind)))
}

fn part<'a>(separator: &'a str, kind: Separator, word: &'a str, place: Range<usize>) -> Part<'a> {
    let (at, whole) = (place.start, word.get(place).unwrap_or_default());
    let equals = whole.char_indices().find_map(|(at, _)| {
        let found = |sign: &&str| starts_with(whole.get(at..)?, sign);
        Some((at, EQUALS.iter().find_map(found)?.len()))
    });
    let (name_end, value_from) = equals.map_or((whole.len(), whole.len()), |(at, length)| (at, at + length));
    let behind = whole.get(value_from..).unwrap_or_default();
    let (value, rest) = behind.split_at(behind.find(BEHIND).unwrap_or(behind.len()));
    // A redaction mark counts as a value.
    let (value, rest) = match behind.strip_prefix(super::MARK) {
        Some(rest) => (super::MARK, rest),
        None => (value, rest),
    };
    Part {
        separator,
        kind,
        whole,
        name: whole.get(..name_end).unwrap_or_default(),
        value,
        rest,
        at: at + value_from,
    }
}

/// Returns the start of the text if it equals the name, ignoring case.
fn starts_with<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.get(..name.len()).filter(|begin| begin.eq_ignore_ascii_case(name))
}
