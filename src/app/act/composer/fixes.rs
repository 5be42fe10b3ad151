//! Applies the lint's suggestions, keeps or skips covered lines, and finds the next problem.

use crate::app::act::composer::editing::give;
use crate::app::action::Action;
use crate::app::editor::{Command, Edit, Motion};
use crate::app::model::Model;
use crate::domain::lint::Severity;
use crate::domain::text;
use crate::engine::notices::Level;

/// Applies every safe fix, in one undo step.
pub(in crate::app) fn fix_all(model: &mut Model) {
    let Some(composer) = model.composer_mut() else { return };
    let fixed = composer.analysis.safe_fixes();
    let count = fixed.len();
    give(model, Edit::ReplaceLines(fixed).into());
    let undo = model.keymap.spoken(Action::Undo);
    let text = match count {
        0 => "no safe fixes".to_owned(),
        fixed => format!("fixed {}; press {undo} to undo", text::count(fixed, "line")),
    };
    model.engine.say(Level::Info, text);
}

/// Applies the suggestion for the current line, even if it clears more or less.
pub(in crate::app) fn take_offer(model: &mut Model) {
    let Some(composer) = model.composer_mut() else { return };
    let line = composer.editor.cursor().line;
    match composer.analysis.offered_fix(line) {
        Some(fix) => {
            give(model, Edit::ReplaceLines(vec![(line, fix.replacement)]).into());
            let undo = model.keymap.spoken(Action::Undo);
            model
                .engine
                .say(Level::Info, format!("clears {}; press {undo} to undo", fix.clears));
        }
        None => model.engine.say(Level::Info, "no suggestion for this line"),
    }
}

/// Keeps a covered line, or skips it again.
pub(in crate::app) fn keep_line(model: &mut Model) {
    let Some(composer) = model.composer_mut() else { return };
    let line = composer.editor.cursor().line;
    let row = composer
        .analysis
        .row(line)
        .map(|row| (row.kept, row.covered_by.is_some()));
    match row {
        Some((kept, covered)) if kept || covered => {
            composer.analysis.keep(line, !kept);
            model.engine.touch();
        }
        Some(_) | None => model.engine.say(Level::Info, "only covered lines can be kept"),
    }
}

/// Goes to the next line with a problem, wrapping around at the end.
pub(in crate::app) fn next_problem(model: &mut Model) {
    let Some(composer) = model.composer_mut() else { return };
    let line = composer.editor.cursor().line;
    match composer.analysis.next_problem(line, Severity::Warning) {
        Some(line) => give(model, Command::Move(Motion::Line(line))),
        None => model.engine.say(Level::Info, "no problems found"),
    }
}
