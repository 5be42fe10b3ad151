//! Cache tags: `#` followed by printable ASCII characters.

use std::borrow::Cow;

use super::context::Context;
use super::fix::{BECOMES_COMMENT, Fix};
use super::line::{Line, Shape};
use super::table::{Code, Codes};
use crate::domain::item::{ItemKind, MAX_TAG, is_tag, is_tag_byte};

/// Checks a line that starts with `#` and is not a comment.
pub(super) fn lint<'a>(raw: &'a str, text: &'a str, context: &Context) -> Line<'a> {
    let codes = error(text, context).map_or_else(|| remarks(raw, text, context), Codes::from);
    Line {
        raw,
        shape: Shape::Item(ItemKind::Tag),
        wire: Cow::Borrowed(text),
        codes,
    }
}

fn error(text: &str, context: &Context) -> Option<Code> {
    if !text.strip_prefix('#').is_some_and(|tag| is_tag(tag.as_bytes())) {
        return Some(Code::TagFormat);
    }
    (context.china || context.cache_tags == Some(false)).then_some(Code::TagUnsupported)
}

fn remarks(raw: &str, text: &str, context: &Context) -> Codes {
    let mut codes = Codes::NONE;
    codes.set(Code::TagUnknown, context.tags_denied && context.cache_tags.is_none());
    codes.set(Code::Whitespace, text.len() < raw.len());
    codes.set(Code::TagWildcard, text.ends_with('*'));
    codes.set(Code::TagPath, text.starts_with("#/"));
    codes
}

/// Returns the fix for a diagnostic about a tag.
pub(super) fn fix(text: &str, code: Code) -> Option<Fix> {
    let tag = text.strip_prefix('#')?;
    match code {
        Code::Whitespace => Some(Fix::same(text.to_owned())),
        Code::TagFormat => of_format(text, tag),
        Code::TagWildcard => without_star(text),
        Code::TagPath => Some(Fix::offer(format!("# {tag}"), BECOMES_COMMENT)),
        _ => None,
    }
}

fn without_star(text: &str) -> Option<Fix> {
    let bare = text.trim_end_matches('*');
    (bare.len() > 1).then(|| Fix::offer(bare.to_owned(), "the tag without the *"))
}

fn of_format(text: &str, tag: &str) -> Option<Fix> {
    let words: Vec<_> = text.split([' ', ',', '\t']).filter(|word| !word.is_empty()).collect();
    let tags = words
        .iter()
        .all(|word| word.strip_prefix('#').is_some_and(|tag| is_tag(tag.as_bytes())) || word.starts_with('/'));
    if words.len() > 1 && tags {
        return Some(Fix::offer(words.join("\n"), "each item"));
    }
    (!tag.is_empty()).then(|| Fix::offer(format!("# {tag}"), BECOMES_COMMENT))
}

/// Explains what is wrong with the form of a tag, and how to fix it.
pub(super) fn format_fault(text: &str) -> String {
    let tag = text.trim_start_matches('#');
    if tag.is_empty() && text.len() == 1 {
        return "A lone # is not a tag. Write #name, or put a space after # for a comment.".to_owned();
    }
    if text.len() - 1 > MAX_TAG {
        return format!(
            "A tag can have at most 256 characters, but this one has {}. Shorten it.",
            text.len() - 1
        );
    }
    match text.chars().find(|&c| !u8::try_from(c).is_ok_and(is_tag_byte)) {
        Some(' ') => "A tag cannot contain spaces. Put each tag on its own line, or put a space after # for a comment."
            .to_owned(),
        Some(',') => "A tag cannot contain commas. Put each tag on its own line.".to_owned(),
        _ => "A tag can contain only printable ASCII characters. Write it as the origin sends it.".to_owned(),
    }
}

/// Explains why tags have no effect on this target.
pub(super) fn unsupported(context: &Context) -> &'static str {
    if context.china {
        "The China regions do not support cache tags. Clear the paths instead."
    } else {
        "This distribution has no CacheTagConfig, so the tag would be accepted and billed but clear nothing. Set one up first, or clear the paths."
    }
}
