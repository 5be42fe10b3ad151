//! Ensures that a suggestion never makes a line worse: each resulting line may be sent, is in its best form, and has
//! no new findings.

use std::borrow::Cow;

use super::context::Context;
use super::fix::Fix;
use super::line::{Line, Shape, is_odd_blank};
use super::path::is_plainly_encoded;
use super::scan::Marks;
use super::table::{Code, Codes};
use super::url::Address;
use super::{lint, pattern, stray};
use crate::domain::encoding;
use crate::domain::item::MAX_PATH;

/// The codes of problems that a suggestion can always resolve on its own.
const MENDABLE: Codes = Codes::NONE
    .with(Code::ListSeparator)
    .with(Code::HtmlEntity)
    .with(Code::FullUrl)
    .with(Code::Whitespace)
    .with(Code::Encoded)
    .with(Code::LonePercent);

/// Returns the fix in its best form, or `None` if it would make the line worse.
pub(super) fn never(line: &Line<'_>, fix: Fix, context: &Context) -> Option<Fix> {
    if fix.replacement.split('\n').all(|text| is_beyond_doubt(text, context)) {
        return Some(fix);
    }
    let mut safe = fix.safe;
    let mut lines = Vec::new();
    for text in fix.replacement.lines() {
        let text = plain(text, context);
        if !is_wire_of(line, &text, context) && !is_beyond_doubt(&text, context) {
            let judged = lint(&text, context);
            if is_worse(line, &judged) {
                return None;
            }
            let new = judged.codes.except(line.codes);
            safe &= !new.any(pattern::CODES.with(Code::WholeSite));
        }
        lines.push(text);
    }
    Some(Fix {
        replacement: lines.join("\n"),
        safe,
        ..fix
    })
}

/// Returns whether the text is the wire form of a line without problems, and therefore has no new findings. Two cases
/// are excluded: in a query string, a space separates words that are checked individually, and without its host, a path
/// may look like a Windows file.
fn is_wire_of(line: &Line<'_>, text: &str, context: &Context) -> bool {
    let is_same = line.wire == text && !text.contains('?');
    is_same && line.codes.is_beyond_question() && context.has_no_rules() && !stray::is_windows_path(text)
}

/// Returns whether a path has neither errors nor warnings and is in its best form, judging by its characters alone.
/// Most suggestions only add a trailing slash to a plain path, and there may be a million of them.
fn is_beyond_doubt(text: &str, context: &Context) -> bool {
    const PLAIN: Marks = Marks::STAR.or(Marks::QUERY);
    let is_plain = Marks::of(text).is_within(PLAIN);
    // A `*` or `?*` is a wildcard only at the end.
    let name = text.strip_suffix('*').unwrap_or(text);
    let path = name.strip_suffix('?').unwrap_or(name);
    is_plain
        && path.len() > 1
        && path.starts_with('/')
        && !path.contains(['*', '?'])
        && text.len() <= MAX_PATH
        && context.has_no_rules()
}

/// Returns the line without scheme and host, and with all characters encoded that clearly need encoding.
pub(super) fn plain<'a>(text: &'a str, context: &Context) -> Cow<'a, str> {
    if text.starts_with('#') {
        return Cow::Borrowed(text);
    }
    let is_ours = |address: &Address<'_>| address.error(context).is_none();
    // A path that starts with two slashes can be mistaken for a host, which the next pass would remove.
    let may_be_address = !text.starts_with('/') || text.starts_with("//");
    let address = may_be_address.then(|| Address::of(text, context)).flatten();
    let path = match address.filter(is_ours) {
        Some(address) if !address.path.starts_with("//") => address.path,
        _ => Cow::Borrowed(text),
    };
    let chosen = |c: char| c == '%' || is_plainly_encoded(c);
    match path {
        Cow::Borrowed(path) => encoding::encode_where(path, chosen),
        Cow::Owned(path) => Cow::Owned(encoding::encode_where(&path, chosen).into_owned()),
    }
}

/// Returns whether a line of a suggestion is worse than the line it replaces.
///
/// An error hides the other codes of a line, so for such a line only codes that can be fixed immediately count as new.
/// Two codes never count, because the suggestion itself reports that it clears everything, and a wider wildcard may
/// include objects that cannot be cleared.
fn is_worse(line: &Line<'_>, judged: &Line<'_>) -> bool {
    let told = line.codes.with(Code::WholeSite).with(Code::SmoothStreaming);
    let new = judged.codes.warnings().except(told);
    let counts = if line.codes.has_error() {
        new.any(MENDABLE)
    } else {
        !new.is_empty()
    };
    let is_nothing = judged.shape == Shape::Blank || !judged.raw.starts_with(['/', '#']);
    let is_comment = judged.shape == Shape::Comment;
    is_nothing || !is_comment && (counts || judged.codes.has_error() || judged.raw.contains(is_odd_blank))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_is_to_be_said_of_what_is_beyond_doubt(
            text in "(/([a-c.]|%41|u|null|NaN|[-~_=&,;+:$#é (\\\\]){0,3}){1,3}(\\?|\\*|/){0,3}",
            file in proptest::option::of("[a-c.]{0,3}"),
        ) {
            let context = Context { default_root_object: file, ..Context::default() };
            if is_beyond_doubt(&text, &context) {
                let judged = lint(&text, &context);
                prop_assert!(judged.is_ok() && judged.codes.warnings().is_empty(), "{text}: {judged:?}");
                prop_assert_eq!(&*plain(&text, &context), &text);
            }
        }

        #[test]
        fn nothing_new_is_to_be_said_of_what_a_line_is_sent_as(
            raw in "(https://x.y)?(/([a-c.]|%41|%7B|%2f|u|null|[-~_=&,;+:$#é* %{}<>\\[\\]＊\u{a0}]){0,4}){1,3}[ ?*]?",
        ) {
            let context = Context::default();
            let line = lint(&raw, &context);
            if is_wire_of(&line, &line.wire, &context) {
                let judged = lint(&line.wire, &context);
                let new = judged.codes.except(line.codes);
                prop_assert!(!is_worse(&line, &judged) && !new.any(pattern::CODES.with(Code::WholeSite)), "{judged:?}");
            }
        }
    }

    #[test]
    fn a_path_that_looks_like_a_file_of_windows_keeps_its_host() {
        let context = Context::default();
        let line = lint("https://x.y/u:/", &context);
        assert!(line.is_ok() && !lint("/u:/", &context).is_ok());
        assert!(!is_wire_of(&line, "/u:/", &context));
    }

    #[test]
    fn what_is_added_to_a_plain_path_is_beyond_doubt() {
        let context = Context::default();
        for text in ["/a", "/a/", "/a/index.html", "/a-b/*", "/search?*", "/a*"] {
            assert!(is_beyond_doubt(text, &context), "{text}");
        }
        for text in [
            "/", "/*", "/?*", "a", "/a//b", "/./a", "/null", "/a%20b", "/a**", "/a?x", "/a*?", "",
        ] {
            assert!(!is_beyond_doubt(text, &context), "{text}");
        }
        let long = |length: usize| format!("/{}", "a".repeat(length - 1));
        assert!(is_beyond_doubt(&long(MAX_PATH), &context) && !is_beyond_doubt(&long(MAX_PATH + 1), &context));
    }
}
