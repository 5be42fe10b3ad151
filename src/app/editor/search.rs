//! Finds text within lines.

use std::ops::Range;

use super::buffer::Buffer;
use super::selection::Position;

/// Text to search for within lines. The search is case-sensitive only if the text contains a capital letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    needle: String,
    case: Case,
}

/// Case sensitivity of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Exact,
    /// The needle is ASCII without capital letters, so bytes can be compared.
    Ascii,
    Folded,
}

impl Query {
    /// Creates a query for this text; `None` for empty text, which would match everywhere.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let case = match text {
            "" => return None,
            _ if text.chars().any(char::is_uppercase) => Case::Exact,
            _ if text.is_ascii() => Case::Ascii,
            _ => Case::Folded,
        };
        let needle = if case == Case::Folded {
            text.chars().flat_map(char::to_lowercase).collect()
        } else {
            text.to_owned()
        };
        Some(Self { needle, case })
    }

    /// Returns the matches in a line as byte ranges, from left to right, without overlaps.
    pub fn matches<'a>(&'a self, line: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = self.first(line.get(from..)?)?;
            let found = from + found.start..from + found.end;
            from = found.end;
            Some(found)
        })
    }

    fn first(&self, line: &str) -> Option<Range<usize>> {
        let sized = |start| start..start + self.needle.len();
        match self.case {
            Case::Exact => line.find(&self.needle).map(sized),
            Case::Ascii => find_ascii(line.as_bytes(), self.needle.as_bytes()).map(sized),
            Case::Folded => {
                let at = |(start, _)| folded_len(line.get(start..)?, &self.needle).map(|length| start..start + length);
                line.char_indices().find_map(at)
            }
        }
    }
}

fn find_ascii(line: &[u8], needle: &[u8]) -> Option<usize> {
    let first = needle.first()?;
    let fits = |window: &[u8]| {
        window.first().is_some_and(|byte| byte.eq_ignore_ascii_case(first)) && window.eq_ignore_ascii_case(needle)
    };
    line.windows(needle.len()).position(fits)
}

/// Returns how many bytes at the start of `line` match the needle case-insensitively, if they do.
fn folded_len(line: &str, needle: &str) -> Option<usize> {
    let mut rest = needle.chars();
    for (start, character) in line.char_indices() {
        for lower in character.to_lowercase() {
            rest.next().filter(|wanted| *wanted == lower)?;
        }
        if rest.as_str().is_empty() {
            return Some(start + character.len_utf8());
        }
    }
    None
}

/// Returns the matches in these lines.
pub(super) fn matches<'a>(
    buffer: &'a Buffer,
    query: &'a Query,
    lines: Range<usize>,
) -> impl Iterator<Item = Range<Position>> + 'a {
    lines
        .clone()
        .zip(buffer.block(lines))
        .flat_map(|(line, text)| in_line(query, line, text))
}

fn in_line<'a>(query: &'a Query, line: usize, text: &'a str) -> impl Iterator<Item = Range<Position>> + 'a {
    query
        .matches(text)
        .map(move |found| Position::new(line, found.start)..Position::new(line, found.end))
}

/// Returns the first match at or after a position, wrapping around at the end.
pub(super) fn next(buffer: &Buffer, query: &Query, from: Position) -> Option<Range<Position>> {
    let behind = matches(buffer, query, from.line..buffer.len()).find(|found| found.start >= from);
    behind.or_else(|| matches(buffer, query, 0..from.line.saturating_add(1)).next())
}
