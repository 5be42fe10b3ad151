//! Finds credentials in sentences: headers and parameters as quoted by servers, and the user and password in a URL.

use std::ops::Range;

use super::{CREDENTIALS, MARK};

/// Names that ordinary words may follow. A value is a credential only if it contains a digit and has at least the given
/// length.
const WORDS: &[(&str, usize)] = &[("credential", 12), ("signature", 12), ("policy", 32)];

/// The last letters of all credential names and of `authorization`.
const LAST_LETTERS: &str = "edlny";

/// Returns the ranges of a sentence that contain secrets.
pub(super) fn secrets(text: &str) -> Vec<Range<usize>> {
    if !may_name_any(text) {
        return passwords(text).collect();
    }
    let lower = text.to_ascii_lowercase();
    let mut places = Vec::new();
    for name in CREDENTIALS {
        places.extend(values(text, &lower, name));
    }
    for (name, shortest) in WORDS {
        let is_secret = |place: &Range<usize>| {
            let value = text.get(place.clone()).unwrap_or_default();
            value.len() >= *shortest && value.contains(|c: char| c.is_ascii_digit())
        };
        places.extend(values(text, &lower, name).filter(is_secret));
    }
    for (at, name) in lower.match_indices("authorization") {
        places.extend(authorization(text, at + name.len()));
    }
    places.extend(passwords(text));
    places
}

/// Returns whether a credential name may precede an `=` or `:`, judging by its last letter. Only then is the full
/// search needed.
fn may_name_any(text: &str) -> bool {
    let mut signs = text.match_indices(['=', ':']);
    signs.any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().trim_end_matches(['"', '\'', ' ']);
        before.ends_with(|c: char| LAST_LETTERS.contains(c.to_ascii_lowercase()))
    })
}

/// Returns a URL without its user and password, or `None` if it has no password.
pub(super) fn without_password(word: &str) -> Option<String> {
    let mut bare = word.to_owned();
    // Starts from the end, so that earlier ranges remain valid. Each range is removed with the `@` after it.
    for Range { start, end } in passwords(word).collect::<Vec<_>>().into_iter().rev() {
        bare.replace_range(start..=end, "");
    }
    (bare != word).then_some(bare)
}

/// Returns the ranges of user and password in URLs, not including the `@`.
fn passwords(text: &str) -> impl DoubleEndedIterator<Item = Range<usize>> {
    let begins = text.match_indices("://").map(|(at, sign)| at + sign.len());
    let found = begins.filter_map(|from| {
        let ends = |c: char| c.is_whitespace() || "/?#\"'<>".contains(c);
        let authority = text.get(from..)?.split(ends).next()?;
        let (user, _) = authority.rsplit_once('@')?;
        (user.contains(':') && user != MARK).then_some(from..from + user.len())
    });
    found.collect::<Vec<_>>().into_iter()
}

/// Returns the range of the value after each occurrence of a name that is followed by `=` or `:`.
fn values<'a>(text: &'a str, lower: &'a str, name: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    let begins = lower.match_indices(name);
    begins.filter_map(move |(at, name)| value(text, at, at + name.len()))
}

fn value(text: &str, begin: usize, end: usize) -> Option<Range<usize>> {
    let before = text.get(..begin)?.chars().next_back();
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        return None;
    }
    let behind = unquoted(text.get(end..)?);
    let value = unquoted(behind.strip_prefix(['=', ':'])?);
    Some(first_word(text, value))
}

/// Returns the range of the token after `Authorization: Basic` or `Bearer`. An AWS signature is found by its own names.
fn authorization(text: &str, end: usize) -> Option<Range<usize>> {
    let behind = unquoted(text.get(end..)?);
    let scheme = unquoted(behind.strip_prefix([':', '='])?);
    let (name, token) = scheme.split_once(' ')?;
    let is_plain = name.eq_ignore_ascii_case("basic") || name.eq_ignore_ascii_case("bearer");
    is_plain.then(|| first_word(text, token))
}

fn unquoted(text: &str) -> &str {
    text.trim_start_matches(['"', '\'', ' '])
}

/// Returns the range of the first word in `rest`, which is a suffix of the text.
fn first_word(text: &str, rest: &str) -> Range<usize> {
    let from = text.len() - rest.len();
    let ends = |c: char| c.is_whitespace() || "&,;\"'<>()`\\".contains(c);
    from..from + rest.find(ends).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::{CREDENTIALS, LAST_LETTERS, WORDS};

    #[test]
    fn each_name_ends_with_one_of_the_last_letters() {
        let words = WORDS.iter().map(|(name, _)| name);
        for name in CREDENTIALS.iter().chain(words).chain(&["authorization"]) {
            assert!(name.ends_with(|c| LAST_LETTERS.contains(c)), "{name}");
        }
    }
}
