//! Reads and writes XML: a writer for responses, and a small tree for request bodies.

use std::fmt::{self, Display, Write};

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

/// The namespace of all documents in this API.
pub(crate) const NAMESPACE: &str = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

/// The maximum nesting depth. A request has four levels; the limit keeps a hostile request from exhausting the stack
/// when its tree is dropped.
const MAX_DEPTH: usize = 32;

/// Writes one XML document.
#[derive(Debug)]
pub(crate) struct Writer {
    text: String,
}

impl Writer {
    /// Returns a whole document with `root` in CloudFront's namespace.
    pub(crate) fn document(root: &str, body: impl FnOnce(&mut Self)) -> String {
        let mut writer = Self {
            text: String::with_capacity(1024),
        };
        writer.raw(&["<?xml version=\"1.0\"?>\n<", root, " xmlns=\"", NAMESPACE, "\">"]);
        body(&mut writer);
        writer.raw(&["</", root, ">"]);
        writer.text
    }

    /// Writes an element with child elements.
    pub(crate) fn node(&mut self, name: &str, body: impl FnOnce(&mut Self)) {
        self.raw(&["<", name, ">"]);
        body(self);
        self.raw(&["</", name, ">"]);
    }

    /// Writes an element with text.
    pub(crate) fn leaf(&mut self, name: &str, value: impl Display) {
        self.raw(&["<", name, ">"]);
        // Writing to a String cannot fail.
        let _ = write!(Escaped(&mut self.text), "{value}");
        self.raw(&["</", name, ">"]);
    }

    /// Writes CloudFront's list format inside the current element: `Quantity`, and `Items` only if there are any.
    pub(crate) fn items<T>(&mut self, list: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.leaf("Quantity", list.len());
        if !list.is_empty() {
            self.node("Items", |xml| list.iter().for_each(|item| each(xml, item)));
        }
    }

    /// Writes an element that contains a list of strings in CloudFront's list format.
    pub(crate) fn texts(&mut self, name: &str, item: &str, list: &[impl AsRef<str>]) {
        self.node(name, |xml| xml.items(list, |xml, text| xml.leaf(item, text.as_ref())));
    }

    /// Writes an empty list for a feature that is not used.
    pub(crate) fn empty_list(&mut self, name: &str) {
        self.node(name, |xml| xml.leaf("Quantity", 0));
    }

    fn raw(&mut self, parts: &[&str]) {
        for part in parts {
            self.text.push_str(part);
        }
    }
}

struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Nearly all text is plain, and a list of a hundred distributions contains thirty thousand such strings.
        if text.bytes().all(is_plain) {
            self.0.push_str(text);
            return Ok(());
        }
        for char in text.chars() {
            match char {
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '&' => self.0.push_str("&amp;"),
                '"' => self.0.push_str("&quot;"),
                control if control.is_control() => write!(self.0, "&#x{:x};", u32::from(control))?,
                plain => self.0.push(plain),
            }
        }
        Ok(())
    }
}

/// Returns whether a byte needs no further check; 0xC2 may start a control character.
fn is_plain(byte: u8) -> bool {
    !matches!(byte, b'<' | b'>' | b'&' | b'"' | 0x7f | 0xc2) && byte >= b' '
}

/// One element of a request body. Readers ignore the order of children.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

/// The error for a body that is not a well-formed document of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotXml;

impl Element {
    /// Parses `body` and returns its root element.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, NotXml> {
        let text = str::from_utf8(body).map_err(|_| NotXml)?;
        let mut reader = Reader::from_str(text);
        let mut open: Vec<Self> = Vec::new();
        let mut root = None;
        loop {
            match reader.read_event().map_err(|_| NotXml)? {
                Event::Start(start) => open.push(Self::named(&start)),
                Event::Empty(start) => close(Self::named(&start), &mut open, &mut root)?,
                Event::End(_) => close(open.pop().ok_or(NotXml)?, &mut open, &mut root)?,
                Event::Text(text) => push(&mut open, &text),
                Event::CData(text) => push(&mut open, &text),
                Event::GeneralRef(reference) => push(&mut open, &resolve(&reference)?),
                Event::Eof => return root.filter(|_| open.is_empty()).ok_or(NotXml),
                // No client of this API sends a document type; rejecting it prevents entity bombs.
                Event::DocType(_) => return Err(NotXml),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
            if open.len() > MAX_DEPTH {
                return Err(NotXml);
            }
        }
    }

    /// Returns the first child named `name`.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    fn named(start: &BytesStart<'_>) -> Self {
        Self {
            name: start.local_name().as_ref().to_owned(),
            ..Self::default()
        }
    }
}

fn close(element: Element, open: &mut [Element], root: &mut Option<Element>) -> Result<(), NotXml> {
    match open.last_mut() {
        Some(parent) => parent.children.push(element),
        None if root.is_none() => *root = Some(element),
        None => return Err(NotXml),
    }
    Ok(())
}

fn push(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn resolve(reference: &BytesRef<'_>) -> Result<String, NotXml> {
    match reference.resolve_char_ref().map_err(|_| NotXml)? {
        Some(char) => Ok(char.to_string()),
        None => resolve_predefined_entity(reference).map(str::to_owned).ok_or(NotXml),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(name: &str, text: &str) -> Element {
        Element {
            name: name.to_owned(),
            text: text.to_owned(),
            children: Vec::new(),
        }
    }

    #[test]
    fn what_is_written_can_be_read_again() {
        let hostile = "<b> & \"q\" 'a' \u{202e}é \u{1b}[2J\u{9b}\u{7f}\n\t";
        let document = Writer::document("R", |xml| {
            xml.leaf("A", hostile);
            xml.texts("L", "P", &["/x", "/y"]);
            xml.empty_list("E");
        });
        let root = Element::parse(document.as_bytes());
        let list = Element {
            name: "Items".into(),
            text: String::new(),
            children: vec![leaf("P", "/x"), leaf("P", "/y")],
        };
        let expected = Element {
            name: "R".into(),
            text: String::new(),
            children: vec![
                leaf("A", hostile),
                Element {
                    name: "L".into(),
                    text: String::new(),
                    children: vec![leaf("Quantity", "2"), list],
                },
                Element {
                    name: "E".into(),
                    text: String::new(),
                    children: vec![leaf("Quantity", "0")],
                },
            ],
        };
        // The line break after the declaration is outside the root.
        assert_eq!(root, Ok(expected));
    }

    #[test]
    fn spaces_prefixes_comments_and_cdata_are_read_as_xml_says() {
        let root = Element::parse(
            b"<?xml version='1.0'?><x:R xmlns:x='u'><!-- c --><x:P> /a b </x:P><P><![CDATA[/<]]>&#x2f;&amp;</P></x:R>",
        );
        let expected = Element {
            name: "R".into(),
            text: String::new(),
            children: vec![leaf("P", " /a b "), leaf("P", "/<&#x2f;&amp;")],
        };
        let mut resolved = expected.clone();
        resolved.children[1].text = "/</&".into();
        assert_eq!(root, Ok(resolved));
    }

    #[test]
    fn what_is_no_xml_is_refused() {
        let deep = "<a>".repeat(100_000);
        let bomb = "<!DOCTYPE l [<!ENTITY a 'x'>]><l>&a;</l>";
        for body in [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a>&unknown;</a>",
            "</a>",
            &deep,
            bomb,
        ] {
            assert_eq!(
                Element::parse(body.as_bytes()),
                Err(NotXml),
                "{}",
                &body[..body.len().min(40)]
            );
        }
        assert_eq!(Element::parse(b"<a>\xff</a>"), Err(NotXml));
    }
}
