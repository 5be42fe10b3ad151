//! A line of a list and its shape.

use std::borrow::Cow;

use super::scan::Marks;
use super::table::Codes;
use crate::domain::item::ItemKind;
use crate::domain::text::is_invisible;

/// The shape of a line, before any check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// An empty line, or one that contains only spaces.
    Blank,
    /// `# ` followed by any text. Without the space, it would be a tag.
    Comment,
    /// An item, valid or not, of the kind that its form suggests.
    Item(ItemKind),
}

/// A line that has been checked on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// The text as typed.
    pub raw: &'a str,
    /// Whether the line is blank, a comment or an item.
    pub shape: Shape,
    /// The wire form that would be sent; for a line with an error, the form that would be sent if it were allowed.
    /// Empty unless the line is an item.
    pub wire: Cow<'a, str>,
    /// The codes of the line: either a single error, or any number of others.
    pub codes: Codes,
}

pub(super) const EDGES: Marks = Marks::BLANK.or(Marks::CONTROL).or(Marks::HIGH);

/// Returns whether a character is trimmed: whitespace of any script, the byte order mark, or the zero-width space. The
/// last two often come with copied text.
pub(super) fn is_edge(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

pub(super) fn trimmed(raw: &str) -> &str {
    raw.trim_matches(is_edge)
}

/// Returns whether a line is empty or only a comment: `#` and any whitespace. `#tag` is a cache tag.
#[must_use]
pub(crate) fn is_remark(raw: &str) -> bool {
    trimmed(raw).is_empty() || is_comment(raw)
}

pub(super) fn is_comment(raw: &str) -> bool {
    let text = raw.trim_start_matches(is_edge);
    text.strip_prefix('#')
        .and_then(|rest| rest.chars().next())
        .is_some_and(char::is_whitespace)
}

/// Returns whether a character is non-ASCII whitespace, which looks like a space but is sent as something else.
pub(super) fn is_odd_blank(c: char) -> bool {
    c != ' ' && c.is_whitespace() && !is_invisible(c)
}

/// Returns whether a character is invisible and not needed for spelling in any script. Joiners and emoji selectors are
/// needed.
pub(super) fn is_stray(c: char) -> bool {
    let spells = matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}');
    (is_invisible(c) && !spells) || c == char::REPLACEMENT_CHARACTER
}
