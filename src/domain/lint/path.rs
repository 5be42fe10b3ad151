//! Paths and wildcards: every rule for a single line that is not a tag.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization as _, is_nfc, is_nfd};

use super::context::Context;
use super::entity;
use super::escape::Escapes;
use super::line::{Line, Shape, is_edge, is_odd_blank, is_stray};
use super::notation;
use super::pattern;
use super::reach::{self, without_ignored};
use super::scan::Marks;
use super::stray;
use super::table::{Code, Codes};
use super::url::Address;
use crate::domain::encoding;
use crate::domain::item::{ItemKind, MAX_PATH};
use crate::domain::secret;

/// The part of a line that is checked, without surrounding spaces, scheme and host.
pub(super) struct Subject<'a> {
    /// The path and query string as typed.
    pub(super) path: Cow<'a, str>,
    /// The URL that the path was taken from.
    pub(super) address: Option<Address<'a>>,
}

impl<'a> Subject<'a> {
    /// Extracts the path from a trimmed line.
    pub(super) fn of(text: &'a str, context: &Context) -> Self {
        let may_be_address = !text.starts_with('/') || text.starts_with("//");
        match may_be_address.then(|| Address::of(text, context)).flatten() {
            Some(address) => Self {
                path: address.path.clone(),
                address: Some(address),
            },
            None => Self {
                path: Cow::Borrowed(text),
                address: None,
            },
        }
    }
}

/// Checks a line that is not a tag.
pub(super) fn lint<'a>(raw: &'a str, text: &'a str, marks: Marks, context: &Context) -> Line<'a> {
    let found = stray_error(text, marks);
    let subject = Subject::of(text, context);
    let marks = if subject.address.is_some() {
        Marks::of(&subject.path)
    } else {
        marks
    };
    let wire = wire_of(&subject, marks);
    let error = found
        .or_else(|| subject_error(&subject, context))
        .or_else(|| path_error(&subject.path, &wire, marks));
    let codes = error.map_or_else(|| remarks((raw, text), &subject, &wire, marks, context), Codes::from);
    Line {
        raw,
        shape: Shape::Item(ItemKind::of(&wire)),
        wire,
        codes,
    }
}

fn wire_of<'a>(subject: &Subject<'a>, marks: Marks) -> Cow<'a, str> {
    if !marks.needs_encoding() {
        return subject.path.clone();
    }
    match &subject.path {
        Cow::Borrowed(path) => encoding::wire(path),
        Cow::Owned(path) => Cow::Owned(encoding::wire(path).into_owned()),
    }
}

/// Returns the error for text that is not a path at all.
fn stray_error(text: &str, marks: Marks) -> Option<Code> {
    if marks.any(Marks::STRAY) {
        // A tab is a control character, but also separates the cells of a table.
        return notation_error(text)
            .filter(|_| is_table(text))
            .or(Some(Code::ControlCharacter));
    }
    if marks.any(Marks::BLANK.or(Marks::ODD_BLANK)) && stray::is_shell_expansion(text) {
        return Some(Code::ShellExpansion);
    }
    if marks.any(Marks::COLON.or(Marks::BACKSLASH)) && stray::is_windows_path(text) {
        return Some(Code::WindowsPath);
    }
    let may_be_other = !text.starts_with('/') || marks.any(Marks::BLANK.or(Marks::ODD_BLANK));
    may_be_other.then(|| notation_error(text)).flatten()
}

fn notation_error(text: &str) -> Option<Code> {
    notation::read(text).map(|reading| reading.code())
}

/// Returns whether all stray characters of the text are tabs.
fn is_table(text: &str) -> bool {
    text.contains('\t') && !text.contains(|c| c != '\t' && is_stray(c))
}

fn subject_error(subject: &Subject<'_>, context: &Context) -> Option<Code> {
    subject.address.as_ref().and_then(|address| address.error(context))
}

/// Returns the error in the path itself, if any.
fn path_error(path: &str, wire: &str, marks: Marks) -> Option<Code> {
    let escapes = escapes(path, marks);
    // This is checked first because removing a signed query string also removes any other mistake in it.
    if marks.any(Marks::QUERY) && secret::is_signed(path) {
        Some(Code::SignedUrl)
    } else if marks.any(Marks::STAR) && path.find('*').is_some_and(|at| at + 1 < path.len()) {
        Some(Code::InnerWildcard)
    } else if marks.any(Marks::TILDE) || escapes.tilde.is_some() {
        Some(Code::Tilde)
    } else if escapes.over.is_some() {
        Some(Code::OverEncoded)
    } else if !path.starts_with('/') {
        Some(Code::MissingSlash)
    } else {
        (wire.len() > MAX_PATH).then_some(Code::TooLong)
    }
}

fn escapes(path: &str, marks: Marks) -> Escapes {
    if marks.any(Marks::PERCENT) {
        Escapes::of(path)
    } else {
        Escapes::default()
    }
}

/// Returns every warning and hint about a path that may be sent.
fn remarks((raw, text): (&str, &str), subject: &Subject<'_>, wire: &str, marks: Marks, context: &Context) -> Codes {
    let path = &*subject.path;
    let mut codes = Codes::NONE;
    codes.set(Code::FullUrl, subject.address.is_some());
    codes.set(Code::Whitespace, text.len() < raw.len());
    if marks.needs_encoding() {
        codes = codes.and(encoding_remarks(path, wire, marks));
    }
    if marks.any(Marks::JOINT) {
        codes = codes.and(joint_remarks(path));
    }
    codes = codes.and(meaning_remarks(path, marks));
    codes.set(Code::OriginPath, context.origin_path(path).is_some());
    if marks.any(Marks::QUERY) {
        codes = codes.and(Codes::from(query_remark(path, context)));
    }
    codes.set(Code::SmoothStreaming, reach::smooth_streaming(path, context).is_some());
    codes.set(Code::WholeSite, path == "/*");
    if codes.is_beyond_question() && !marks.any(Marks::QUERY) {
        codes = codes.and(reach_remarks(path, context));
    }
    codes.and(reach::remarks(path, context))
}

/// Returns the codes for characters that are sent literally, although something else may have been intended.
fn meaning_remarks(path: &str, marks: Marks) -> Codes {
    let mut codes = pattern::codes(path, marks);
    let has_entity = marks.any(Marks::AMPERSAND) && entity::first(path).is_some();
    codes.set(Code::HtmlEntity, has_entity);
    // The semicolon may belong to the character reference.
    let may_be_list = marks.any(Marks::SEPARATOR) && !has_entity;
    codes.set(Code::ListSeparator, may_be_list && notation::is_separated(path));
    codes.set(Code::PlusSign, marks.any(Marks::PLUS) && with_blanks(path).is_some());
    codes
}

/// Returns the path with `%20` for each `+` between letters or digits, or `None` if there is no such `+`. In a query
/// string, `+` means a space anyway.
fn with_blanks(path: &str) -> Option<String> {
    let before = before_query(path);
    let is_joint = |at: usize| {
        let (left, right) = (
            before.get(..at)?.chars().next_back()?,
            before.get(at + 1..)?.chars().next()?,
        );
        Some(left.is_alphanumeric() && right.is_alphanumeric())
    };
    let joints: Vec<usize> = before
        .match_indices('+')
        .map(|(at, _)| at)
        .filter(|&at| is_joint(at) == Some(true))
        .collect();
    let mut blank = path.to_owned();
    for &at in joints.iter().rev() {
        blank.replace_range(at..=at, "%20");
    }
    (!joints.is_empty()).then_some(blank)
}

fn encoding_remarks(path: &str, wire: &str, marks: Marks) -> Codes {
    let mut codes = Codes::NONE;
    codes.set(Code::Encoded, marks.any(Marks::UNSAFE.or(Marks::BLANK).or(Marks::WIDE)));
    codes.set(Code::Whitespace, marks.any(Marks::ODD_BLANK));
    codes.set(Code::Fragment, marks.any(Marks::HASH));
    codes.set(Code::Backslash, marks.any(Marks::BACKSLASH));
    let escapes = escapes(path, marks);
    codes.set(Code::LonePercent, escapes.lone.is_some());
    codes.set(Code::DoubleEncoded, escapes.double.is_some());
    codes.set(Code::AmbiguousEncoding, escapes.ambiguous.is_some());
    codes.set(
        Code::NonAscii,
        marks.any(Marks::HIGH.or(Marks::PERCENT)) && has_other_form(path, wire, marks),
    );
    codes
}

/// Returns whether a character clearly needs encoding. Questionable characters have their own diagnostics.
pub(super) fn is_plainly_encoded(c: char) -> bool {
    !matches!(c, '%' | '#' | '\\') && !is_odd_blank(c) && !encoding::is_wire(c.encode_utf8(&mut [0; 4]))
}

/// Returns whether the text has accents that can be composed or decomposed.
fn has_other_form(path: &str, wire: &str, marks: Marks) -> bool {
    // Most accents are composed, so checking for NFD first finds a difference at the first accent.
    let differs = |text: &str| !is_nfd(text) || !is_nfc(text);
    if !marks.any(Marks::PERCENT) {
        return differs(path);
    }
    let beyond_ascii = wire
        .as_bytes()
        .windows(2)
        .any(|pair| matches!(pair, [b'%', high] if *high >= b'8'));
    beyond_ascii && encoding::decoded(wire).is_some_and(|text| differs(&text))
}

/// Returns the part of a path before the query string.
pub(super) fn before_query(path: &str) -> &str {
    path.split_once('?').map_or(path, |(before, _)| before)
}

/// Returns the part of a path before the query string as a line of its own. A trailing space is encoded, because it
/// would otherwise be trimmed.
pub(super) fn without_query(path: &str) -> Cow<'_, str> {
    let before = before_query(path);
    if before.ends_with(is_edge) {
        encoding::wire(before)
    } else {
        Cow::Borrowed(before)
    }
}

fn joint_remarks(path: &str) -> Codes {
    let before = before_query(path);
    let mut codes = Codes::NONE;
    codes.set(Code::DoubleSlash, before.contains("//"));
    codes.set(
        Code::DotSegments,
        before.split('/').any(|segment| matches!(segment, "." | "..")),
    );
    codes
}

fn query_remark(path: &str, context: &Context) -> Code {
    if without_ignored(path, context).is_some() {
        Code::QueryIgnored
    } else {
        Code::QueryString
    }
}

/// Returns the codes about the objects that a well-formed path clears or does not clear.
fn reach_remarks(path: &str, context: &Context) -> Codes {
    let mut codes = Codes::NONE;
    let root = is_root(path, context);
    let name = last_segment(path);
    let is_file = has_dot(name);
    codes.set(Code::RootVariants, root);
    codes.set(Code::DirectoryVariants, !root && has_directory_variants(name, is_file));
    codes.set(Code::WideWildcard, !is_file && is_wide(name));
    codes
}

/// Returns whether viewers may get this object for `/`.
fn is_root(path: &str, context: &Context) -> bool {
    path == "/" || path.strip_prefix('/') == Some(root_object(context)).filter(|name| !name.is_empty())
}

/// Returns the default root object, or the most likely one if it is unknown.
pub(super) fn root_object(context: &Context) -> &str {
    context.default_root_object.as_deref().unwrap_or("index.html")
}

// The next two functions compare bytes, not characters, because they run on every clean line of a long list.

fn last_segment(path: &str) -> &str {
    let slash = path.as_bytes().iter().rposition(|&byte| byte == b'/');
    slash.and_then(|at| path.get(at + 1..)).unwrap_or(path)
}

fn has_dot(name: &str) -> bool {
    name.as_bytes().contains(&b'.')
}

/// Returns whether a name has folder variants. A name without a dot is most likely a folder. A `*` can only be the last
/// character of a path that may be sent.
fn has_directory_variants(name: &str, is_file: bool) -> bool {
    matches!(name, "" | "*" | "index.html") || !(is_file || name.ends_with('*'))
}

/// Returns whether a wildcard ends within a name without a dot, where a folder is often intended.
fn is_wide(name: &str) -> bool {
    name.len() > 1 && name.ends_with('*')
}

/// Returns the raw paths of objects that the user may regard as the same object.
pub(super) fn variants(path: &str, code: Code, context: &Context) -> Vec<String> {
    match code {
        Code::DirectoryVariants => directory_variants(path),
        Code::RootVariants if path == "/" => root_file(context).into_iter().collect(),
        Code::RootVariants => vec!["/".to_owned()],
        Code::NonAscii => other_form(path).into_iter().collect(),
        Code::PlusSign => with_blanks(path).into_iter().collect(),
        Code::QueryVariants => vec![format!("{path}?*")],
        _ => Vec::new(),
    }
}

fn root_file(context: &Context) -> Option<String> {
    Some(root_object(context))
        .filter(|name| !name.is_empty())
        .map(|name| format!("/{name}"))
}

fn directory_variants(path: &str) -> Vec<String> {
    let mut variants = if let Some(folder) = path.strip_suffix("/*") {
        vec![folder.to_owned()]
    } else if let Some(folder) = path.strip_suffix("/index.html") {
        vec![folder.to_owned(), format!("{folder}/")]
    } else if let Some(folder) = path.strip_suffix('/') {
        vec![folder.to_owned(), format!("{path}index.html")]
    } else {
        vec![format!("{path}/"), format!("{path}/index.html")]
    };
    variants.retain(|variant| !variant.is_empty());
    variants
}

/// Returns the same text with the other Unicode form of its accents, if there is one. The result is encoded, because it
/// would otherwise look the same.
fn other_form(path: &str) -> Option<String> {
    let text = if path.contains('%') {
        Cow::Owned(encoding::decoded(&encoding::wire(path))?.into_owned())
    } else {
        Cow::Borrowed(path)
    };
    let other: String = if is_nfc(&text) {
        text.nfd().collect()
    } else {
        text.nfc().collect()
    };
    (other != *text).then(|| encoding::wire(&other).into_owned())
}
