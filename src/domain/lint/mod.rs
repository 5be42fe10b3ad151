//! Checks a line: what is wrong with it, what the user may have intended, and what would be sent.
//!
//! A line of the composer is blank, a comment, or an item. [`lint`] determines which, and returns the wire form and the
//! applicable [`Codes`]. It is fast enough to run on every line of a long list. [`Line::diagnostics`] turns the codes
//! into sentences with fixes, but only for the lines that are displayed. All codes, with severity and source, are in a
//! single table, [`RULES`].
//!
//! An error hides all other codes of its line, because they are only noise while the line cannot be sent.
//! [`super::analysis`] adds codes that depend on other lines (duplicates, covered items, root folders of a file
//! system).

mod context;
mod entity;
mod escape;
mod explain;
mod fix;
mod line;
mod notation;
mod path;
mod pattern;
mod reach;
mod scan;
mod stray;
mod table;
mod tag;
mod url;
mod worse;

use std::borrow::Cow;

use super::encoding;
use super::item::Item;

pub use context::Context;
pub use explain::Diagnostic;
pub use fix::Fix;
pub(crate) use line::is_remark;
pub use line::{Line, Shape};
pub(crate) use notation::{document, is_row};
pub(crate) use reach::{ONCE, blind, counts_query};
pub(crate) use stray::{SHELL_EVIDENCE, root_folder};
pub use table::{Code, Codes, RULES, Rule, Severity};
pub(crate) use url::Address;

use line::{EDGES, is_comment, trimmed};
use scan::Marks;

impl Line<'_> {
    /// Returns whether the line is an item that may be sent.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        matches!(self.shape, Shape::Item(_)) && !self.codes.has_error()
    }

    /// Returns the item to send, if it may be sent.
    #[must_use]
    pub fn item(&self) -> Option<Item> {
        if self.is_ok() {
            Item::from_wire(&self.wire).ok()
        } else {
            None
        }
    }

    /// Returns the diagnostics with their fixes, most severe first. `context` must be the one passed to [`lint`].
    #[must_use]
    pub fn diagnostics(&self, context: &Context) -> Vec<Diagnostic> {
        let words = self.words(context);
        self.codes.iter().map(|code| words.explain(code, None)).collect()
    }
}

/// Checks a line on its own.
#[must_use]
pub fn lint<'a>(raw: &'a str, context: &Context) -> Line<'a> {
    let mut line = judge(raw, context);
    let has_twin = context.staging_twin.is_some() && line.is_ok();
    line.codes.set(Code::StagingTwin, has_twin);
    line
}

/// Returns the topic of a remark in [`ONCE`] about a line. A list shows the remark only once per topic.
pub(crate) fn topic(raw: &str, code: Code, context: &Context) -> Option<usize> {
    let subject = path::Subject::of(trimmed(raw), context);
    reach::topic(&subject.path, code, context)
}

fn judge<'a>(raw: &'a str, context: &Context) -> Line<'a> {
    let marks = Marks::of(raw);
    let text = if marks.any(EDGES) { trimmed(raw) } else { raw };
    let not_an_item = |shape| Line {
        raw,
        shape,
        wire: Cow::Borrowed(""),
        codes: Codes::NONE,
    };
    if text.is_empty() {
        return not_an_item(Shape::Blank);
    }
    if !text.starts_with('#') {
        let marks = if text.len() < raw.len() { Marks::of(text) } else { marks };
        return path::lint(raw, text, marks, context);
    }
    if is_comment(raw) {
        return not_an_item(Shape::Comment);
    }
    tag::lint(raw, text, context)
}

/// Applies the safe fixes of a line one after another until none is left. Returns `None` if there are none. A list in
/// another notation becomes one line per item, separated by `\n`.
///
/// The result clears what was typed, or what was certainly intended, and nothing else.
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

/// Returns the id of the other distribution whose host the line contains, or `None` if the host belongs to this target
/// or is unknown.
pub(crate) fn owner<'a>(raw: &str, context: &'a Context) -> Option<&'a str> {
    let address = url::Address::of(trimmed(raw), context)?;
    let foreign = address.error(context) == Some(Code::HostMismatch);
    context.owner(address.host.as_deref().filter(|_| foreign)?)
}

/// Returns whether the suggestion for this line names only objects whose wire forms satisfy `is_there`.
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
