//! Parses sitemaps one entry at a time, in the XML format of sitemaps.org or as plain text.
//!
//! Only the entities that XML itself defines are resolved, so that no document can expand while it is read. The nesting
//! depth is limited.

use std::borrow::Cow;

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, NaiveTime, Utc};
use quick_xml::events::{BytesRef, Event};
use quick_xml::reader::Reader;

use super::reader::split;

/// The maximum nesting depth. A sitemap has three levels, and extensions add a few more.
const MAX_DEPTH: usize = 32;

/// An entry of a sitemap or of an index of sitemaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Whether the entry points to another sitemap.
    pub(super) is_sitemap: bool,
    /// The URL, or `None` if it cannot be read.
    pub(super) location: Option<String>,
    /// The latest possible time of the last change, if the entry contains a date.
    pub(super) changed: Option<DateTime<Utc>>,
    /// The line on which the entry ends, counted from 1.
    pub(super) line: usize,
}

/// Parses a document and passes each entry to `each` as soon as it is complete. If the rest cannot be parsed, returns
/// the reason.
pub(super) fn read(document: &str, each: &mut impl FnMut(&Entry)) -> Result<(), String> {
    if document.trim_start().starts_with('<') {
        read_xml(document, each)
    } else {
        read_plain(document, each);
        Ok(())
    }
}

/// Parses the plain text form, which has one URL per line.
fn read_plain(document: &str, each: &mut impl FnMut(&Entry)) {
    for (at, line) in split(document).enumerate() {
        let line = line.trim();
        if !line.is_empty() {
            each(&Entry {
                is_sitemap: false,
                location: Some(line.to_owned()),
                changed: None,
                line: at + 1,
            });
        }
    }
}

fn read_xml(document: &str, each: &mut impl FnMut(&Entry)) -> Result<(), String> {
    let mut reader = Reader::from_str(document);
    let mut state = State::default();
    let mut lines = Lines {
        document,
        at: 0,
        line: 1,
    };
    loop {
        let event = reader.read_event();
        let line = lines.at(reader.buffer_position());
        match event.map_err(|error| format!("line {line}: {error}"))? {
            Event::Start(start) => state.open(start.local_name().as_ref(), line)?,
            Event::Empty(start) => {
                state.open(start.local_name().as_ref(), line)?;
                state.close(line, each);
            }
            Event::End(_) => state.close(line, each),
            Event::Text(text) => state.push(&text),
            Event::CData(text) => state.push(&text),
            Event::GeneralRef(reference) => state.refer(&reference),
            Event::Eof => return state.end(line),
            Event::DocType(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// Counts lines up to the current position, scanning each byte once.
struct Lines<'a> {
    document: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn at(&mut self, position: u64) -> usize {
        let position = usize::try_from(position).unwrap_or(usize::MAX).min(self.document.len());
        let passed = self.document.get(self.at..position).unwrap_or_default();
        self.line += passed.matches('\n').count();
        self.at = position.max(self.at);
        self.line
    }
}

/// The current position in the document. Only `urlset/url/loc` and `sitemapindex/sitemap/loc` are relevant.
#[derive(Default)]
struct State {
    depth: usize,
    is_sitemap: bool,
    in_entry: bool,
    field: Field,
    location: String,
    broken: bool,
    changed: String,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Field {
    #[default]
    Other,
    Location,
    Changed,
}

impl State {
    fn open(&mut self, name: &str, line: usize) -> Result<(), String> {
        self.depth += 1;
        self.field = Field::Other;
        match (self.depth, name) {
            (1, "urlset") => self.is_sitemap = false,
            (1, "sitemapindex") => self.is_sitemap = true,
            (1, other) => return Err(format!("line {line}: <{}> is not a sitemap", short(other))),
            (2, "url" | "sitemap") => self.begin(name == "sitemap"),
            (3, "loc") if self.in_entry => self.field = Field::Location,
            (3, "lastmod") if self.in_entry => self.field = Field::Changed,
            (MAX_DEPTH.., _) => return Err(format!("line {line}: nested too deeply")),
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, is_sitemap: bool) {
        self.in_entry = is_sitemap == self.is_sitemap;
        self.location.clear();
        self.changed.clear();
        self.broken = false;
    }

    fn push(&mut self, text: &str) {
        match self.field {
            Field::Location => self.location.push_str(text),
            Field::Changed => self.changed.push_str(text),
            Field::Other => {}
        }
    }

    fn refer(&mut self, reference: &BytesRef<'_>) {
        match resolved(reference) {
            Some(text) => self.push(&text),
            None => self.broken |= self.field == Field::Location,
        }
    }

    fn close(&mut self, line: usize, each: &mut impl FnMut(&Entry)) {
        self.depth = self.depth.saturating_sub(1);
        self.field = Field::Other;
        if self.depth == 1 && std::mem::take(&mut self.in_entry) {
            let location = self.location.trim();
            let torn = |c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER;
            let broken = self.broken || location.is_empty() || location.contains(torn);
            each(&Entry {
                is_sitemap: self.is_sitemap,
                location: (!broken).then(|| location.to_owned()),
                changed: latest(self.changed.trim()),
                line,
            });
        }
    }

    fn end(&self, line: usize) -> Result<(), String> {
        if self.depth == 0 {
            Ok(())
        } else {
            Err(format!("truncated at line {line}"))
        }
    }
}

/// Resolves an entity reference. Returns `None` for an entity that only a document type could define.
fn resolved(reference: &BytesRef<'_>) -> Option<Cow<'static, str>> {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => Some(Cow::Owned(c.to_string())),
        Ok(None) => quick_xml::escape::resolve_predefined_entity(reference).map(Cow::Borrowed),
        Err(_) => None,
    }
}

fn short(name: &str) -> String {
    name.chars().take(30).collect()
}

/// Returns the latest time that a W3C date can mean, e.g. the end of a day.
fn latest(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.to_utc());
    }
    // W3C allows times without seconds; RFC 3339 does not.
    if let Ok(moment) = DateTime::parse_from_str(&text.replace('Z', "+00:00"), "%Y-%m-%dT%H:%M%:z") {
        return Some(moment.to_utc());
    }
    next_period(text)?
        .and_time(NaiveTime::MIN)
        .and_utc()
        .checked_sub_signed(chrono::TimeDelta::seconds(1))
}

/// Returns the first day after the given day, month or year.
fn next_period(text: &str) -> Option<NaiveDate> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return day.checked_add_days(Days::new(1));
    }
    if let Ok(month) = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d") {
        return month.checked_add_months(Months::new(1));
    }
    let year = NaiveDate::from_ymd_opt(text.parse().ok()?, 1, 1)?;
    year.with_year(year.year().checked_add(1)?)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;

    fn told(document: &str) -> (Vec<String>, Result<(), String>) {
        let mut entries = Vec::new();
        let end = read(document, &mut |entry: &Entry| {
            let changed = entry
                .changed
                .map(|at| at.format(" %F %T").to_string())
                .unwrap_or_default();
            let mark = if entry.is_sitemap { "> " } else { "" };
            entries.push(format!(
                "{mark}{}{changed} {}",
                entry.location.as_deref().unwrap_or_default(),
                entry.line
            ));
        });
        (entries, end)
    }

    #[test]
    fn a_sitemap_with_extensions() {
        let document = r#"<?xml version="1.0" encoding="UTF-8"?>
<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <!-- <url><loc>https://a.example/hidden</loc></url> -->
  <s:url><s:loc> https://a.example/?x=1&amp;y=&#50; </s:loc><s:lastmod>2026-11-20</s:lastmod>
    <image:image><image:loc>https://a.example/i.png</image:loc></image:image>
  </s:url>
  <s:url><s:lastmod>2026-11-20T10:30Z</s:lastmod><s:loc><![CDATA[https://a.example/é?a&b]]></s:loc></s:url>
  <s:url><s:loc>https://a.example/&unknown;</s:loc></s:url>
  <s:url/>
  <s:sitemap><s:loc>https://a.example/not-here.xml</s:loc></s:sitemap>
</s:urlset>"#;
        let expected = [
            "https://a.example/?x=1&y=2 2026-11-20 23:59:59 6",
            "https://a.example/é?a&b 2026-11-20 10:30:00 7",
            " 8",
            " 9",
        ];
        assert_eq!(told(document), (expected.map(str::to_owned).to_vec(), Ok(())));
    }

    #[test]
    fn an_index_leads_to_sitemaps() {
        let document = "<sitemapindex>\n<sitemap><loc>https://a.example/1.xml.gz</loc></sitemap>\n</sitemapindex>";
        assert_eq!(
            told(document),
            (vec!["> https://a.example/1.xml.gz 2".to_owned()], Ok(()))
        );
    }

    #[test]
    fn the_plain_form_has_an_address_a_line() {
        let expected = vec!["https://a.example/1 1".to_owned(), "https://a.example/2 3".to_owned()];
        assert_eq!(
            told("https://a.example/1\r\n\r\nhttps://a.example/2\r\n"),
            (expected, Ok(()))
        );
    }

    #[test]
    fn what_is_no_sitemap_is_said_with_the_line() {
        let deep = format!("<urlset><url>{}", "<x>".repeat(100_000));
        for (document, error) in [
            ("<html><body/></html>", "line 1: <html> is not a sitemap"),
            ("<urlset>\n<url>\n<loc>https://a.example/", "truncated at line 3"),
            (deep.as_str(), "line 1: nested too deeply"),
        ] {
            assert_eq!(told(document).1, Err(error.to_owned()));
        }
        let (entries, end) = told("<urlset>\n<url><loc>https://a.example/1</loc></url>\n<url></loc></urlset>");
        assert_eq!(entries, ["https://a.example/1 2"]);
        assert!(end.is_err_and(|error| error.starts_with("line 3: ")));
    }

    #[test]
    fn an_entity_bomb_stays_as_small_as_it_is_written() {
        let mut document = "<!DOCTYPE l [<!ENTITY a \"lol\">".to_owned();
        for n in 1..40 {
            let entity = format!("&a{};", n - 1).repeat(10);
            let _ = write!(document, "<!ENTITY a{n} \"{entity}\">");
        }
        document.push_str("]><urlset><url><loc>https://a.example/&a39;</loc></url></urlset>");
        assert_eq!(told(&document), (vec![" 1".to_owned()], Ok(())));
    }

    #[test]
    fn a_date_means_its_end() {
        let at = |text: &str| latest(text).map(|at| at.to_rfc3339());
        for (text, expected) in [
            ("2025", "2025-12-31T23:59:59+00:00"),
            ("2026-02", "2026-02-28T23:59:59+00:00"),
            ("2026-11-20", "2026-11-20T23:59:59+00:00"),
            ("2026-11-20T10:00+02:00", "2026-11-20T08:00:00+00:00"),
            ("2026-11-20T10:00:01.5Z", "2026-11-20T10:00:01.500+00:00"),
        ] {
            assert_eq!(at(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "yesterday", "2026-13", "2026-02-30", "99999999"] {
            assert_eq!(at(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_document_is_too_odd(
            text in any::<String>(),
            pieces in prop::collection::vec(prop::sample::select(vec![
                "<urlset>", "</urlset>", "<url>", "</url>", "<loc>", "</loc>", "<lastmod>", "</lastmod>", "&amp;", "&#0;", "&x;",
                "2026", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE a [", "]>", "<sitemapindex>", "https://a.example/",
            ]), 0..20),
        ) {
            let _ = told(&text);
            let _ = told(&format!("<{text}"));
            let _ = told(&pieces.concat());
        }
    }
}
