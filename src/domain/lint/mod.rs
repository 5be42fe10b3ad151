//! What is wrong with a line, what may be meant, and what would be sent.
//!
//! A line of the composer is blank, a comment, or an item. [`lint`] tells which, gives the wire form and the [`Codes`]
//! that apply, fast enough to run on every line of a long list; [`Line::diagnostics`] puts them into sentences with
//! fixes, for the lines that somebody looks at. What can be said, how much it weighs and where it comes from stands in
//! one table, [`RULES`].
//!
//! An error stands alone: while a line may not be sent, the rest is noise. What depends on other lines (duplicates,
//! rows that another row covers, the root folders of a computer) is added by [`super::analysis`].

mod context;
mod entity;
mod escape;
mod explain;
mod fix;
mod notation;
mod path;
mod pattern;
mod scan;
mod stray;
mod table;
mod tag;
mod url;
mod worse;

use std::borrow::Cow;

use super::encoding;
use super::item::{Item, ItemKind};
use super::text::is_invisible;

pub use context::Context;
pub(crate) use context::pattern_matches;
pub use explain::Diagnostic;
pub use fix::Fix;
pub(crate) use notation::{document, is_row};
pub(crate) use stray::{SHELL_EVIDENCE, root_folder};
pub use table::{Code, Codes, RULES, Rule, Severity};
pub(crate) use url::Address;

use scan::Marks;

/// What a line is, before anything is said about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Nothing, or blanks only.
    Blank,
    /// `# ` and anything: a blank must follow, otherwise it is a tag.
    Comment,
    /// An item, right or wrong, of the kind that its form suggests.
    Item(ItemKind),
}

/// A line, judged by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// As typed.
    pub raw: &'a str,
    /// Blank, comment or item.
    pub shape: Shape,
    /// What would be sent; for a line with an error, what it would be if it were sent as it stands. Empty unless an item.
    pub wire: Cow<'a, str>,
    /// What can be said about it: one error, or any number of the rest.
    pub codes: Codes,
}

impl Line<'_> {
    /// Whether it is an item that may be sent.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        matches!(self.shape, Shape::Item(_)) && !self.codes.has_error()
    }

    /// The item that would be sent, if it may be.
    #[must_use]
    pub fn item(&self) -> Option<Item> {
        if self.is_ok() {
            Item::from_wire(&self.wire).ok()
        } else {
            None
        }
    }

    /// The codes in words, the loudest first, with what can be done. `context` is the one that was given to [`lint`].
    #[must_use]
    pub fn diagnostics(&self, context: &Context) -> Vec<Diagnostic> {
        let words = self.words(context);
        self.codes.iter().map(|code| words.explain(code, None)).collect()
    }
}

/// Judges a line by itself.
#[must_use]
pub fn lint<'a>(raw: &'a str, context: &Context) -> Line<'a> {
    let marks = Marks::of(raw);
    let text = if marks.any(EDGES) { trimmed(raw) } else { raw };
    if text.is_empty() {
        return Line {
            raw,
            shape: Shape::Blank,
            wire: Cow::Borrowed(""),
            codes: Codes::NONE,
        };
    }
    if !text.starts_with('#') {
        let marks = if text.len() < raw.len() { Marks::of(text) } else { marks };
        return path::lint(raw, text, marks, context);
    }
    if is_comment(raw) {
        return Line {
            raw,
            shape: Shape::Comment,
            wire: Cow::Borrowed(""),
            codes: Codes::NONE,
        };
    }
    tag::lint(raw, text, context)
}

/// Applies the safe fixes of a line, one after the other, until none is left; `None` if there is none. A list in another
/// notation becomes a line for each item, separated by `\n`.
///
/// The result clears what was typed, or what was surely meant, and nothing else.
#[must_use]
pub fn apply_safe_fixes(raw: &str, context: &Context) -> Option<String> {
    let mut fixed = safe_fix(raw, context)?;
    for _ in 0..RULES.len() {
        let next: Vec<Option<String>> = fixed.lines().map(|line| safe_fix(line, context)).collect();
        if next.iter().all(Option::is_none) {
            break;
        }
        let lines = fixed.lines().zip(&next);
        let lines: Vec<&str> = lines.map(|(line, next)| next.as_deref().unwrap_or(line)).collect();
        fixed = lines.join("\n");
    }
    Some(fixed)
}

/// The other distribution whose host the line names, by its id; `None` where the line is of this target, or of nobody's.
pub(crate) fn owner<'a>(raw: &str, context: &'a Context) -> Option<&'a str> {
    let address = url::Address::of(trimmed(raw), context)?;
    let foreign = address.error(context) == Some(Code::HostMismatch);
    context.owner(address.host.as_deref().filter(|_| foreign)?)
}

/// Whether a suggestion of this line names objects, and all of them are there, by their wire forms.
pub(crate) fn are_variants(raw: &str, code: Code, context: &Context, is_there: impl Fn(&str) -> bool) -> bool {
    let subject = path::Subject::of(trimmed(raw), context);
    let variants = path::variants(&subject.path, code, context);
    !variants.is_empty() && variants.iter().all(|variant| is_there(&encoding::wire(variant)))
}

fn safe_fix(raw: &str, context: &Context) -> Option<String> {
    let line = lint(raw, context);
    let words = line.words(context);
    let mut fixes = line.codes.iter().filter_map(|code| words.fix(code));
    fixes.find(|fix| fix.safe).map(|fix| fix.replacement)
}

const EDGES: Marks = Marks::BLANK.or(Marks::CONTROL).or(Marks::HIGH);

/// Blanks of any script, and the byte order mark and zero-width space that come along with copied text.
fn is_edge(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

fn trimmed(raw: &str) -> &str {
    raw.trim_matches(is_edge)
}

/// Whether a line holds nothing, or only a remark: `#` and a blank of any kind. `#tag` is a cache tag.
#[must_use]
pub fn is_remark(raw: &str) -> bool {
    trimmed(raw).is_empty() || is_comment(raw)
}

fn is_comment(raw: &str) -> bool {
    let text = raw.trim_start_matches(is_edge);
    text.strip_prefix('#')
        .and_then(|rest| rest.chars().next())
        .is_some_and(char::is_whitespace)
}

/// A blank that is not the ASCII one: it looks like it, and is sent as something else.
fn is_odd_blank(c: char) -> bool {
    c != ' ' && c.is_whitespace() && !is_invisible(c)
}

/// Characters that nobody can see and that no script is spelled with; joiners and emoji selectors are.
fn is_stray(c: char) -> bool {
    let spells = matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}');
    (is_invisible(c) && !spells) || c == char::REPLACEMENT_CHARACTER
}
