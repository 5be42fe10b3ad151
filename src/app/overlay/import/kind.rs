//! The table of the kinds of imports.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tui_input::Input;

use super::path::Completing;
use crate::domain::import::Variants;
use crate::domain::secret;

/// A kind of import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A text file.
    File,
    /// The contents of the clipboard.
    Paste,
    /// The items of an earlier invalidation.
    Earlier,
    /// The changes reported by git.
    Git,
    /// A sitemap.
    Sitemap,
    /// The differences between two folders.
    Trees,
}

/// The line of input for an import.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The kind of import that the input is for.
    pub kind: Kind,
    /// The typed text.
    pub input: Input,
    /// What is wrong with the text, or why the import failed.
    pub mistake: Option<String>,
    /// The state of Tab completion.
    pub completing: Completing,
}

/// A row of the table of kinds.
#[derive(Clone, Copy, Debug)]
pub struct KindEntry {
    /// The kind.
    pub kind: Kind,
    /// The letter that selects the kind in the menu.
    pub letter: char,
    /// The name in the menu.
    pub title: &'static str,
    /// What this kind imports.
    pub help: &'static str,
    /// The prompt for the input; empty if none is needed.
    pub prompt: &'static str,
    /// An example of the input.
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

/// The table of kinds, in the order of the menu.
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
        "pages in a sitemap",
        "URL or file; add \"since 2d\" for recent pages only",
        "https://www.example.com/sitemap.xml since 2d",
    ),
    entry(
        (Kind::Trees, 't'),
        "Two folders",
        "files that differ; checksum lists work too",
        "old folder, new folder [URL prefix]",
        "../live dist",
    ),
];

impl Kind {
    /// Returns the kind's row in the table.
    #[must_use]
    pub fn entry(self) -> &'static KindEntry {
        // The table has one row for each kind, in the order of the kinds.
        &KINDS[self as usize]
    }
}

/// The remembered imports. The next start restores the kind and the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportMemory {
    /// The kind that was last used.
    pub kind: Option<Kind>,
    /// The line that was last typed for each kind, so that it can be edited and tried again.
    pub lines: BTreeMap<Kind, String>,
    /// The variants to add, keyed by the targets' ids. They are remembered only until the program exits.
    #[serde(skip)]
    pub variants: BTreeMap<String, Variants>,
}

/// The maximum length of a remembered line. A longer one was probably pasted by mistake.
const LONGEST: usize = 1_000;

impl ImportMemory {
    /// Adds what an earlier run stored, except where the user has already typed something else.
    pub(in crate::app) fn take_up(&mut self, kept: Self) {
        self.kind = self.kind.or(kept.kind);
        for (kind, line) in kept.lines {
            self.lines.entry(kind).or_insert(line);
        }
    }

    /// Returns the part that may be stored for the next start: only lines without credentials.
    #[must_use]
    pub fn to_keep(&self) -> Self {
        let harmless = |line: &String| line.len() <= LONGEST && secret::stripped(line) == line.as_str();
        let lines = self.lines.iter().filter(|(_, line)| harmless(line));
        Self {
            kind: self.kind,
            lines: lines.map(|(kind, line)| (*kind, line.clone())).collect(),
            variants: BTreeMap::new(),
        }
    }
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

    #[test]
    fn no_credential_is_kept_for_the_next_start() {
        let lines = [
            (Kind::File, "paths.txt"),
            (Kind::Sitemap, "https://me:hunter2@www.example.com/sitemap.xml"),
            (Kind::Git, &*"x".repeat(2_000)),
        ];
        let typed = ImportMemory {
            kind: Some(Kind::Sitemap),
            lines: lines.map(|(kind, line)| (kind, line.to_owned())).into(),
            ..ImportMemory::default()
        };
        let kept = typed.to_keep();
        assert_eq!(kept.lines, BTreeMap::from([(Kind::File, "paths.txt".to_owned())]));
        let mut next = ImportMemory {
            lines: BTreeMap::from([(Kind::File, "typed".to_owned())]),
            ..ImportMemory::default()
        };
        next.take_up(kept);
        assert_eq!(
            (next.kind, next.lines[&Kind::File].as_str()),
            (Some(Kind::Sitemap), "typed")
        );
    }
}
