//! Reads lines in the notation of other tools: JSON, tables, git and AWS CLI output, Markdown, and quoted text.
//!
//! The items of such a line are either certain or only likely, which determines whether the fix is safe.

mod cells;
mod json;
mod row;

use super::table::Code;
use super::url::begins_address;

pub(super) use cells::{is_separated, separated};
pub(crate) use json::document;

/// The notation of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Quotes or a list marker around one item.
    Marks,
    /// A JSON document or one line of it.
    Json,
    /// Cells of a table, or several items in sequence.
    Cells,
    /// A line of `git diff` output.
    Git,
    /// A line of `aws s3` output.
    S3,
    /// Text with Markdown links.
    Markdown,
    /// Slashes escaped with backslashes.
    Escaped,
}

/// The contents of a line in another notation.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The recognized items; empty if the line is only syntax of the notation.
    pub(super) items: Vec<String>,
    /// Whether the items are certain.
    pub(super) certain: bool,
    pub(super) form: Form,
}

impl Reading {
    fn new(form: Form, items: Vec<String>, certain: bool) -> Self {
        Self { items, certain, form }
    }

    /// Returns the diagnostic code for the line.
    pub(super) const fn code(&self) -> Code {
        if self.items.len() > 1 {
            Code::SeveralItems
        } else {
            Code::ListSyntax
        }
    }
}

/// Reads a trimmed line. Returns `None` if it is written as an item or cannot be understood.
pub(super) fn read(text: &str) -> Option<Reading> {
    if text.starts_with('/') {
        return cells::read(text);
    }
    row::git(text)
        .or_else(|| row::s3(text))
        .or_else(|| json::read(text))
        .or_else(|| row::markdown(text))
        .or_else(|| cells::read(text))
        .or_else(|| marked(text))
        .or_else(|| escaped(text))
}

/// Returns whether a line within longer text is certainly tool output or JSON, rather than prose.
pub(crate) fn is_row(text: &str) -> bool {
    let is_tool = |reading: Reading| matches!(reading.form, Form::Git | Form::S3 | Form::Json);
    !text.starts_with('/') && read(text).is_some_and(is_tool)
}

/// Returns whether the text starts with an item: a path, a tag, or a URL.
fn begins_item(text: &str) -> bool {
    text.starts_with(['/', '#']) || begins_address(text)
}

/// Reads an item, removing the quotes or the list marker around it.
fn marked(text: &str) -> Option<Reading> {
    let behind = ["- ", "* ", "+ ", "• "].iter().find_map(|mark| text.strip_prefix(mark));
    let bare = behind.unwrap_or(text).trim();
    if behind.is_some()
        && let Some(inner) = json::read(bare)
            .or_else(|| row::markdown(bare))
            .filter(|inner| !inner.items.is_empty())
    {
        return Some(inner);
    }
    let quoted = unquoted(bare);
    let bare = quoted.unwrap_or(bare).trim();
    let is_item = begins_item(bare) || quoted.is_some() || !bare.contains(char::is_whitespace);
    let is_marked = bare.len() < text.len() && !bare.is_empty() && is_item;
    is_marked.then(|| Reading::new(Form::Marks, vec![bare.to_owned()], true))
}

/// Returns the text between quotes of any kind; a comma or semicolon may follow them.
fn unquoted(text: &str) -> Option<&str> {
    let open = text.chars().next()?;
    let close = closing(open)?;
    let body = text
        .strip_prefix(open)?
        .trim_end_matches([',', ';'])
        .strip_suffix(close)?;
    (!body.contains([open, close])).then_some(body)
}

/// Returns the closing quote for an opening quote.
const fn closing(open: char) -> Option<char> {
    Some(match open {
        '"' | '\'' | '`' | '＂' => open,
        '“' | '„' | '”' => '”',
        '‘' | '‚' | '’' => '’',
        '«' => '»',
        '‹' => '›',
        '<' => '>',
        _ => return None,
    })
}

/// Reads a path written as `\/a`, as JSON and sed do, or a URL written as `https:\/\/`.
fn escaped(text: &str) -> Option<Reading> {
    let is_escaped = text.starts_with(r"\/") || text.contains(r":\/\/");
    let plain = is_escaped.then(|| text.replace(r"\/", "/"))?;
    begins_item(&plain).then(|| Reading::new(Form::Escaped, vec![plain], true))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(text: &str) -> Option<(String, bool)> {
        read(text).map(|reading| (reading.items.join("\n"), reading.certain))
    }

    #[test]
    fn several_items_keep_the_words_that_follow_them() {
        let lines = |text: &str| lines(text).map(|(items, _)| items);
        assert_eq!(lines("/a /b #c").as_deref(), Some("/a\n/b\n#c"));
        assert_eq!(lines("/a # the start page").as_deref(), Some("/a\n# the start page"));
        assert_eq!(lines(r#"--paths "/a" '/b',"#).as_deref(), Some("/a\n/b"));
        assert_eq!(lines("/My Docs /x").as_deref(), Some("/My Docs\n/x"));
        assert_eq!(
            lines("https://x.example/a https://x.example/b").as_deref(),
            Some("https://x.example/a\nhttps://x.example/b")
        );
        assert_eq!(lines("/my file.html"), None);
    }

    #[test]
    fn marks_of_other_notations_come_off() {
        for text in [
            r#""/a","#,
            "'/a'",
            "`/a`",
            "- /a",
            r#"- "/a""#,
            "* /a",
            "•  /a",
            "“/a”",
            "‘/a’",
            "«/a»",
            "</a>",
        ] {
            assert_eq!(lines(text), Some(("/a".to_owned(), true)), "{text}");
        }
        let found = |text: &str| lines(text).map(|(items, _)| items);
        assert_eq!(found("- \"images/a b.png\",").as_deref(), Some("images/a b.png"));
        assert_eq!(found("* images/a.png").as_deref(), Some("images/a.png"));
        for text in ["/a", "a", "- not a path", "/'a'", "\"/a", "\"\"", "see you"] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_odd(text in "[\\[\\]{}\"'/a,;:\\\\ \t#303u*()!<>-]{0,40}") {
            if let Some(reading) = read(&text) {
                let size: usize = reading.items.iter().map(String::len).sum();
                prop_assert!(size <= text.len() * 3, "{reading:?}");
            }
        }
    }
}
