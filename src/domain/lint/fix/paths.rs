//! The paths that replace a questionable path.

use super::super::context::Context;
use super::super::escape::{self, Escapes};
use super::super::line::{is_edge, is_odd_blank};
use super::super::path::{before_query, is_plainly_encoded, variants, without_query};
use super::super::pattern;
use super::super::reach::without_ignored;
use super::super::table::Code;
use super::super::url::looks_like_host;
use super::Fix;
use crate::domain::encoding;
use crate::domain::item::{MAX_PATH, is_tag};

pub(super) fn slashed(path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{}", path.trim_start_matches("./"))
    }
}

pub(super) fn missing_slash(path: &str) -> Fix {
    if let Some(plain) = pattern::without_twins(path).filter(|plain| plain.starts_with('/')) {
        return Fix::offer(plain, "the path spelled with the ordinary character");
    }
    let bare = path.trim_start_matches("./");
    let first = bare.split('/').next().unwrap_or_default();
    let plain = first
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
    let file = !first.is_empty() && first != ".." && !first.starts_with('-');
    if plain && file && !(bare.contains('/') && looks_like_host(first)) {
        Fix::meant(slashed(path))
    } else {
        Fix::offer(slashed(path), "this path, if you meant a path")
    }
}

/// Encodes lone percent signs and the characters that clearly need encoding. Other characters have their own
/// diagnostics.
pub(super) fn encoded(path: &str) -> Fix {
    Fix::same(encoding::encode_where(path, |c| c == '%' || is_plainly_encoded(c)).into_owned())
}

pub(super) fn inner_wildcard(path: &str) -> Option<Fix> {
    let at = path.find('*')?;
    let rest = path.get(at..).unwrap_or_default();
    let fix = wildcard_before(path, before_pattern(path, at))?;
    let is_glob = path.starts_with('/') && rest.bytes().all(|byte| byte == b'*');
    Some(if is_glob { Fix::meant(fix.replacement) } else { fix })
}

/// Suggests a wildcard that ends before the byte at `at`.
pub(super) fn wildcard_before(path: &str, at: usize) -> Option<Fix> {
    let prefix = slashed(path.get(..at)?);
    let reach = if prefix.ends_with('/') {
        "all of"
    } else {
        "everything that starts with"
    };
    let clears = format!("more: {reach} {prefix}");
    Some(Fix::offer(format!("{prefix}*"), clears))
}

pub(super) fn tilde(path: &str) -> Option<usize> {
    let encoded = Escapes::of(path).tilde;
    [path.find('~'), encoded].into_iter().flatten().min()
}

pub(super) fn over_encoded(path: &str) -> Fix {
    let (decoded, plain) = escape::without_over_encoding(path);
    match plain {
        true => Fix::meant(decoded),
        // Decoding may have produced a `*`, which is allowed only once and only at the end.
        false if let Some(at) = decoded.find('*') => {
            let prefix = decoded.get(..at).unwrap_or_default();
            Fix::offer(format!("{prefix}*"), format!("everything that starts with {prefix}"))
        }
        false => Fix::offer(decoded, "the object that viewers request"),
    }
}

/// Suggests a wildcard at the last folder that leaves room for the `*`, without splitting an escape.
pub(super) fn too_long(path: &str) -> Option<Fix> {
    let wire = encoding::wire(path);
    let head = wire.get(..MAX_PATH - 1)?;
    let at = head.rfind('/').filter(|&at| at > 0).map(|at| at + 1);
    let whole = head
        .get(MAX_PATH - 3..)
        .and_then(|tail| tail.find('%'))
        .map_or(MAX_PATH - 1, |at| MAX_PATH - 3 + at);
    wildcard_before(&wire, at.unwrap_or(whole))
}

pub(super) fn whitespace(text: &str) -> Fix {
    if text.contains(is_odd_blank) {
        let plain: String = text.chars().map(|c| if is_odd_blank(c) { ' ' } else { c }).collect();
        return Fix::offer(
            plain.trim_matches(is_edge).to_owned(),
            "the path with an ordinary space",
        );
    }
    Fix::same(text.to_owned())
}

pub(super) fn ambiguous(path: &str) -> Option<Fix> {
    let written = escape::as_browsers_write(path);
    (written != path).then(|| Fix::offer(written, "what browsers most likely request"))
}

pub(super) fn fragment(path: &str) -> Option<Fix> {
    if let Some(tag) = path.strip_prefix("/#").filter(|tag| is_tag(tag.as_bytes())) {
        return Some(Fix::offer(format!("#{tag}"), "every object with this tag"));
    }
    let (before, _) = path.split_once('#')?;
    Some(Fix::offer(before.to_owned(), "the page itself"))
}

pub(super) fn without_dots(path: &str) -> String {
    let before = before_query(path);
    let query = path.get(before.len()..).unwrap_or_default();
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = before.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            name => kept.push(name),
        }
    }
    format!("/{}{query}", kept.join("/"))
}

pub(super) fn without_double_slashes(path: &str) -> String {
    let before = before_query(path);
    let query = path.get(before.len()..).unwrap_or_default();
    let mut joined = String::with_capacity(path.len());
    for c in before.chars() {
        if !(c == '/' && joined.ends_with('/')) {
            joined.push(c);
        }
    }
    joined + query
}

pub(super) fn origin_path(path: &str, context: &Context) -> Option<Fix> {
    let rest = path.strip_prefix(context.origin_path(path)?)?;
    let viewer = if rest.starts_with('/') {
        rest.to_owned()
    } else {
        format!("/{rest}")
    };
    Some(Fix::offer(viewer, "the object that viewers request"))
}

/// Removes the query parameters that are not part of the cache key. For a wildcard, this is only a guess at which
/// copies are intended.
pub(super) fn query_ignored(path: &str, context: &Context) -> Option<Fix> {
    let kept = without_ignored(path, context)?;
    Some(if kept.ends_with('*') {
        Fix::offer(kept, "the copies whose query string starts like this")
    } else {
        Fix::meant(kept)
    })
}

pub(super) fn query_string(path: &str) -> Fix {
    let before = without_query(path);
    Fix::offer(
        format!("{before}\n{before}?*"),
        "the object with and without any query string",
    )
}

pub(super) fn with_variants(path: &str, code: Code, context: &Context) -> Option<Fix> {
    let variants = variants(path, code, context);
    (!variants.is_empty()).then(|| Fix::offer(format!("{path}\n{}", variants.join("\n")), "these objects as well"))
}

pub(super) fn wide_wildcard(path: &str) -> Option<Fix> {
    let name = path.strip_suffix('*')?;
    Some(Fix::offer(
        format!("{name}\n{name}/*"),
        "less: this object and everything below it",
    ))
}

/// Returns where a wildcard has to end so that it contains no pattern: at `at`, or at an earlier pattern.
pub(super) fn before_pattern(path: &str, at: usize) -> usize {
    pattern::first(path).map_or(at, |pattern| pattern.min(at))
}
