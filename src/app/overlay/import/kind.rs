//! What can be imported, in one table.

use std::collections::BTreeMap;

use crate::domain::import::Variants;

/// Something to import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A text file.
    File,
    /// What is on the clipboard.
    Paste,
    /// The items of an earlier invalidation.
    Earlier,
    /// What git says has changed.
    Git,
    /// A sitemap.
    Sitemap,
    /// Two folders that are compared.
    Trees,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct KindEntry {
    /// The kind.
    pub kind: Kind,
    /// The letter that chooses it.
    pub letter: char,
    /// Its name in the menu.
    pub title: &'static str,
    /// What is taken of it.
    pub help: &'static str,
    /// What is to be typed; empty where nothing is.
    pub prompt: &'static str,
    /// How that may look.
    pub example: &'static str,
}

const fn entry(
    (kind, letter): (Kind, char),
    title: &'static str,
    help: &'static str,
    prompt: &'static str,
    example: &'static str,
) -> KindEntry {
    KindEntry {
        kind,
        letter,
        title,
        help,
        prompt,
        example,
    }
}

/// The table, in the order of the menu.
pub const KINDS: [KindEntry; 6] = [
    entry(
        (Kind::File, 'f'),
        "File",
        "one item per line, or any text with URLs",
        "path of a text file",
        "~/lists/release.txt",
    ),
    entry(
        (Kind::Paste, 'c'),
        "Clipboard",
        "paste a list, or any text with URLs",
        "",
        "",
    ),
    entry(
        (Kind::Earlier, 'e'),
        "Earlier invalidation",
        "reuse the paths of a past invalidation",
        "",
        "",
    ),
    entry(
        (Kind::Git, 'g'),
        "git diff",
        "files changed between two commits",
        "commit range, then FOLDER=URL-PREFIX",
        "main..HEAD dist/=/",
    ),
    entry(
        (Kind::Sitemap, 's'),
        "Sitemap",
        "pages of a sitemap",
        "URL or file; add \"since 2d\" for recent pages only",
        "https://www.example.com/sitemap.xml since 2d",
    ),
    entry(
        (Kind::Trees, 't'),
        "Two folders",
        "files that differ; also lists of checksums",
        "old folder, new folder [URL prefix]",
        "../live dist",
    ),
];

impl Kind {
    /// Its row of the table.
    #[must_use]
    pub fn entry(self) -> &'static KindEntry {
        // The table has one row for each kind, in the order of the kinds.
        &KINDS[self as usize]
    }
}

/// What is remembered of imports until the program ends.
#[derive(Clone, Debug, Default)]
pub struct Remembered {
    /// What was imported from last.
    pub kind: Option<Kind>,
    /// What was typed last, to be changed and tried again.
    pub lines: BTreeMap<Kind, String>,
    /// Which other names of pages are added, by the targets' ids.
    pub variants: BTreeMap<String, Variants>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_row() {
        for row in KINDS {
            assert_eq!(row.kind.entry().title, row.title);
            assert_eq!(row.prompt.is_empty(), row.example.is_empty());
        }
    }
}
