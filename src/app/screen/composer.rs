//! The composer: a text editor in which every line is checked as it is typed, and no typed text is ever lost.

use std::collections::HashMap;

use crate::app::action::Action;
use crate::app::editor::{Command, Editor, Motion, Revision};
use crate::domain::analysis::Analysis;
use crate::domain::distribution::Target;
use crate::domain::import::Origin;
use crate::domain::lint::Context;
use crate::engine::drafts::DraftKey;

/// The state of the composer.
#[derive(Debug)]
pub struct Composer {
    /// The targets that the list is composed for.
    pub targets: Vec<Target>,
    /// The draft being composed.
    pub draft: DraftKey,
    /// The editor that contains the text of the list.
    pub editor: Editor,
    /// The analysis of every line, always up to date with the text.
    pub analysis: Analysis,
    /// The origins of imported lines, by the lines' text. An edited line no longer has an origin.
    pub origins: HashMap<String, Origin>,
    /// The items sent to these targets earlier, newest first, and the path patterns of their cache behaviors.
    pub(in crate::app) known: Vec<String>,
    /// The items of the newest known invalidation of these targets, which an empty list can reuse.
    pub(in crate::app) last_items: Vec<String>,
    /// The total number of lines scrolled by the wheel.
    pub(in crate::app) turned: isize,
    /// The last search text.
    pub(in crate::app) sought: String,
    /// The revision stored in the ledger; `None` means that the ledger contains different text, or none.
    pub(in crate::app) saved: Option<Revision>,
    /// The revision that is being written.
    pub(in crate::app) saving: Option<Revision>,
    /// A stored draft that was loaded only after the user had started typing; it is inserted above the typed text.
    pub(in crate::app) unmerged: Option<DraftKey>,
}

/// The minimum length of the typed text for a completion. A slash alone would match everything.
const FROM: usize = 2;

impl Composer {
    pub(in crate::app) fn new(targets: Vec<Target>, draft: DraftKey, text: &str, context: Context) -> Self {
        // The user continues a draft on a new line, so that typed text is not joined to its last line.
        let fresh = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        let mut editor = Editor::from_lines(format!("{text}{fresh}").split('\n'));
        editor.apply(Command::Move(Motion::Bottom));
        let lines: Vec<&str> = editor.lines().collect();
        let analysis = Analysis::of(&lines, context);
        let saved = Some(editor.revision());
        Self {
            targets,
            draft,
            editor,
            analysis,
            origins: HashMap::new(),
            known: Vec::new(),
            last_items: Vec::new(),
            saved,
            saving: None,
            unmerged: None,
            sought: String::new(),
            turned: 0,
        }
    }

    /// Returns the ids of the targets, sorted and separated by spaces.
    #[must_use]
    pub fn targets_key(&self) -> String {
        key(&self.targets)
    }

    /// Returns whether the ledger contains the current text.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.saved == Some(self.editor.revision())
    }

    /// Returns the total number of lines scrolled with the mouse wheel; the view scrolls by the same amount.
    #[must_use]
    pub fn turned(&self) -> isize {
        self.turned
    }

    /// Returns the position at which lines are appended to the list. A blank last line is where the user was typing, so
    /// it is not part of the list.
    pub(in crate::app) fn end(&mut self) -> usize {
        let last = self.editor.len() - 1;
        last + usize::from(!self.editor.line(last).is_empty())
    }

    /// Returns an empty line to add after lines that are appended to the list, so that typed text is not joined to the
    /// last of them; `None` if the list already ends with one.
    pub(in crate::app) fn new_line(&self) -> Option<String> {
        let last = self.editor.line(self.editor.len() - 1);
        (self.is_empty() || !last.is_empty()).then(String::new)
    }

    /// Returns whether nothing has been typed yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.editor.len() == 1 && self.editor.line(0).is_empty()
    }

    /// Applies a command to the editor and updates the analysis. The result includes text for the clipboard, if any.
    pub(in crate::app) fn apply(&mut self, command: Command) -> Applied {
        let change = self.editor.apply(command);
        for splice in &change.splices {
            let inserted = splice.start..splice.start + splice.inserted;
            let lines: Vec<&str> = inserted.map(|line| self.editor.line(line)).collect();
            self.analysis
                .splice(splice.start..splice.start + splice.removed, &lines);
        }
        Applied {
            seen: !change.is_empty(),
            changed: !change.splices.is_empty(),
            copied: change.copied,
        }
    }

    /// Returns what Tab would append to the cursor's line: the rest of the newest item that starts with the line's
    /// text. `None` unless the cursor is at the end of the line.
    #[must_use]
    pub fn completion(&self) -> Option<&str> {
        let cursor = self.editor.cursor();
        let typed = self.editor.line(cursor.line);
        if typed.len() < FROM || cursor.byte < typed.len() || self.editor.selection().is_some() {
            return None;
        }
        let rest = |item: &'_ String| item.strip_prefix(typed).map(str::len).filter(|len| *len > 0);
        let (item, len) = self.known.iter().find_map(|item| Some((item, rest(item)?)))?;
        item.get(item.len() - len..)
    }

    /// Returns the items that Tab inserts and reviews while the list is empty: those of the targets' newest invalidation.
    #[must_use]
    pub fn reusable(&self) -> &[String] {
        if self.is_empty() { &self.last_items } else { &[] }
    }

    /// Returns the action that applies the suggestion for the cursor's line. Tab triggers it unless Tab would accept a
    /// completion. Tab is a key that no terminal reserves.
    #[must_use]
    pub fn takes_suggestion(&self) -> Action {
        match self.completion() {
            Some(_) => Action::TakeOffer,
            None => Action::Complete,
        }
    }
}

/// The result of an editor command.
pub(in crate::app) struct Applied {
    /// Whether anything visible changed.
    pub(in crate::app) seen: bool,
    /// Whether the text changed.
    pub(in crate::app) changed: bool,
    /// The text for the clipboard.
    pub(in crate::app) copied: Option<String>,
}

/// Returns the ids of the targets as a draft stores them.
#[must_use]
pub(in crate::app) fn key(targets: &[Target]) -> String {
    let mut ids: Vec<_> = targets.iter().map(Target::id).collect();
    ids.sort_unstable();
    ids.join(" ")
}
