//! Maps files of a built tree to the paths that viewers request.

use std::str::FromStr;

use super::basket::Basket;
use super::left_out::Reason;
use super::origin::{At, Change};

/// A map from folders of the tree to URL prefixes, written as pairs such as `dist/=/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrefixMap {
    /// Pairs of a folder and a URL prefix, longest folder first. Both are either empty or end with a slash.
    pairs: Vec<(String, String)>,
}

/// The error for text that is not a prefix map.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} does not map a folder to a path; write dist/=/ for files in dist that are served from /")]
pub struct NotAMap {
    text: String,
}

/// Maps the whole tree to `/`.
impl Default for PrefixMap {
    fn default() -> Self {
        Self {
            pairs: vec![(String::new(), "/".to_owned())],
        }
    }
}

impl PrefixMap {
    /// Parses a map from a list of words. Returns the default if the list is empty.
    ///
    /// # Errors
    /// Returns the first word that is not a mapping.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, NotAMap> {
        let mut pairs = words.into_iter().map(pair).collect::<Result<Vec<_>, _>>()?;
        if pairs.is_empty() {
            return Ok(Self::default());
        }
        pairs.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        Ok(Self { pairs })
    }

    /// Returns the folders, for messages.
    #[must_use]
    pub fn folders(&self) -> String {
        let folders: Vec<&str> = self.pairs.iter().map(|(folder, _)| folder.as_str()).collect();
        folders.join(", ")
    }

    /// Returns the raw path of a file, or `None` if the file is not in any of the folders.
    #[must_use]
    pub fn path(&self, file: &str) -> Option<String> {
        let (rest, path) = self
            .pairs
            .iter()
            .find_map(|(folder, path)| Some((file.strip_prefix(folder.as_str())?, path)))?;
        Some(format!("{path}{}", literal(rest)))
    }
}

impl FromStr for PrefixMap {
    type Err = NotAMap;

    fn from_str(text: &str) -> Result<Self, NotAMap> {
        Self::of(text.split_whitespace())
    }
}

fn pair(word: &str) -> Result<(String, String), NotAMap> {
    let wrong = || NotAMap { text: word.to_owned() };
    let (folder, path) = word.rsplit_once('=').ok_or_else(wrong)?;
    if !path.starts_with('/') {
        return Err(wrong());
    }
    let folder = folder.trim_start_matches("./").trim_matches('/');
    let folder = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    Ok((folder, format!("{}/", path.trim_end_matches('/'))))
}

/// Encodes the characters of a file name that have a special meaning in a path. The lint handles the rest.
fn literal(name: &str) -> String {
    let mut path = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '%' => path.push_str("%25"),
            '?' => path.push_str("%3F"),
            '#' => path.push_str("%23"),
            '\\' => path.push_str("%5C"),
            c if c.is_ascii_control() => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    path.push_str(percent_encoding::percent_encode_byte(byte));
                }
            }
            c => path.push(c),
        }
    }
    path
}

/// Adds the path of a changed file.
pub(super) fn put_file(basket: &mut Basket, map: &PrefixMap, name: &[u8], change: Change) {
    let at = At::Change(change);
    let Ok(name) = std::str::from_utf8(name) else {
        return basket.leave(Reason::NameNotUtf8, &At::Somewhere);
    };
    match map.path(name) {
        _ if name.contains('*') => basket.leave(Reason::StarName, &named(name)),
        Some(path) => basket.put_once(path, at),
        None => basket.leave(Reason::OutsideOf(map.folders()), &named(name)),
    }
}

fn named(name: &str) -> At {
    At::Named(name.into())
}
