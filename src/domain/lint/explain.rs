//! Turns a code and a line into a sentence.

use super::context::Context;
use super::escape::{self, Doubt, Escapes};
use super::fix::{Fix, fix};
use super::line::{Line, is_odd_blank, is_stray, trimmed};
use super::notation::Form;
use super::path::{Subject, is_plainly_encoded, root_object, variants, without_query};
use super::table::{Code, Severity};
use super::{entity, notation, pattern, reach, tag};
use crate::domain::encoding;
use crate::domain::secret;
use crate::domain::text::{agree, visible};

/// The maximum number of changed characters to name. Without a limit, a line of Chinese text would fill the screen.
const NAMED_CHANGES: usize = 4;

/// One finding about a line: a sentence and, if there is one, its fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code of the finding.
    pub code: Code,
    /// The severity.
    pub severity: Severity,
    /// The cause and the next step in one sentence, safe to draw.
    pub message: String,
    /// The fix, which is applied with one key.
    pub fix: Option<Fix>,
}

impl Line<'_> {
    /// Returns a builder for the sentences about this line's findings. `context` must be the one passed to
    /// [`lint`](super::lint).
    pub(crate) fn words<'a>(&'a self, context: &'a Context) -> Words<'a> {
        let text = trimmed(self.raw);
        Words {
            line: self,
            context,
            text,
            subject: Subject::of(text, context),
        }
    }
}

/// Builds the sentences for the codes of one line.
pub(crate) struct Words<'a> {
    line: &'a Line<'a>,
    context: &'a Context,
    text: &'a str,
    subject: Subject<'a>,
}

impl Words<'_> {
    /// Explains a code. If another line is the cause, the sentence contains that line's number, counted from 1.
    pub(crate) fn explain(&self, code: Code, other: Option<usize>) -> Diagnostic {
        let fix = self.fix(code);
        let message = match other {
            Some(line) => filled(code.rule().sentence, |_| line.to_string()),
            None => filled(code.rule().sentence, |name| self.value(code, name, fix.as_ref())),
        };
        Diagnostic {
            code,
            severity: code.severity(),
            message,
            fix,
        }
    }

    /// Returns the fix for the finding with this code, if there is one.
    pub(crate) fn fix(&self, code: Code) -> Option<Fix> {
        fix(self.line, self.text, &self.subject, code, self.context)
    }

    /// Returns the value for a placeholder in a sentence of the table.
    fn value(&self, code: Code, name: &str, fix: Option<&Fix>) -> String {
        let path = &*self.subject.path;
        let wire = &*self.line.wire;
        match name {
            "wire" => wire.to_owned(),
            "fix" => fix.map(|fix| fix.replacement.clone()).unwrap_or_default(),
            "seen" if code == Code::HtmlEntity => entity::first(path).map_or("", |(entity, _)| entity).to_owned(),
            "seen" if pattern::CODES.contains(code) => pattern::seen(path, code),
            "seen" => self.text.chars().filter(|&c| is_stray(c)).take(1).collect(),
            "scheme" | "host" | "owner" => self.address(name),
            "count" => notation::read(self.text)
                .map_or(0, |found| found.items.len())
                .to_string(),
            "other" => variants(path, code, self.context).join(" or "),
            "char" if code == Code::HtmlEntity => entity::first(path).map(|(_, c)| c).into_iter().collect(),
            "escape" | "char" | "rest" if code != Code::QueryIgnored => self.escape(code, name),
            "names" => secret::names(path).join(", "),
            "length" => wire.len().to_string(),
            "changes" => changes(path),
            "origin" => self.context.origin_path(path).unwrap_or_default().to_owned(),
            "pattern" => reach::smooth_streaming(path, self.context)
                .unwrap_or_default()
                .to_owned(),
            "counted" => reach::counted(path, self.context).0,
            "rest" if code == Code::QueryIgnored => reach::counted(path, self.context).1.to_owned(),
            "function" => reach::function(path, self.context),
            "parts" => reach::key_parts(path, self.context),
            "path" => path.to_owned(),
            "twin" => self.context.staging_twin.clone().unwrap_or_default(),
            "prefix" => path.trim_end_matches('*').to_owned(),
            "form" => form(wire).to_owned(),
            "others" => self.others(code),
            _ => self.why(code, fix),
        }
    }

    /// Lists the variants of the line, followed by `is` or `are` to agree with their number.
    fn others(&self, code: Code) -> String {
        let variants = variants(&self.subject.path, code, self.context);
        format!("{} {}", variants.join(" and "), agree(variants.len(), "is", "are"))
    }

    fn address(&self, name: &str) -> String {
        let host = self
            .subject
            .address
            .as_ref()
            .and_then(|address| address.host.as_deref());
        let scheme = self.subject.address.as_ref().and_then(|address| address.scheme);
        match (name, host.and_then(|host| self.context.owner(host))) {
            ("scheme", _) => scheme.unwrap_or_default().to_owned(),
            ("host", _) => host.unwrap_or("This host").to_owned(),
            (_, Some(id)) => format!("belongs to {id}"),
            (_, None) => "is not a host name of this target".to_owned(),
        }
    }

    fn escape(&self, code: Code, name: &str) -> String {
        let path = &*self.subject.path;
        let escapes = Escapes::of(path);
        let found = if code == Code::OverEncoded {
            escapes.over
        } else {
            escapes.double
        };
        let at = found.unwrap_or(path.len());
        match name {
            "escape" => escape::text_at(path, at).to_owned(),
            "char" => encoding::escape_at(path.as_bytes(), at)
                .map(char::from)
                .into_iter()
                .collect(),
            _ => path.get(at + 3..).unwrap_or_default().chars().take(2).collect(),
        }
    }

    /// Explains a code whose sentence has more than one form.
    fn why(&self, code: Code, fix: Option<&Fix>) -> String {
        let path = &*self.subject.path;
        match code {
            Code::ListSyntax => list_syntax(self.text, fix),
            Code::ListSeparator => list_separator(path),
            Code::TagFormat => tag::format_fault(self.text),
            Code::TagUnsupported => tag::unsupported(self.context).to_owned(),
            Code::Whitespace => odd_blank(path).unwrap_or_else(|| BLANKS_AROUND.to_owned()),
            Code::AmbiguousEncoding => ambiguous(path),
            Code::QueryString => query_string(path, self.context),
            Code::EdgeBlind => reach::blind(path, self.context).unwrap_or_default().to_owned(),
            Code::RootVariants if path == "/" => root(self.context),
            Code::RootVariants => {
                "Viewers may also request / to get this object, and / is cached separately.".to_owned()
            }
            _ => String::new(),
        }
    }
}

/// Explains that a line is written in another notation, and what to write instead.
fn list_syntax(text: &str, fix: Option<&Fix>) -> String {
    let reading = notation::read(text);
    if reading.as_ref().is_some_and(|reading| reading.items.is_empty()) {
        return "This line of a JSON document contains no item. Delete it, or make it a comment.".to_owned();
    }
    let what = match reading.map(|reading| reading.form) {
        Some(Form::Git) => "This is a file name as git prints it",
        Some(Form::S3) => "This is a line of `aws s3` output",
        Some(Form::Markdown) => "A Markdown link is not a path",
        Some(Form::Escaped) => "This path has backslash-escaped slashes, as in JSON or shell output",
        Some(Form::Cells) => "The other table cells are not part of a path",
        Some(Form::Json | Form::Marks) | None => "Quotes and list markers are not part of a path",
    };
    match fix {
        Some(fix) => format!("{what}. Write {}.", fix.replacement),
        None => format!("{what}. Write the path as viewers request it."),
    }
}

fn list_separator(path: &str) -> String {
    let items = notation::separated(path).len();
    if items > 1 {
        format!("This is sent as one path, although it looks like {items} items. Put each one on its own line.")
    } else {
        "The trailing comma or semicolon is sent as part of the path. Remove it if it comes from a list.".to_owned()
    }
}

const BLANKS_AROUND: &str = "Leading and trailing spaces are removed; use %20 if a space is part of the path.";

/// Replaces `{placeholders}` with values, each safe to draw.
fn filled(sentence: &str, value: impl Fn(&str) -> String) -> String {
    let mut message = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
        message.push_str(before);
        message.push_str(&visible(&value(name)));
        rest = after;
    }
    message + rest
}

/// Lists the first few characters that the wire form changes, without duplicates: `é as %C3%A9`.
fn changes(path: &str) -> String {
    let mut seen: Vec<char> = Vec::new();
    let mut named = Vec::new();
    for change in encoding::changes(path)
        .into_iter()
        .filter(|change| is_plainly_encoded(change.from))
    {
        if !seen.contains(&change.from) {
            seen.push(change.from);
            let from = if change.from == ' ' {
                "a space".to_owned()
            } else {
                change.from.to_string()
            };
            named.push(format!("{from} as {}", change.to));
        }
    }
    let more = named.len() > NAMED_CHANGES;
    named.truncate(NAMED_CHANGES);
    named.join(", ") + if more { " …" } else { "" }
}

fn form(wire: &str) -> &'static str {
    let text = encoding::decoded(wire).unwrap_or_default();
    if unicode_normalization::is_nfc(&text) {
        "composed"
    } else {
        "decomposed"
    }
}

fn odd_blank(path: &str) -> Option<String> {
    let blank = path.chars().find(|&c| is_odd_blank(c))?;
    let sent = encoding::wire(blank.encode_utf8(&mut [0; 4])).into_owned();
    let code = u32::from(blank);
    Some(format!(
        "U+{code:04X} is not an ordinary space and is sent as {sent}. Type an ordinary space if you mean one."
    ))
}

fn ambiguous(path: &str) -> String {
    let Some((at, doubt)) = Escapes::of(path).ambiguous else {
        return String::new();
    };
    let escape = escape::text_at(path, at);
    match doubt {
        Doubt::LowerCase => format!(
            "Browsers send {}, but this has {escape}, so it clears only what was requested in exactly this form.",
            escape.to_ascii_uppercase()
        ),
        Doubt::Needless => {
            format!("{escape} is an unnecessary escape, so this clears only what was requested in exactly this form.")
        }
    }
}

fn query_string(path: &str, context: &Context) -> String {
    let before = without_query(path);
    if path.ends_with("?*") {
        format!("Clears {before} with every query string, but not {before} itself.")
    } else if path.ends_with('*') {
        format!("Clears every variant of {before} whose query string starts like this, but not {before} itself.")
    } else if reach::cache_key(path, context).is_some() {
        format!("Clears {before} with exactly this query string, in this order, and no other variant of it.")
    } else {
        format!("Clears {before} with exactly this query string, and only if query strings are part of the cache key.")
    }
}

fn root(context: &Context) -> String {
    let root = root_object(context);
    match (root.is_empty(), context.default_root_object.is_some()) {
        (true, _) => "/ is only the root object; the whole site is /*.".to_owned(),
        (false, true) => {
            format!("/ is only the root object, and /{root} is a separate object; the whole site is /*.")
        }
        (false, false) => format!(
            "/ is only the root object, and its file, often /{root}, is a separate object; the whole site is /*."
        ),
    }
}
