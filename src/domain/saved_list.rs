//! Named lists that the user saves: plain text files that can be edited and version-controlled.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use super::text::is_invisible;

/// The file name extension of a list.
pub const FILE_ENDING: &str = ".txt";

/// The maximum length of a name in bytes. A name of this length fits on every file system, even with the extension of
/// the list and the one added while the file is being written.
const LONGEST: usize = 120;

/// The name of a saved list: a valid file name on every system, which looks the same on screen and on disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListName(String);

/// A saved list, with the data that the folder listing provides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedList {
    /// The name.
    pub name: ListName,
    /// The file size in bytes.
    pub bytes: u64,
    /// The time of the last write, if the system reports it.
    pub changed: Option<DateTime<Utc>>,
}

/// The reason why text cannot be the name of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// The name is empty or blank.
    #[error("enter a name for the list")]
    Empty,
    /// The name has more bytes than file systems accept.
    #[error("a list's name has at most {LONGEST} bytes")]
    Long,
    /// The name starts with a dot, as hidden files and the folders `.` and `..` do.
    #[error("a list's name cannot start with a dot")]
    Dot,
    /// The name contains a character that is a separator or not allowed in file names on some system.
    #[error("{0} cannot be in a list's name; use letters, digits, spaces, - and _")]
    Character(char),
    /// The name contains an invisible character.
    #[error("the name contains an invisible character; type it again")]
    Invisible,
}

impl ListName {
    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name of the list's file.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}{FILE_ENDING}", self.0)
    }

    /// Returns the name of the list in a file, or `None` if the file is not a list.
    #[must_use]
    pub fn of_file(file_name: &str) -> Option<Self> {
        let name = file_name.strip_suffix(FILE_ENDING)?;
        name.parse().ok().filter(|parsed: &Self| parsed.0 == name)
    }
}

impl FromStr for ListName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let name = text.trim();
        let name = name.strip_suffix(FILE_ENDING).unwrap_or(name).trim_end();
        let wrong = |c: char| matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
        match (name.chars().next(), name.chars().find(|&c| wrong(c))) {
            (None, _) => Err(BadName::Empty),
            (Some('.'), _) => Err(BadName::Dot),
            (_, Some(c)) => Err(BadName::Character(c)),
            _ if name.chars().any(is_invisible) => Err(BadName::Invisible),
            _ if name.len() > LONGEST => Err(BadName::Long),
            _ => Ok(Self(name.to_owned())),
        }
    }
}

impl fmt::Display for ListName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns the lines of a list, followed by the lines that only another list contains. Blank lines are not added.
#[must_use]
pub fn merged<'a>(list: &[&'a str], other: &[&'a str]) -> Vec<&'a str> {
    let mut known: HashSet<&str> = list.iter().map(|line| line.trim()).collect();
    let mut lines = list.to_vec();
    lines.extend(
        other
            .iter()
            .filter(|line| !line.trim().is_empty() && known.insert(line.trim())),
    );
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_file_names_everywhere() {
        for (text, expected) in [
            ("release", Ok("release")),
            (" après noël 2 ", Ok("après noël 2")),
            ("release.txt", Ok("release")),
            ("v1.4", Ok("v1.4")),
            ("", Err(BadName::Empty)),
            ("  ", Err(BadName::Empty)),
            (".txt", Err(BadName::Empty)),
            ("..", Err(BadName::Dot)),
            (".hidden", Err(BadName::Dot)),
            ("a/b", Err(BadName::Character('/'))),
            ("../x", Err(BadName::Dot)),
            (r"a\b", Err(BadName::Character('\\'))),
            ("c:", Err(BadName::Character(':'))),
            ("a\u{1b}b", Err(BadName::Invisible)),
            ("a\u{202e}b", Err(BadName::Invisible)),
        ] {
            let name = text.parse::<ListName>();
            assert_eq!(
                name.as_ref().map(ListName::as_str),
                expected.as_ref().copied(),
                "{text:?}"
            );
        }
        assert_eq!("x".repeat(LONGEST + 1).parse::<ListName>(), Err(BadName::Long));
    }

    #[test]
    fn other_files_are_no_lists() {
        let name = |file: &str| ListName::of_file(file).map(|name| name.to_string());
        assert_eq!(name("release.txt").as_deref(), Some("release"));
        for file in [
            "release",
            "release.md",
            ".release.txt",
            " a.txt",
            "a .txt",
            "a:b.txt",
            ".txt",
            "a.txt.txt ",
        ] {
            assert_eq!(name(file), None, "{file}");
        }
    }

    #[test]
    fn what_is_there_is_not_merged_again() {
        let list = ["/a", "", "# note", "/b"];
        assert_eq!(
            merged(&list, &["/b ", "/c", "", "/c", "# note"]),
            ["/a", "", "# note", "/b", "/c"]
        );
    }

    proptest! {
        #[test]
        fn a_name_comes_back_from_its_file(text in any::<String>()) {
            if let Ok(name) = text.parse::<ListName>() {
                prop_assert_eq!(ListName::of_file(&name.file_name()), Some(name));
            }
        }
    }
}
