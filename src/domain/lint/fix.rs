//! The fix for a diagnostic, applied with one key.

use std::borrow::Cow;

use super::context::Context;
use super::escape::{self, Escapes};
use super::line::{Line, Shape, is_edge, is_odd_blank, is_stray};
use super::path::{Subject, before_query, is_plainly_encoded, variants, without_query};
use super::reach::without_ignored;
use super::table::Code;
use super::url::{Address, begins_address, looks_like_host};
use super::{entity, lint, notation, pattern, stray, tag, worse};
use crate::domain::encoding;
use crate::domain::item::{ItemKind, MAX_PATH, is_tag};
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
            clears: "the same".into(),
        }
    }

    /// Creates a fix that is safe unless it is `/*`: a key that fixes many lines must never clear the whole site.
    fn meant(replacement: String) -> Self {
        if replacement == "/*" {
            return Self::offer(replacement, "");
        }
        let clears = "what was meant".into();
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
        Code::ControlCharacter => Some(Fix::offer(text.replace(is_stray, ""), "the path without them")),
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
        (false, _) => Fix::offer(items, "each of them"),
    })
}

fn separated(path: &str) -> Fix {
    let items = notation::separated(path);
    let clears = if items.len() > 1 {
        "each of them"
    } else {
        "the path without it"
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

/// What a fix clears that turns a line into a comment.
pub(super) const BECOMES_COMMENT: &str = "nothing: the line becomes a comment";

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

/// Returns where a wildcard has to end so that it contains no pattern: at `at`, or at an earlier pattern.
fn before_pattern(path: &str, at: usize) -> usize {
    pattern::first(path).map_or(at, |pattern| pattern.min(at))
}

fn slashed(path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{}", path.trim_start_matches("./"))
    }
}

fn missing_slash(path: &str) -> Fix {
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

/// Encodes lone percent signs and the characters that clearly need encoding. The others have their own diagnostics.
fn encoded(path: &str) -> Fix {
    Fix::same(encoding::encode_where(path, |c| c == '%' || is_plainly_encoded(c)).into_owned())
}

fn inner_wildcard(path: &str) -> Option<Fix> {
    let at = path.find('*')?;
    let rest = path.get(at..).unwrap_or_default();
    let fix = wildcard_before(path, before_pattern(path, at))?;
    let is_glob = path.starts_with('/') && rest.bytes().all(|byte| byte == b'*');
    Some(if is_glob { Fix::meant(fix.replacement) } else { fix })
}

/// Suggests a wildcard that ends before the byte at `at`.
fn wildcard_before(path: &str, at: usize) -> Option<Fix> {
    let prefix = slashed(path.get(..at)?);
    let reach = if prefix.ends_with('/') {
        "all of"
    } else {
        "everything that starts with"
    };
    let clears = format!("more: {reach} {prefix}");
    Some(Fix::offer(format!("{prefix}*"), clears))
}

fn tilde(path: &str) -> Option<usize> {
    let encoded = Escapes::of(path).tilde;
    [path.find('~'), encoded].into_iter().flatten().min()
}

fn over_encoded(path: &str) -> Fix {
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
fn too_long(path: &str) -> Option<Fix> {
    let wire = encoding::wire(path);
    let head = wire.get(..MAX_PATH - 1)?;
    let at = head.rfind('/').filter(|&at| at > 0).map(|at| at + 1);
    let whole = head
        .get(MAX_PATH - 3..)
        .and_then(|tail| tail.find('%'))
        .map_or(MAX_PATH - 1, |at| MAX_PATH - 3 + at);
    wildcard_before(&wire, at.unwrap_or(whole))
}

fn whitespace(text: &str) -> Fix {
    if text.contains(is_odd_blank) {
        let plain: String = text.chars().map(|c| if is_odd_blank(c) { ' ' } else { c }).collect();
        return Fix::offer(
            plain.trim_matches(is_edge).to_owned(),
            "the path with an ordinary space",
        );
    }
    Fix::same(text.to_owned())
}

fn ambiguous(path: &str) -> Option<Fix> {
    let written = escape::as_browsers_write(path);
    (written != path).then(|| Fix::offer(written, "what browsers most likely request"))
}

fn fragment(path: &str) -> Option<Fix> {
    if let Some(tag) = path.strip_prefix("/#").filter(|tag| is_tag(tag.as_bytes())) {
        return Some(Fix::offer(format!("#{tag}"), "every object with this tag"));
    }
    let (before, _) = path.split_once('#')?;
    Some(Fix::offer(before.to_owned(), "the page itself"))
}

fn without_dots(path: &str) -> String {
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

fn without_double_slashes(path: &str) -> String {
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

fn origin_path(path: &str, context: &Context) -> Option<Fix> {
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
fn query_ignored(path: &str, context: &Context) -> Option<Fix> {
    let kept = without_ignored(path, context)?;
    Some(if kept.ends_with('*') {
        Fix::offer(kept, "the copies whose query string starts like this")
    } else {
        Fix::meant(kept)
    })
}

fn query_string(path: &str) -> Fix {
    let before = without_query(path);
    Fix::offer(
        format!("{before}\n{before}?*"),
        "the object with and without any query string",
    )
}

fn with_variants(path: &str, code: Code, context: &Context) -> Option<Fix> {
    let variants = variants(path, code, context);
    (!variants.is_empty()).then(|| Fix::offer(format!("{path}\n{}", variants.join("\n")), "these objects as well"))
}

fn wide_wildcard(path: &str) -> Option<Fix> {
    let name = path.strip_suffix('*')?;
    Some(Fix::offer(
        format!("{name}\n{name}/*"),
        "less: this object and everything below it",
    ))
}
