//! The fix for a diagnostic, applied with one key.

mod paths;

use std::borrow::Cow;

use paths::{
    ambiguous, before_pattern, encoded, fragment, inner_wildcard, missing_slash, origin_path, over_encoded,
    query_ignored, query_string, tilde, too_long, whitespace, wide_wildcard, wildcard_before, with_variants,
    without_dots, without_double_slashes,
};

use super::context::Context;
use super::escape;
use super::line::{Line, Shape, is_edge, is_stray};
use super::path::Subject;
use super::table::Code;
use super::url::{Address, begins_address};
use super::{entity, lint, notation, pattern, stray, tag, worse};
use crate::domain::encoding;
use crate::domain::item::ItemKind;
use crate::domain::secret;

/// A replacement for a whole line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The text that replaces the line: one or more lines, separated by `\n`. It is raw text for the editor; before it
    /// is drawn, it must be made [visible](crate::domain::text::visible).
    pub replacement: String,
    /// Whether the fix clears exactly the same objects, or exactly what was clearly intended. Only such fixes are
    /// applied to many lines in one step.
    pub safe: bool,
    /// What the replacement clears, compared with the current line.
    pub clears: Cow<'static, str>,
}

impl Fix {
    pub(super) fn same(replacement: String) -> Self {
        Self {
            replacement,
            safe: true,
            clears: "the same objects".into(),
        }
    }

    /// Creates a fix that is safe unless the replacement is `/*`, because a key that fixes many lines must never clear
    /// the whole site.
    fn meant(replacement: String) -> Self {
        if replacement == "/*" {
            return Self::offer(replacement, "");
        }
        let clears = "what you meant".into();
        Self {
            replacement,
            safe: true,
            clears,
        }
    }

    pub(super) fn offer(replacement: String, clears: impl Into<Cow<'static, str>>) -> Self {
        let clears = if replacement == "/*" {
            "the whole site".into()
        } else {
            clears.into()
        };
        Self {
            replacement,
            safe: false,
            clears,
        }
    }
}

/// Returns the fix, if any, for one diagnostic of a line.
///
/// `text` is the line without surrounding spaces, and `subject` is the path in it.
pub(super) fn fix(line: &Line<'_>, text: &str, subject: &Subject<'_>, code: Code, context: &Context) -> Option<Fix> {
    if line.shape == Shape::Item(ItemKind::Tag) {
        return worse::never(line, tag::fix(text, code)?, context);
    }
    if code == Code::LookAlike {
        return look_alike(&subject.path).find_map(|fix| worse::never(line, fix, context));
    }
    let fix = path_fix(text, &subject.path, code, context).filter(says_something)?;
    // A path that starts with two slashes can be mistaken for a host, so it is not suggested without its URL.
    let misread = |line: &str| line.starts_with("//") && Address::of(line, context).is_some();
    if subject.address.is_some() && fix.replacement.lines().any(misread) {
        return None;
    }
    let fix = worse::never(line, fix, context)?;
    let must_send_the_same = matches!(
        code,
        Code::FullUrl | Code::Whitespace | Code::Encoded | Code::LonePercent
    );
    // Converting to the wire form is idempotent, and most suggestions do nothing else.
    let is_wire = fix.replacement == line.wire && !fix.replacement.starts_with("//");
    let differs = || !is_wire && lint(&fix.replacement, context).wire != line.wire;
    Some(Fix {
        safe: fix.safe && !(must_send_the_same && differs()),
        ..fix
    })
}

/// Returns whether a fix has visible content. A blank suggestion would leave a gap in the sentence and delete the line
/// that it is supposed to fix.
fn says_something(fix: &Fix) -> bool {
    let is_blank = |line: &str| line.chars().all(|c| is_edge(c) || is_stray(c));
    !fix.replacement.is_empty() && !fix.replacement.lines().any(is_blank)
}

fn path_fix(text: &str, path: &str, code: Code, context: &Context) -> Option<Fix> {
    match code {
        Code::ControlCharacter => Some(Fix::offer(
            text.replace(is_stray, ""),
            "the path without control characters",
        )),
        Code::ShellExpansion => Some(Fix::offer("/*".to_owned(), "")),
        Code::ForeignScheme | Code::HostMismatch => Some(Fix::offer(path.to_owned(), "this path on this distribution")),
        Code::WindowsPath => stray::before_windows(text).map(Fix::meant),
        Code::SeveralItems | Code::ListSyntax => of_notation(text),
        Code::UnfilledVariable | Code::RoutePattern => wildcard_before(path, pattern::position(path, code)?),
        Code::ListSeparator => Some(separated(path)),
        Code::HtmlEntity => Some(entities(path)),
        Code::InnerWildcard => inner_wildcard(path),
        Code::Tilde => wildcard_before(path, before_pattern(path, tilde(path)?)),
        Code::OverEncoded => Some(over_encoded(path)),
        Code::MissingSlash => Some(missing_slash(path)),
        Code::TooLong => too_long(path),
        Code::FullUrl => Some(Fix::same(path.to_owned())),
        Code::Whitespace => Some(whitespace(text)),
        Code::Encoded => Some(encoded(path)),
        Code::LonePercent => Some(Fix::same(encoding::encode_where(path, |c| c == '%').into_owned())),
        Code::DoubleEncoded => Some(Fix::offer(
            path.replacen("%25", "%", 1),
            "the object whose name is encoded once",
        )),
        Code::AmbiguousEncoding => ambiguous(path),
        Code::Fragment => fragment(path),
        Code::Backslash => Some(Fix::offer(escape::without_backslashes(path), "what browsers request")),
        Code::DotSegments => Some(Fix::offer(without_dots(path), "what browsers request")),
        Code::DoubleSlash => Some(Fix::offer(
            without_double_slashes(path),
            "the object with a single slash",
        )),
        Code::OriginPath => origin_path(path, context),
        Code::SignedUrl => secret::without_signature(path).map(Fix::meant),
        Code::QueryIgnored => query_ignored(path, context),
        Code::QueryString => Some(query_string(path)),
        Code::NonAscii | Code::PlusSign | Code::DirectoryVariants | Code::RootVariants | Code::QueryVariants => {
            with_variants(path, code, context)
        }
        Code::WideWildcard => wide_wildcard(path),
        Code::PerhapsCovered => Some(Fix::offer(format!("# {text}"), "probably the same")),
        Code::LookAlike
        | Code::SmoothStreaming
        | Code::WholeSite
        | Code::FunctionRewrite
        | Code::KeyVariants
        | Code::EdgeBlind
        | Code::StagingTwin
        | Code::Covered
        | Code::Duplicate
        | Code::TagFormat
        | Code::TagUnsupported
        | Code::TagUnknown
        | Code::TagWildcard
        | Code::TagPath => None,
    }
}

/// Suggests the items found in a line in another notation. A line without items becomes a comment.
fn of_notation(text: &str) -> Option<Fix> {
    let reading = notation::read(text)?;
    if reading.items.is_empty() {
        return Some(Fix {
            clears: BECOMES_COMMENT.into(),
            ..Fix::meant(format!("# {text}"))
        });
    }
    let mut safe = reading.certain;
    let lines: Vec<String> = reading.items.into_iter().map(|item| as_item(item, &mut safe)).collect();
    let items = lines.join("\n");
    Some(match (safe, lines.len()) {
        (true, _) => Fix::meant(items),
        (false, 1) => Fix::offer(items, "this path, if you meant a path"),
        (false, _) => Fix::offer(items, "each item"),
    })
}

fn separated(path: &str) -> Fix {
    let items = notation::separated(path);
    let clears = if items.len() > 1 {
        "each item"
    } else {
        "the path without the separator"
    };
    Fix::offer(items.join("\n"), clears)
}

/// Turns an item from another notation into an item of this program. Sets `safe` to false if the result is a guess.
fn as_item(item: String, safe: &mut bool) -> String {
    if item.starts_with(['/', '#']) || begins_address(&item) {
        return item;
    }
    let fix = missing_slash(&item);
    *safe &= fix.safe;
    fix.replacement
}

/// The description of what a fix clears when it turns a line into a comment.
pub(super) const BECOMES_COMMENT: &str = "nothing, as the line becomes a comment";

/// Decodes character references. The fix is not safe if this produces a `*` or `?`, which may have been meant
/// literally.
fn entities(path: &str) -> Fix {
    let decoded = entity::decoded(path);
    let count = |text: &str| text.matches(['*', '?']).count();
    if count(&decoded) == count(path) {
        Fix::meant(decoded)
    } else {
        Fix::offer(decoded, "what browsers request")
    }
}

/// Suggests the characters that were most likely intended, or else a wildcard that ends before them.
fn look_alike(path: &str) -> impl Iterator<Item = Fix> {
    let plain = pattern::without_twins(path).map(|plain| {
        Fix::offer(
            plain,
            "the path spelled with the ordinary \
        character",
        )
    });
    let before = pattern::position(path, Code::LookAlike).and_then(|at| wildcard_before(path, at));
    plain.into_iter().chain(before)
}
