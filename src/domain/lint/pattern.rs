//! Detects text that was intended as a placeholder, and characters that only look like others. CloudFront takes all of
//! them literally.
//!
//! Each part of a path is checked both raw and decoded, so that an encoded pattern is recognized as well.

use super::scan::Marks;
use super::table::{Code, Codes};
use crate::domain::encoding;

/// The extensions of built files whose names may contain a route pattern and that browsers actually request.
const BUILT: [&str; 4] = [".js", ".mjs", ".css", ".map"];

/// The words that a template prints for a missing value.
const NO_VALUE: [&str; 4] = ["undefined", "null", "NaN", "[object Object]"];

/// Characters that look like `*` or `/`, with the character that each resembles.
const TWINS: [(char, char); 7] = [
    ('＊', '*'),
    ('∗', '*'),
    ('⁎', '*'),
    ('✱', '*'),
    ('／', '/'),
    ('∕', '/'),
    ('⁄', '/'),
];

/// Returns the codes of this module that apply to a path with the given marks.
pub(super) fn codes(path: &str, marks: Marks) -> Codes {
    let mut codes = Codes::NONE;
    if marks.may_stand_for_more() {
        codes.set(Code::UnfilledVariable, position(path, Code::UnfilledVariable).is_some());
        codes.set(Code::RoutePattern, position(path, Code::RoutePattern).is_some());
    }
    if marks.may_look_alike() {
        codes.set(Code::LookAlike, position(path, Code::LookAlike).is_some());
    }
    codes
}

/// All codes of this module; none of them has a safe fix.
pub(super) const CODES: Codes = Codes::NONE
    .with(Code::UnfilledVariable)
    .with(Code::RoutePattern)
    .with(Code::LookAlike);

/// Returns the position at which a wildcard would have to end, or `None` if the code does not apply to the path.
pub(super) fn position(path: &str, code: Code) -> Option<usize> {
    let is_built = code == Code::RoutePattern && is_built(path);
    let mut at = 0;
    path.split(['/', '?']).find_map(|part| {
        let start = at;
        at += part.len() + 1;
        let decoded = part.contains('%').then(|| encoding::decoded(part)).flatten();
        let text = decoded.as_deref().unwrap_or(part);
        (!is_built && is(text, code)).then(|| start + beginning(part, code))
    })
}

/// Returns the position of the first placeholder or look-alike character.
pub(super) fn first(path: &str) -> Option<usize> {
    let kinds = [Code::UnfilledVariable, Code::RoutePattern, Code::LookAlike];
    kinds.into_iter().filter_map(|code| position(path, code)).min()
}

fn is_built(path: &str) -> bool {
    let file = path.split('?').next().unwrap_or(path);
    BUILT.iter().any(|ending| file.ends_with(ending))
}

fn is(part: &str, code: Code) -> bool {
    match code {
        Code::UnfilledVariable => is_unfilled(part),
        Code::RoutePattern => !is_unfilled(part) && is_route(part),
        Code::LookAlike => part.ends_with('…') || part.contains(|c| twin(c).is_some()),
        _ => false,
    }
}

fn is_unfilled(part: &str) -> bool {
    let between = |open: &str, close: &str| part.split_once(open).is_some_and(|(_, rest)| rest.contains(close));
    NO_VALUE.contains(&part)
        || between("${", "}")
        || between("{{", "}}")
        || between("<%", "%>")
        || is_shell_variable(part)
}

/// Detects `$BUILD_ID`. Names in lower case are not reported, because they occur in real paths.
fn is_shell_variable(part: &str) -> bool {
    let is_name = |name: &str| {
        name.len() > 1
            && name.starts_with(|c: char| c.is_ascii_uppercase())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    part.strip_prefix('$').is_some_and(is_name)
}

/// Detects variable parts as routers write them: `{id}`, `[...slug]`, `<int:id>`, `:path`.
fn is_route(part: &str) -> bool {
    let names = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '.' | '_' | '['));
    let between = |open: char, close: char| {
        part.split_once(open)
            .is_some_and(|(_, rest)| names(rest) && rest.contains(close))
    };
    let whole = part
        .strip_prefix('<')
        .is_some_and(|rest| names(rest) && rest.ends_with('>'));
    let colon = part
        .strip_prefix(':')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    between('{', '}') || between('[', ']') || whole || colon
}

/// Returns the position at which the placeholder starts within its part of the path.
fn beginning(part: &str, code: Code) -> usize {
    let begins = |c: char| match code {
        Code::LookAlike => !c.is_ascii() || c == '%',
        _ => matches!(c, '{' | '[' | '<' | '$' | '%'),
    };
    if NO_VALUE.contains(&part) {
        return 0;
    }
    part.find(begins).unwrap_or(0)
}

/// Returns the path with look-alikes replaced by the characters they resemble, or `None` if there are none.
pub(super) fn without_twins(path: &str) -> Option<String> {
    let plain: String = path.chars().map(|c| twin(c).unwrap_or(c)).collect();
    (plain != path).then_some(plain)
}

/// Returns the text that the code applies to, for the message.
pub(super) fn seen(path: &str, code: Code) -> String {
    let at = position(path, code).unwrap_or(path.len());
    let rest = path.get(at..).unwrap_or_default();
    match code {
        Code::LookAlike => rest.chars().find(|&c| twin(c).is_some() || c == '…').map(String::from),
        _ => rest.split(['/', '?']).next().map(|part| part.trim_end().to_owned()),
    }
    .unwrap_or_else(|| rest.to_owned())
}

fn twin(c: char) -> Option<char> {
    let like = || TWINS.iter().find(|(like, _)| *like == c);
    (!c.is_ascii()).then(like).flatten().map(|(_, plain)| *plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_would_end_before_what_stands_for_something() {
        for (path, code, before) in [
            ("/test/[...slug]", Code::RoutePattern, "/test/"),
            ("/users/{id}/x", Code::RoutePattern, "/users/"),
            ("/posts/post-{id}.html", Code::RoutePattern, "/posts/post-"),
            ("/users/%7Bid%7D", Code::RoutePattern, "/users/"),
            ("/:path*", Code::RoutePattern, "/"),
            ("/a/<int:id>", Code::RoutePattern, "/a/"),
            ("/a/${X}/b", Code::UnfilledVariable, "/a/"),
            ("/a/{{ page.url }}", Code::UnfilledVariable, "/a/"),
            ("/a/undefined/x", Code::UnfilledVariable, "/a/"),
            ("/a/[object Object]", Code::UnfilledVariable, "/a/"),
            ("/a/[object%20Object]", Code::UnfilledVariable, "/a/"),
            ("/a/$BUILD_ID/x", Code::UnfilledVariable, "/a/"),
            ("/x?v=${V}", Code::UnfilledVariable, "/x?v="),
            ("/images＊", Code::LookAlike, "/images"),
            ("/a／b", Code::LookAlike, "/a"),
            ("/a/…", Code::LookAlike, "/a/"),
            ("/a/%EF%BC%8A", Code::LookAlike, "/a/"),
        ] {
            assert_eq!(codes(path, Marks::of(path)), Codes::from(code), "{path}");
            assert_eq!(
                position(path, code).and_then(|at| path.get(..at)),
                Some(before),
                "{path}"
            );
        }
    }

    #[test]
    fn a_pattern_is_named_without_the_blank_behind_it() {
        assert_eq!(seen("/{id}upload: ?x", Code::RoutePattern), "{id}upload:");
    }

    #[test]
    fn what_browsers_ask_for_is_no_pattern() {
        for path in [
            "/a{1}",
            "/{2,3}",
            "/[id].js",
            "/_next/static/chunks/app/[slug]/page-1.js",
            "/a<b>",
            "/a:b",
            "/12:30",
            "/$metadata",
            "/undefined-behavior",
            "/nullable/x",
            "/日本語",
            "/a/...",
            "/{}",
            "/[1]",
        ] {
            assert_eq!(codes(path, Marks::of(path)), Codes::NONE, "{path}");
        }
    }
}
