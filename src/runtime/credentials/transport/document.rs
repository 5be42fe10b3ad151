//! Classifies the body of a response before any of its contents are trusted.

use quick_xml::events::Event;
use quick_xml::reader::Reader;

/// The kind of a response body: complete XML, truncated XML or something else.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Document {
    /// A complete document with this root element.
    Whole(String),
    /// A truncated document, or an empty body.
    Cut,
    /// Anything else: a web page, a line of text, JSON.
    Foreign,
}

impl Document {
    /// Classifies a body by checking every byte, because a streaming parser would mistake the start of a document for
    /// the whole document.
    pub(crate) fn of(body: &[u8]) -> Self {
        let text = str::from_utf8(body);
        match text.ok().and_then(root_of_whole) {
            _ if is_web_page(body) => Self::Foreign,
            Some(root) => Self::Whole(root),
            None if body.trim_ascii_start().first().is_none_or(|first| *first == b'<') => Self::Cut,
            None => Self::Foreign,
        }
    }
}

/// Returns whether the body is a web page, e.g. from a proxy, a captive portal or a load balancer.
pub(crate) fn is_web_page(body: &[u8]) -> bool {
    let starts_with = |begin: &str| {
        let start = body.trim_ascii_start().get(..begin.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(begin.as_bytes()))
    };
    starts_with("<!doctype html") || starts_with("<html")
}

/// Returns the name of the root element if every element is closed and nothing is outside the root.
fn root_of_whole(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text);
    let (mut root, mut depth) = (None, 0_usize);
    loop {
        let event = reader.read_event().ok()?;
        let is_outside = depth == 0;
        match event {
            Event::Eof => return root.filter(|_| is_outside),
            Event::Start(_) | Event::Empty(_) if is_outside && root.is_some() => return None,
            Event::Text(text) if is_outside && !text.trim().is_empty() => return None,
            Event::CData(_) | Event::GeneralRef(_) if is_outside => return None,
            Event::Start(element) => {
                root.get_or_insert_with(|| element.local_name().as_ref().to_owned());
                depth += 1;
            }
            Event::Empty(element) => {
                root.get_or_insert_with(|| element.local_name().as_ref().to_owned());
            }
            Event::End(_) => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_whole_when_its_root_ends() {
        let text =
            "<?xml version=\"1.0\"?>\n<x:List xmlns:x='u'><!-- é --><Items a='>'><I>1 &amp; 2</I><E/></Items></x:List>";
        assert_eq!(Document::of(text.as_bytes()), Document::Whole("List".to_owned()));
        for after in 0..text.len() {
            assert_eq!(Document::of(&text.as_bytes()[..after]), Document::Cut, "{after}");
        }
        assert_eq!(
            Document::of(format!("{text}\n").as_bytes()),
            Document::Whole("List".to_owned())
        );
    }

    #[test]
    fn what_is_not_well_formed_is_not_whole() {
        for body in [
            "<a></b>",
            "<a/><b/>",
            "<a/>more",
            "</a>",
            "<a><b></a></b>",
            "<a>&#",
            "<",
        ] {
            assert_eq!(Document::of(body.as_bytes()), Document::Cut, "{body}");
        }
        assert_eq!(Document::of(b"<a>\xff</a>"), Document::Cut);
    }

    #[test]
    fn what_is_no_xml_is_foreign() {
        for body in [
            "<html><body/></html>",
            " <!DOCTYPE html><br>",
            "Bad gateway",
            "{\"a\":1}",
        ] {
            assert_eq!(Document::of(body.as_bytes()), Document::Foreign, "{body}");
        }
    }
}
