//! The user's actions on the list being composed.

pub(in crate::app) mod another;
pub(in crate::app) mod completion;
pub(in crate::app) mod compose;
pub(in crate::app) mod context;
pub(in crate::app) mod draft;
pub(in crate::app) mod editing;
pub(in crate::app) mod external_editor;
pub(in crate::app) mod fixes;
pub(in crate::app) mod searching;
pub(in crate::app) mod sending;
pub(in crate::app) mod switching;
pub(in crate::app) mod typing;

use crate::app::act::composer::editing::give;
use crate::app::action::Action;
use crate::app::editor::Edit;
use crate::app::model::Model;
use crate::engine::notices::Level;

/// Deletes every line, in one undo step.
pub(in crate::app) fn clear(model: &mut Model) {
    give(model, Edit::SetText(String::new()).into());
    let undo = model.keymap.spoken(Action::Undo);
    model
        .engine
        .say(Level::Info, format!("Draft cleared; press {undo} to undo"));
}
