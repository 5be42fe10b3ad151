//! Parses the source of an import from a line typed by the user.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::files::PrefixMap;
use super::git::CommitRange;
use super::walk::{Location, Since};
use crate::domain::words;

/// A source that has to be read from disk, with git, or from a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The name of a text file as typed; `~` is the home folder.
    File(String),
    /// The files that differ between two commits of the repository in the current folder.
    Git {
        /// The commits.
        range: CommitRange,
        /// The map from folders to URL prefixes.
        map: PrefixMap,
    },
    /// A sitemap or an index of sitemaps.
    Sitemap {
        /// The sitemap's location.
        location: Location,
        /// The cutoff time, if any. Entries that have not changed since then are skipped.
        since: Option<Since>,
    },
    /// The files that differ between two folders or checksum lists.
    Trees {
        /// The name of the older tree.
        old: String,
        /// The name of the newer tree.
        new: String,
        /// The map from folders to URL prefixes.
        map: PrefixMap,
    },
}

impl Source {
    /// Parses a file name.
    ///
    /// # Errors
    /// Returns a sentence that describes the mistake.
    pub fn file(line: &str) -> Result<Self, String> {
        match line.trim() {
            "" => Err("enter a file name, such as paths.txt".to_owned()),
            name => Ok(Self::File(name.to_owned())),
        }
    }

    /// Parses a commit range and a prefix map, e.g. `main..HEAD dist/=/`.
    ///
    /// # Errors
    /// Returns a sentence that describes the mistake.
    pub fn git(line: &str) -> Result<Self, String> {
        let words = words(line)?;
        let (range, map) = words
            .split_first()
            .ok_or("enter a commit range, such as main..HEAD dist/=/")?;
        Ok(Self::Git {
            range: range.parse().map_err(|error| format!("{range}: {error}"))?,
            map: map_of(map)?,
        })
    }

    /// Parses a sitemap location, e.g. `https://www.shop.example/sitemap.xml since 2026-11-20`; relative times such as
    /// `2d` count back from `now`.
    ///
    /// # Errors
    /// Returns a sentence that describes the mistake.
    pub fn sitemap(line: &str, now: DateTime<Utc>) -> Result<Self, String> {
        let line = line.trim();
        let (place, since) = match line.rsplit_once(" since ") {
            Some((place, since)) => (place.trim(), Some(since_of(since.trim(), now)?)),
            None => (line, None),
        };
        if place.is_empty() {
            return Err("enter a URL or a file, such as https://www.example.com/sitemap.xml".to_owned());
        }
        let location = Location::parse(place)?;
        Ok(Self::Sitemap { location, since })
    }

    /// Parses two trees, `old/ new/`, followed by a prefix map if the files are not served from `/`.
    ///
    /// # Errors
    /// Returns a sentence that describes the mistake.
    pub fn trees(line: &str) -> Result<Self, String> {
        let words = words(line)?;
        let [old, new, map @ ..] = words.as_slice() else {
            return Err("enter two folders or checksum lists, the older one first, such as old/ new/".to_owned());
        };
        Ok(Self::Trees {
            old: old.clone(),
            new: new.clone(),
            map: map_of(map)?,
        })
    }
}

/// Formats a short name of the source: `paths.txt`, `main..HEAD`.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(name) => f.write_str(name),
            Self::Git { range, .. } => write!(f, "git diff {range}"),
            Self::Sitemap { location, .. } => write!(f, "{location}"),
            Self::Trees { old, new, .. } => write!(f, "{old} → {new}"),
        }
    }
}

fn map_of(words: &[String]) -> Result<PrefixMap, String> {
    PrefixMap::of(words.iter().map(String::as_str)).map_err(|error| error.to_string())
}

fn words(line: &str) -> Result<Vec<String>, String> {
    match words::split(line) {
        (_, Some(open @ ('"' | '\''))) => Err(format!("unmatched {open}")),
        (words, _) => Ok(words),
    }
}

/// Parses a day, a time, or an age relative to `now`.
fn since_of(text: &str, now: DateTime<Utc>) -> Result<Since, String> {
    let day = || {
        text.parse::<NaiveDate>()
            .ok()
            .map(|day| day.and_time(NaiveTime::MIN).and_utc())
    };
    let moment = || DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.to_utc());
    let at = day().or_else(moment).or_else(|| now.checked_sub_signed(span(text)?));
    let words = text.to_owned();
    match at {
        Some(at) => Ok(Since { at, words }),
        None => Err(format!(
            "{text} is not a valid time; enter a date such as 2026-11-20, or an age such as 12h, 2d or 1w"
        )),
    }
}

fn span(text: &str) -> Option<TimeDelta> {
    let unit = text.chars().next_back()?;
    let count: i64 = text.strip_suffix(unit)?.parse().ok().filter(|count| *count >= 0)?;
    match unit {
        'h' => TimeDelta::try_hours(count),
        'd' => TimeDelta::try_days(count),
        'w' => TimeDelta::try_weeks(count),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use proptest::prelude::*;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_quote_must_be_closed() {
        assert_eq!(words("a 'b"), Err("unmatched '".to_owned()));
        assert_eq!(words(r"a b\").unwrap(), ["a", "b"]);
    }

    #[test]
    fn each_source_is_one_line() {
        let source = |result: Result<Source, String>| result.map(|source| source.to_string());
        assert_eq!(source(Source::file(" my list.txt ")), Ok("my list.txt".to_owned()));
        assert_eq!(
            source(Source::git("main..HEAD dist/=/")),
            Ok("git diff main..HEAD".to_owned())
        );
        assert_eq!(source(Source::sitemap("s.xml", now())), Ok("s.xml".to_owned()));
        assert_eq!(source(Source::trees("old 'n w'")), Ok("old → n w".to_owned()));
        assert_eq!(
            Source::sitemap("https://a.example/s.xml since 2d", now()),
            Ok(Source::Sitemap {
                location: Location::parse("https://a.example/s.xml").unwrap(),
                since: Some(Since {
                    at: "2026-11-20T10:00:00Z".parse().unwrap(),
                    words: "2d".to_owned()
                }),
            })
        );
    }

    #[test]
    fn what_is_missing_is_said() {
        let refusals = [
            Source::file("  "),
            Source::git(""),
            Source::git("HEAD"),
            Source::git("a..b dist"),
            Source::sitemap("", now()),
            Source::sitemap("s.xml since tuesday", now()),
            Source::sitemap("s.xml since -2d", now()),
            Source::sitemap("gopher://x", now()),
            Source::trees("only-one"),
        ];
        let expected = [
            "enter a file name, such as paths.txt",
            "enter a commit range, such as main..HEAD dist/=/",
            "HEAD: a range is two commits joined by two dots, such as main..HEAD or v1.4..v1.5",
            "\"dist\" does not map a folder to a path; write dist/=/ for files in dist that are served from /",
            "enter a URL or a file, such as https://www.example.com/sitemap.xml",
            "tuesday is not a valid time; enter a date such as 2026-11-20, or an age such as 12h, 2d or 1w",
            "-2d is not a valid time; enter a date such as 2026-11-20, or an age such as 12h, 2d or 1w",
            "gopher is not supported; use an http or https URL, or a file",
            "enter two folders or checksum lists, the older one first, such as old/ new/",
        ];
        assert_eq!(refusals.map(Result::unwrap_err), expected);
    }

    proptest! {
        #[test]
        fn no_line_is_too_odd(line in any::<String>()) {
            let _ = (Source::git(&line), Source::trees(&line), Source::sitemap(&line, now()), Source::file(&line));
            let _ = Source::sitemap(&format!("x since {line}d"), now());
        }
    }
}
