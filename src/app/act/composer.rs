//! The user's actions on the list being composed.

pub(in crate::app) mod another;
mod completion;
pub(in crate::app) mod compose;
pub(in crate::app) mod context;
pub(in crate::app) mod draft;
pub(in crate::app) mod editing;
pub(in crate::app) mod external_editor;
mod fixes;
pub(in crate::app) mod searching;
pub(in crate::app) mod sending;
pub(in crate::app) mod switching;
pub(in crate::app) mod typing;

use crate::app::act::composer::editing::give;
use crate::app::action::Action;
use crate::app::editor::{Command, Edit};
use crate::app::model::Model;
use crate::engine::notices::Level;

/// Carries out an action of the page.
pub(in crate::app) fn act(model: &mut Model, action: Action) {
    match action {
        Action::Review => sending::review(model),
        Action::FixSafe => fixes::fix_all(model),
        Action::TakeOffer => fixes::take_offer(model),
        Action::SwitchTarget => switching::switch(model),
        Action::AddTwin => switching::add_twin(model),
        Action::KeepLine => fixes::keep_line(model),
        Action::NextProblem => fixes::next_problem(model),
        Action::ExternalEditor => external_editor::open(model),
        Action::ToggleComment => give(model, Edit::ToggleComment.into()),
        Action::SortLines => give(model, Edit::SortLines.into()),
        Action::Complete => completion::complete(model),
        Action::Undo => give(model, Command::Undo),
        Action::Redo => give(model, Command::Redo),
        Action::Find => searching::ask_what_to_find(model),
        Action::FindNext => searching::find_next(model),
        Action::SelectAll => give(model, Command::SelectAll),
        Action::CopyText => give(model, Command::Copy),
        Action::CutText => give(model, Command::Cut),
        Action::ClearDraft => clear(model),
        Action::NextDraft => another::show_next(model),
        _ => {}
    }
}

/// Deletes every line, in one undo step.
fn clear(model: &mut Model) {
    give(model, Edit::SetText(String::new()).into());
    let undo = model.keymap.spoken(Action::Undo);
    model
        .engine
        .say(Level::Info, format!("Cleared; {undo} restores the lines"));
}
