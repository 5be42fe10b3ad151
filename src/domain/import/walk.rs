//! Walks through a sitemap or an index of sitemaps: decides what to read next and which entries to import.
//!
//! An index may point anywhere, even back to itself. Each document is therefore read only once and only from the host
//! of its parent or of the distribution, and the depth and number of documents are limited. An index in a file leads
//! only to files next to it, so that a local list never makes this program send requests to servers.

use std::collections::{HashSet, VecDeque};
use std::fmt;

use chrono::{DateTime, Utc};
use url::Url;

use super::addresses::put_address;
use super::basket::{Basket, Import};
use super::left_out::Reason;
use super::limits::MAX_SITEMAPS;
use super::origin::At;
use super::reader::decode;
use super::sitemap::{Entry, read};
use crate::domain::lint::Context;

/// The maximum depth. A sitemap index adds one level; some servers nest two of them.
const MAX_DEPTH: usize = 3;

/// The location of a sitemap.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Location {
    /// On a server, over http or https.
    Url(Url),
    /// In a file.
    File(String),
}

impl Location {
    /// Parses a location entered by the user.
    ///
    /// # Errors
    /// Returns a sentence that describes the mistake if the text looks like a URL but cannot be used.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.split_once("://") {
            None => Ok(Self::File(text.to_owned())),
            Some(("http" | "https", _)) => Url::parse(text)
                .map_err(|error| format!("{text}: {error}"))
                .and_then(without_password)
                .map(Self::Url),
            Some((scheme, _)) => Err(format!(
                "{scheme} is not supported; use an http or https URL, or a file"
            )),
        }
    }

    /// Resolves a location listed in an index, relative to that index.
    fn child(&self, text: &str, context: &Context) -> Result<Self, &'static str> {
        let url = Url::parse(text)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.ok_or("the URL cannot be parsed")?;
        match self {
            Self::File(parent) => {
                let name = url
                    .path_segments()
                    .and_then(|mut segments| segments.next_back())
                    .filter(|name| !name.is_empty());
                Ok(Self::File(beside(parent, name.ok_or("the URL has no file name")?)))
            }
            Self::Url(parent) => {
                let host = url.host_str().unwrap_or_default().to_owned();
                let url = without_password(url).map_err(|_| "the URL contains a password")?;
                let ours = parent.host_str() == Some(&host) || context.owns(&host) == Some(true);
                if ours {
                    Ok(Self::Url(url))
                } else {
                    Err("the URL is on another host")
                }
            }
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => f.write_str(url.as_str()),
            Self::File(path) => f.write_str(path),
        }
    }
}

/// Rejects a URL with a password, because URLs are displayed and stored with each row.
fn without_password(url: Url) -> Result<Url, String> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(url);
    }
    Err("URLs with a user name or password are not fetched; download the file yourself and import it".to_owned())
}

fn beside(parent: &str, name: &str) -> String {
    match parent.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{name}"),
        None => name.to_owned(),
    }
}

/// The cutoff time of an import. Entries that have not changed since then are skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// The cutoff time.
    pub at: DateTime<Utc>,
    /// The text as the user wrote it.
    pub words: String,
}

/// A walk through sitemaps. [`Walk::next_location`] returns what to read, and [`Walk::take`] accepts the result.
#[derive(Debug)]
pub struct Walk {
    context: Context,
    since: Option<Since>,
    basket: Basket,
    pending: VecDeque<(Location, usize)>,
    current: Option<(Location, usize)>,
    met: HashSet<Location>,
    read: usize,
    failure: Option<String>,
}

impl Walk {
    /// Creates a walk that starts at the given location.
    #[must_use]
    pub fn new(start: Location, since: Option<Since>, context: Context) -> Self {
        Self {
            context,
            since,
            basket: Basket::new(&start.to_string()),
            met: HashSet::from([start.clone()]),
            pending: VecDeque::from([(start, 1)]),
            current: None,
            read: 0,
            failure: None,
        }
    }

    /// Returns the location to read next, or `None` when the walk is finished.
    pub fn next_location(&mut self) -> Option<Location> {
        let stop = self.basket.is_full() || self.read >= MAX_SITEMAPS;
        if stop {
            for (location, _) in std::mem::take(&mut self.pending) {
                self.basket
                    .leave(Reason::MoreSitemaps, &At::Named(location.to_string().into()));
            }
        }
        self.current = self.pending.pop_front();
        self.current.as_ref().map(|(location, _)| location.clone())
    }

    /// Accepts the decompressed contents of the current location, or a sentence explaining why it could not be read.
    pub fn take(&mut self, content: Result<Vec<u8>, String>) {
        let Some((location, depth)) = self.current.take() else {
            return;
        };
        self.read += 1;
        let name = location.to_string();
        let content =
            content.and_then(|bytes| Ok(decode(&bytes, &name).map_err(|error| error.to_string())?.into_owned()));
        match content {
            Ok(bytes) => self.take_document(&location, depth, &String::from_utf8_lossy(&bytes)),
            Err(reason) => self.fail(name, reason),
        }
    }

    /// Returns the finished import.
    ///
    /// # Errors
    /// Returns the reason why not even the first document could be read.
    pub fn finish(self) -> Result<Import, String> {
        match self.failure {
            Some(reason) => Err(reason),
            None => Ok(self.basket.finish()),
        }
    }

    fn fail(&mut self, name: String, reason: String) {
        if self.read == 1 {
            self.failure = Some(reason);
        } else {
            self.basket.leave(Reason::Sitemap(name, reason), &At::Somewhere);
        }
    }

    fn take_document(&mut self, location: &Location, depth: usize, document: &str) {
        let name = location.to_string();
        self.basket.enter(&name);
        let mut taken = 0_usize;
        let end = read(document, &mut |entry| {
            taken += 1;
            self.take_entry(location, depth, entry);
        });
        match end {
            Err(reason) if taken == 0 => self.fail(name.clone(), format!("{name} is not a sitemap: {reason}")),
            Err(reason) => self.basket.leave(Reason::Torn(name, reason), &At::Somewhere),
            Ok(()) => {}
        }
    }

    fn take_entry(&mut self, parent: &Location, depth: usize, entry: &Entry) {
        let at = At::Line(entry.line);
        let Some(text) = entry.location.as_deref() else {
            return self.basket.leave(Reason::BrokenEntry, &at);
        };
        match (&self.since, entry.changed) {
            (Some(since), Some(changed)) if changed < since.at => {
                self.basket.leave(Reason::Older(since.words.clone()), &at);
            }
            (Some(_), None) if !entry.is_sitemap => self.basket.leave(Reason::NoDate, &at),
            _ if entry.is_sitemap => self.follow(parent, depth, text, &at),
            _ => put_address(&mut self.basket, text, at, &self.context),
        }
    }

    /// Queues a sitemap listed in an index, if it may be read.
    fn follow(&mut self, parent: &Location, depth: usize, text: &str, at: &At) {
        let child = match parent.child(text, &self.context) {
            Ok(_) if depth >= MAX_DEPTH => Err("sitemap indexes are nested too deeply"),
            child => child,
        };
        match child {
            Err(reason) => self
                .basket
                .leave(Reason::Sitemap(text.to_owned(), reason.to_owned()), at),
            Ok(child) if self.met.contains(&child) => self.basket.leave(Reason::Repeated, at),
            Ok(_) if self.met.len() >= MAX_SITEMAPS => self.basket.leave(Reason::MoreSitemaps, at),
            Ok(child) => {
                self.met.insert(child.clone());
                self.pending.push_back((child, depth + 1));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use std::collections::HashMap;

    use super::super::tests::{shop, told};
    use super::*;

    /// Walks through documents by name.
    fn walk(
        start: &str,
        documents: &[(&str, String)],
        since: Option<&str>,
    ) -> Result<(Vec<String>, Vec<String>), String> {
        let documents: HashMap<_, _> = documents.iter().cloned().collect();
        let since = since.map(|words| Since {
            at: words.parse().unwrap(),
            words: words.to_owned(),
        });
        let mut walk = Walk::new(Location::parse(start).unwrap(), since, shop());
        let mut asked = 0;
        while let Some(location) = walk.next_location() {
            asked += 1;
            assert!(asked <= MAX_SITEMAPS);
            let found = documents.get(location.to_string().as_str());
            walk.take(
                found
                    .map(|text| text.clone().into_bytes())
                    .ok_or(format!("{location} is not there")),
            );
        }
        walk.finish().map(|import| told(&import))
    }

    fn urls(urls: &[&str]) -> String {
        let entries = urls.iter().map(|url| format!("<url><loc>{url}</loc></url>\n"));
        format!("<urlset>\n{}</urlset>", entries.collect::<String>())
    }

    fn index(urls: &[&str]) -> String {
        let entries = urls.iter().map(|url| format!("<sitemap><loc>{url}</loc></sitemap>\n"));
        format!("<sitemapindex>\n{}</sitemapindex>", entries.collect::<String>())
    }

    const TOP: &str = "https://www.shop.example/sitemap.xml";

    #[test]
    fn only_pages_of_this_distribution_are_taken() {
        let pages = urls(&[
            "https://www.shop.example/a",
            "https://other.example/b",
            "https://www.shop.example/a",
        ]);
        let expected = (
            vec![format!("/a · {TOP} line 2")],
            vec![
                "1 URL on other.example, which is not a host of this distribution (line 3)".to_owned(),
                "1 repeats an earlier one (line 4)".to_owned(),
            ],
        );
        assert_eq!(walk(TOP, &[(TOP, pages)], None), Ok(expected));
    }

    #[test]
    fn an_index_is_followed_once_and_not_to_other_hosts() {
        let (one, eu) = ("https://www.shop.example/1.xml", "https://eu.cdn.shop.example/eu.xml");
        let documents = [
            (
                TOP,
                index(&[
                    one,
                    TOP,
                    eu,
                    "https://other.example/o.xml",
                    "https://www.shop.example/gone.xml",
                    one,
                ]),
            ),
            (one, urls(&["https://www.shop.example/1"])),
            (eu, index(&[TOP, one])),
        ];
        let (rows, left_out) = walk(TOP, &documents, None).unwrap();
        assert_eq!(rows, [format!("/1 · {one} line 2")]);
        assert_eq!(
            left_out,
            [
                "4 repeat an earlier one (first: line 3)",
                "sitemap https://other.example/o.xml: the URL is on another host (line 5)",
                "sitemap https://www.shop.example/gone.xml: https://www.shop.example/gone.xml is not there",
            ]
        );
    }

    #[test]
    fn an_index_in_a_file_leads_to_the_files_beside_it() {
        let documents = [
            (
                "public/sitemap.xml",
                index(&["https://www.shop.example/x/pages.xml", "https://www.shop.example/"]),
            ),
            ("public/pages.xml", urls(&["https://www.shop.example/p"])),
        ];
        let (rows, left_out) = walk("public/sitemap.xml", &documents, None).unwrap();
        assert_eq!(rows, ["/p · public/pages.xml line 2"]);
        assert_eq!(
            left_out,
            ["sitemap https://www.shop.example/: the URL has no file name (line 3)"]
        );
    }

    #[test]
    fn what_did_not_change_since_is_left_out() {
        let entry =
            |path: &str, changed: &str| format!("<url><loc>https://www.shop.example/{path}</loc>{changed}</url>\n");
        let document = format!(
            "<urlset>\n{}{}{}{}</urlset>",
            entry("new", "<lastmod>2026-11-20</lastmod>"),
            entry("old", "<lastmod>2026-11-19T23:00:00Z</lastmod>"),
            entry("month", "<lastmod>2026-11</lastmod>"),
            entry("unknown", "")
        );
        let (rows, left_out) = walk("s.xml", &[("s.xml", document)], Some("2026-11-20T00:00:00Z")).unwrap();
        assert_eq!(rows, ["/new · s.xml line 2", "/month · s.xml line 4"]);
        let expected = [
            "1 entry not changed since 2026-11-20T00:00:00Z (line 3)",
            "1 entry without lastmod (line 5)",
        ];
        assert_eq!(left_out, expected);
    }

    #[test]
    fn indexes_are_followed_to_a_bounded_depth_and_number() {
        let name = |n: usize| format!("https://www.shop.example/{n}.xml");
        let chain: Vec<_> = (0..9).map(|n| (name(n), index(&[&name(n + 1)]))).collect();
        let chain: Vec<_> = chain.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
        let (_, left_out) = walk(&name(0), &chain, None).unwrap();
        assert_eq!(
            left_out,
            [
                "sitemap https://www.shop.example/3.xml: sitemap indexes are nested too deeply \
              (https://www.shop.example/2.xml line 2)"
            ]
        );
        let many: Vec<_> = (1..1_000).map(name).collect();
        let many: Vec<_> = many.iter().map(String::as_str).collect();
        let left_out = walk(TOP, &[(TOP, index(&many))], None).unwrap().1;
        assert!(
            left_out.contains(&"500 sitemaps not read (first: line 501)".to_owned()),
            "{:?}",
            left_out.first()
        );
    }

    #[test]
    fn what_cannot_be_read_at_all_is_a_sentence() {
        assert_eq!(walk(TOP, &[], None), Err(format!("{TOP} is not there")));
        let html = walk("s.xml", &[("s.xml", "<html/>".to_owned())], None);
        assert_eq!(
            html,
            Err("s.xml is not a sitemap: line 1: <html> is not a sitemap".to_owned())
        );
        let torn = format!("{}<", urls(&["https://www.shop.example/a"]));
        let (rows, left_out) = walk("s.xml", &[("s.xml", torn)], None).unwrap();
        assert_eq!(rows.len(), 1);
        assert!(
            left_out[0].starts_with("the rest of s.xml, which is not valid sitemap XML: line 3: "),
            "{left_out:?}"
        );
        for address in ["ftp://a/s.xml", "https://", "https://me:secret@a.example/s.xml"] {
            assert!(
                Location::parse(address).is_err_and(|refusal| !refusal.contains("secret")),
                "{address}"
            );
        }
    }

    #[test]
    fn more_pages_than_are_taken_are_counted() {
        let pages = crate::domain::import::MAX_ROWS + 1_000;
        let entry = |n| format!("<url><loc>https://www.shop.example/{n}</loc></url>");
        let document = (0..pages).map(entry).collect::<Vec<_>>().concat();
        let mut walk = Walk::new(Location::File("s.xml".to_owned()), None, shop());
        assert!(walk.next_location().is_some());
        walk.take(Ok(format!("<urlset>{document}</urlset>").into_bytes()));
        assert_eq!(walk.next_location(), None);
        let import = walk.finish().unwrap();
        assert_eq!(import.rows.len() + 1_000, pages);
        assert_eq!(
            import.left_out.iter().map(|left| left.count).collect::<Vec<_>>(),
            [1_000]
        );
    }
}
