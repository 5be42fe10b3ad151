//! The composer: a text editor in which every line is judged as it is typed, and nothing typed is ever lost.

use std::time::Duration;

use crate::app::action::Action;
use crate::app::editor::{Change, Command, Edit, Editor, Motion, Revision};
use crate::app::effect::{Effect, LedgerOperation};
use crate::app::key::{Code, Key};
use crate::app::model::{Due, Level, Model, Purpose};
use crate::app::screen::Screen;
use crate::domain::distribution::{DistributionId, Target};

/// How long typing rests before the draft is written again.
const DRAFT_AFTER: Duration = Duration::from_millis(250);

/// The state of the page.
#[derive(Debug)]
pub struct Composer {
    /// What the list is for.
    pub targets: Vec<Target>,
    /// The text.
    pub editor: Editor,
    /// The revision that the ledger holds; `None`: it holds another text, or none.
    pub saved: Option<Revision>,
    /// The revision that is being written.
    saving: Option<Revision>,
}

impl Composer {
    fn new(targets: Vec<Target>, text: &str) -> Self {
        let mut editor = Editor::from_lines(text.split('\n'));
        editor.apply(Command::Move(Motion::Bottom));
        let saved = Some(editor.revision());
        Self {
            targets,
            editor,
            saved,
            saving: None,
        }
    }

    /// The name of its draft: the targets' ids, sorted, joined by blanks.
    #[must_use]
    pub fn draft_key(&self) -> String {
        let mut ids: Vec<_> = self.targets.iter().map(Target::id).collect();
        ids.sort_unstable();
        ids.join(" ")
    }

    /// Whether the ledger holds what is seen.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.saved == Some(self.editor.revision())
    }
}

/// Opens the composer for these targets with their draft, or with these items under it.
pub(in crate::app) fn open(model: &mut Model, targets: Vec<Target>, items: Option<Vec<String>>) {
    if targets.is_empty() {
        return;
    }
    for target in &targets {
        if let Target::Distribution(id) = target {
            crate::app::fleet::describe(model, id);
        }
    }
    let mut composer = Composer::new(targets, "");
    let draft = model.drafts.get(&composer.draft_key()).cloned().unwrap_or_default();
    composer = Composer::new(composer.targets, &draft);
    let _ = items;
    crate::app::screen::push(model, Screen::Composer(Box::new(composer)));
}

/// What is known of a distribution changed: the lines are judged anew.
pub(in crate::app) fn context_changed(model: &mut Model, id: &DistributionId) {
    let _ = (model, id);
}

/// The ledger was opened after the composer: a draft that it holds is taken if nothing was typed yet.
pub(in crate::app) fn ledger_opened(model: &mut Model) {
    let _ = model;
}

/// A key that is no action.
pub(in crate::app) fn on_key(model: &mut Model, key: Key) {
    let _ = (model, key);
}

/// Text pasted as one piece.
pub(in crate::app) fn on_paste(model: &mut Model, text: &str) {
    let _ = (model, text);
}

/// An action of the page.
pub(in crate::app) fn act(model: &mut Model, action: Action) {
    let _ = (model, action);
}

/// The external editor is done.
pub(in crate::app) fn edited(model: &mut Model, result: Result<String, String>) {
    let _ = (model, result);
}

/// Writes the draft now, if it changed.
pub(in crate::app) fn keep_draft(model: &mut Model) {
    let _ = model;
}

/// It is time to write the draft.
pub(in crate::app) fn write_draft(model: &mut Model) {
    let _ = model;
}

/// The ledger holds the draft, or could not.
pub(in crate::app) fn draft_written(model: &mut Model, key: &str, result: Result<(), String>) {
    let _ = (model, key, result);
}

/// The draft has done its work.
pub(in crate::app) fn forget_draft(model: &mut Model, key: &str) {
    let _ = (model, key);
}
