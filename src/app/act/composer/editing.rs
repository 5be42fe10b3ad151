//! The single code path for all changes to the composed text.

use std::time::Duration;

use crate::app::copying::copy;
use crate::app::editor::{Command, Edit, Motion};
use crate::app::model::Model;
use crate::domain::import::Row;
use crate::domain::secret;
use crate::engine::timers::TimerKind;

/// Appends items without replacing anything the user has typed.
pub(in crate::app) fn insert_items(model: &mut Model, lines: Vec<String>) {
    let Some(composer) = model.composer_mut() else { return };
    let at = composer.end();
    let lines = lines.into_iter().chain(composer.new_line()).collect();
    give(model, Edit::InsertLines { at, lines }.into());
    give(model, Command::Move(Motion::Bottom));
}

/// Appends imported lines, as one undo step, and remembers the origin of each.
pub(in crate::app) fn append(model: &mut Model, rows: Vec<Row>) {
    let Some(composer) = model.composer_mut() else { return };
    let at = composer.end();
    let lines = rows.iter().map(|row| row.text.clone()).collect();
    composer
        .origins
        .extend(rows.into_iter().map(|row| (row.text, row.origin)));
    give(model, Edit::InsertLines { at, lines }.into());
    give(model, Command::Move(Motion::Bottom));
}

/// Returns the composer's lines for saving, with credentials removed. A blank last line is omitted, because it is only
/// where the user was typing.
pub(in crate::app) fn lines(model: &Model) -> Vec<String> {
    model.composer().map_or_else(Vec::new, |composer| {
        let lines = composer.editor.lines();
        let mut lines: Vec<_> = lines.map(|line| secret::stripped(line).into_owned()).collect();
        lines.pop_if(|last| last.is_empty());
        lines
    })
}

/// Replaces the items to be sent with these, as one undo step. Comments and invalid lines remain, below the items.
pub(in crate::app) fn replace_items(model: &mut Model, items: &[String]) {
    let Some(composer) = model.composer_mut() else { return };
    let rest = composer
        .analysis
        .rows()
        .filter(|row| !row.ok)
        .map(|row| row.raw.to_owned());
    let text: Vec<String> = items.iter().cloned().chain(rest).collect();
    give(model, Edit::SetText(text.join("\n")).into());
}

/// Applies a command to the editor, then redraws, saves and copies as needed.
pub(in crate::app) fn give(model: &mut Model, command: Command) {
    let Some(applied) = model.composer_mut().map(|composer| composer.apply(command)) else {
        return;
    };
    if applied.seen {
        model.engine.touch();
    }
    if applied.changed {
        changed(model);
    }
    if let Some(text) = applied.copied {
        copy(model, secret::stripped(&text).into_owned(), "the text");
    }
}

/// The delay between a change and writing the draft. A crash loses at most this much typing.
const WRITE_AFTER: Duration = Duration::from_millis(150);

/// Schedules a write because the text changed, unless one is already scheduled.
pub(in crate::app) fn changed(model: &mut Model) {
    if !model.engine.is_timed(&TimerKind::Draft) {
        model.engine.timer(TimerKind::Draft, WRITE_AFTER);
    }
}
