//! Measures and truncates text in terminal columns. Text is always escaped first, so that what is measured is what is
//! drawn.

use std::borrow::Cow;

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text::visible;

/// The mark for truncated text.
pub(crate) const ELLIPSIS: &str = "…";

/// Returns the width of text as drawn, in columns.
pub(crate) fn width(text: &str) -> usize {
    measure(&visible(text))
}

/// Returns the width of text that is already escaped.
fn measure(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(cells).sum()
}

/// Returns the width of one grapheme, as the buffer counts it.
fn cells(grapheme: &str) -> usize {
    usize::from(grapheme.cell_width())
}

/// Returns the text as drawn in this width: whole, or truncated with an ellipsis.
pub(crate) fn fit(text: &str, columns: usize) -> Cow<'_, str> {
    let text = visible(text);
    if measure(&text) <= columns {
        return text;
    }
    let Some(room) = columns.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let mut cut = head(&text, room).to_owned();
    cut.push_str(ELLIPSIS);
    Cow::Owned(cut)
}

/// Returns the longest prefix of escaped text that fits into this width.
fn head(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += cells(grapheme);
        if used > columns {
            return &text[..at];
        }
    }
    text
}

/// Wraps the text at spaces into lines of this width. A word is broken only if it is longer than a line.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let text = visible(text);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let size = measure(word);
        if used > 0 && used + 1 + size <= columns {
            push(&mut lines, " ");
            push(&mut lines, word);
            used += 1 + size;
            continue;
        }
        if used > 0 {
            lines.push(String::new());
        }
        used = push_pieces(&mut lines, word, columns.max(2));
    }
    lines
}

/// Splits the text into lines of this width, breaking wherever a line is full, so that no space is lost.
pub(crate) fn chunks(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    push_pieces(&mut lines, &visible(text), columns.max(2));
    lines
}

fn push(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(text);
    }
}

/// Appends a word to the last line, which is empty, and to further lines as needed. Returns the width used in the last
/// one.
fn push_pieces(lines: &mut Vec<String>, mut word: &str, columns: usize) -> usize {
    loop {
        let piece = head(word, columns);
        push(lines, piece);
        word = &word[piece.len()..];
        if word.is_empty() || piece.is_empty() {
            return measure(piece);
        }
        lines.push(String::new());
    }
}

/// Formats a number with commas between thousands.
pub(crate) use crate::domain::text::grouped as thousands;

pub(crate) use crate::domain::text::{agree, count};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_at_a_column_and_never_inside_a_character() {
        let cases = [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("abcd", 1, "…"),
            ("abcd", 0, ""),
            ("日本語", 6, "日本語"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("e\u{301}te\u{301}", 3, "e\u{301}te\u{301}"),
            ("a\u{202e}b", 20, "a\\u{202e}b"),
            ("a\u{1b}[2J", 4, "a\\x…"),
        ];
        for (text, columns, cut) in cases {
            assert_eq!(fit(text, columns), cut, "{text:?} in {columns}");
            assert!(width(&fit(text, columns)) <= columns, "{text:?} in {columns}");
        }
    }

    #[test]
    fn lines_break_at_blanks_and_inside_long_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(chunks("/a  b c", 4), ["/a  ", "b c"]);
        assert_eq!(chunks("", 4), [""]);
        assert_eq!(wrap("日", 1), ["日"]);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(thousands),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
