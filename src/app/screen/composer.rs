//! The composer: a text editor in which every line is judged as it is typed, and nothing typed is ever lost.

use std::collections::HashMap;

use crate::app::action::Action;
use crate::app::editor::{Command, Editor, Motion, Revision};
use crate::domain::analysis::Analysis;
use crate::domain::distribution::Target;
use crate::domain::import::Origin;
use crate::domain::lint::Context;
use crate::engine::drafts::DraftKey;

/// The state of the page.
#[derive(Debug)]
pub struct Composer {
    /// What the list is for.
    pub targets: Vec<Target>,
    /// The draft that is being composed.
    pub draft: DraftKey,
    /// The text.
    pub editor: Editor,
    /// The judgement of every line, in step with the text.
    pub analysis: Analysis,
    /// Origins of imported lines, by their text. An edited line has none.
    pub origins: HashMap<String, Origin>,
    /// Items that were sent to these targets before, the newest first, and patterns of their cache behaviours.
    pub(in crate::app) known: Vec<String>,
    /// How many lines the wheel moved the text by, all together.
    pub(in crate::app) turned: isize,
    /// The last search text.
    pub(in crate::app) sought: String,
    /// The revision that the ledger holds; `None`: it holds another text, or none.
    pub(in crate::app) saved: Option<Revision>,
    /// The revision that is being written.
    pub(in crate::app) saving: Option<Revision>,
    /// A stored draft that could be read only after something was typed: it belongs above that.
    pub(in crate::app) unmerged: Option<DraftKey>,
}

/// From so many characters on something is offered: a slash alone says nothing.
const FROM: usize = 2;

impl Composer {
    pub(in crate::app) fn new(targets: Vec<Target>, draft: DraftKey, text: &str, context: Context) -> Self {
        // A draft is gone on with on a line of its own: what is typed must not join what was left there.
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
            saved,
            saving: None,
            unmerged: None,
            sought: String::new(),
            turned: 0,
        }
    }

    /// The targets' ids, sorted, joined by blanks.
    #[must_use]
    pub fn targets_key(&self) -> String {
        key(&self.targets)
    }

    /// Whether the ledger holds what is seen.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.saved == Some(self.editor.revision())
    }

    /// How many lines the wheel moved the text by, all together: what is seen moves by as many.
    #[must_use]
    pub fn turned(&self) -> isize {
        self.turned
    }

    /// Where lines go that are added below the list. A blank line at the end is where the person stood, not a part of it.
    pub(in crate::app) fn end(&mut self) -> usize {
        let last = self.editor.len() - 1;
        last + usize::from(!self.editor.line(last).is_empty())
    }

    /// Whether nothing was written yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.editor.len() == 1 && self.editor.line(0).is_empty()
    }

    /// Gives the editor a command and lets the judgement follow. Returns the text for the clipboard, if there is one.
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

    /// What Tab would add to the cursor's line: the rest of the newest item that begins so. Nothing unless the cursor
    /// stands at the end of the line.
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

    /// The action that takes the suggestion for the cursor's line. Tab does, since no terminal keeps it for itself, unless it
    /// would accept a completion.
    #[must_use]
    pub fn takes_suggestion(&self) -> Action {
        match self.completion() {
            Some(_) => Action::TakeOffer,
            None => Action::Complete,
        }
    }
}

/// What came of a command.
pub(in crate::app) struct Applied {
    /// Whether anything that is seen is another.
    pub(in crate::app) seen: bool,
    /// Whether the text is another.
    pub(in crate::app) changed: bool,
    /// The text for the clipboard.
    pub(in crate::app) copied: Option<String>,
}

/// The targets as a draft names them.
#[must_use]
pub(in crate::app) fn key(targets: &[Target]) -> String {
    let mut ids: Vec<_> = targets.iter().map(Target::id).collect();
    ids.sort_unstable();
    ids.join(" ")
}
