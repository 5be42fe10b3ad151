//! A suggestion never makes it worse: each of its lines may be sent, is written as it is best, and brings nothing new to say.

use std::borrow::Cow;

use super::context::Context;
use super::fix::Fix;
use super::path::is_plainly_encoded;
use super::table::{Code, Codes};
use super::url::Address;
use super::{Line, Shape, is_odd_blank, lint, pattern};
use crate::domain::encoding;

/// What a suggestion can always mend itself.
const MENDABLE: Codes = Codes::NONE
    .with(Code::ListSeparator)
    .with(Code::HtmlEntity)
    .with(Code::FullUrl)
    .with(Code::Whitespace)
    .with(Code::Encoded)
    .with(Code::LonePercent);

/// The fix in its best form; `None` if it would make it worse.
pub(super) fn never(line: &Line<'_>, fix: Fix, context: &Context) -> Option<Fix> {
    let mut safe = fix.safe;
    let mut lines = Vec::new();
    for text in fix.replacement.lines() {
        let text = plain(text, context);
        let judged = lint(&text, context);
        if is_worse(line, &judged) {
            return None;
        }
        safe &= !judged
            .codes
            .except(line.codes)
            .any(pattern::CODES.with(Code::WholeSite));
        lines.push(text);
    }
    Some(Fix {
        replacement: lines.join("\n"),
        safe,
        ..fix
    })
}

/// The line without scheme and host, and encoded where that raises no question.
pub(super) fn plain<'a>(text: &'a str, context: &Context) -> Cow<'a, str> {
    if text.starts_with('#') {
        return Cow::Borrowed(text);
    }
    let is_ours = |address: &Address<'_>| address.error(context).is_none();
    // Behind two slashes a path can look like a host of its own, which it would lose the next time.
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

/// Whether a line of a suggestion is worse than the line that it is for.
///
/// An error hides what else is to say of a line, so there only what can be mended at once counts as new. That everything
/// is cleared is said with the suggestion itself.
fn is_worse(line: &Line<'_>, judged: &Line<'_>) -> bool {
    let new = judged.codes.warnings().except(line.codes.with(Code::WholeSite));
    let counts = if line.codes.has_error() {
        new.any(MENDABLE)
    } else {
        !new.is_empty()
    };
    let is_nothing = judged.shape == Shape::Blank || !judged.raw.starts_with(['/', '#']);
    let is_comment = judged.shape == Shape::Comment;
    is_nothing || !is_comment && (counts || judged.codes.has_error() || judged.raw.contains(is_odd_blank))
}
