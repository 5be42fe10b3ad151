//! The draft: what is being composed is in the ledger at once, and there again after a crash.

use std::time::Duration;

use chrono::TimeDelta;

use super::{Composer, composer};
use crate::app::action::Action;
use crate::app::editor::Edit;
use crate::app::effect::KeptDraft;
use crate::app::model::{Draft, Due, Level, Model, Purpose};
use crate::app::screen::Screen;
use crate::app::unsaved::{self, Matter};
use crate::domain::distribution::Target;
use crate::domain::duration::short;
use crate::domain::text::grouped;

/// How long typing rests before the draft is written: a crash costs at most this.
const WRITE_AFTER: Duration = Duration::from_millis(150);

/// The name of the draft for these targets.
pub(super) fn key(targets: &[Target]) -> String {
    let mut ids: Vec<_> = targets.iter().map(Target::id).collect();
    ids.sort_unstable();
    ids.join(" ")
}

/// The text changed: it is written soon, unless that is already on its way.
pub(super) fn changed(model: &mut Model) {
    if !model.is_timed(&Due::Draft) {
        model.timer(Due::Draft, WRITE_AFTER);
    }
}

/// It is time to write the draft; a write that is under way is waited for.
pub(in crate::app) fn write_draft(model: &mut Model) {
    let Some(composer) = composer(model).filter(|composer| !composer.is_kept()) else {
        return;
    };
    let matter = Matter::Draft(composer.draft_key());
    if model.unsaved.is_written(&matter) {
        changed(model);
    } else {
        write(model);
    }
}

/// Writes the draft now, if it changed: the page is being left.
pub(in crate::app) fn keep_draft(model: &mut Model) {
    let is_new = |composer: &Composer| !composer.is_kept() && composer.saving != Some(composer.editor.revision());
    if composer(model).is_some_and(|composer| is_new(composer)) {
        model.cancel_timer(&Due::Draft);
        write(model);
    }
}

fn write(model: &mut Model) {
    let Some(composer) = composer(model) else { return };
    composer.saving = Some(composer.editor.revision());
    let (key, text) = (composer.draft_key(), whole(composer));
    put(model, &key, text);
}

/// The text with what is still to be put above it: neither may be lost with the other.
fn whole(composer: &Composer) -> String {
    let typed = composer.editor.text();
    match &composer.unmerged {
        Some(stored) => joined(stored, &typed),
        None => typed,
    }
}

/// One text above the other; what is there already is not put there twice.
fn joined(above: &str, below: &str) -> String {
    if below.is_empty() || above == below {
        return above.to_owned();
    }
    if above.is_empty() {
        return below.to_owned();
    }
    format!("{}\n{below}", above.strip_suffix('\n').unwrap_or(above))
}

/// Puts lines under the draft of other targets than those being composed for.
pub(super) fn add(model: &mut Model, targets: &[Target], lines: &[String]) {
    let key = key(targets);
    let mut text = model
        .drafts
        .get(&key)
        .map(|draft| draft.text.clone())
        .unwrap_or_default();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&lines.join("\n"));
    put(model, &key, text);
}

/// Keeps this as the draft of that name; nothing is no draft.
pub(super) fn put(model: &mut Model, key: &str, text: String) {
    if text.is_empty() {
        model.drafts.remove(key);
    } else {
        let changed = model.now;
        model.drafts.insert(key.to_owned(), KeptDraft { text, changed });
    }
    unsaved::save(model, &[Matter::Draft(key.to_owned())]);
}

/// The ledger holds the draft as it was put last.
pub(in crate::app) fn draft_written(model: &mut Model, key: &str) {
    if let Some(composer) = composer(model).filter(|composer| composer.draft_key() == key) {
        composer.saved = composer.saving.take();
        model.touch();
    }
}

/// The name of the draft that is being composed.
pub(in crate::app) fn open_draft(model: &Model) -> Option<String> {
    model.screens.iter().find_map(|screen| match screen {
        Screen::Composer(composer) => Some(composer.draft_key()),
        Screen::Distributions(_)
        | Screen::Tenants(_)
        | Screen::Invalidations(_)
        | Screen::Details(_)
        | Screen::History(_) => None,
    })
}

/// What was to be sent is not: it is a draft again, unless another was begun meanwhile.
pub(in crate::app) fn restore_draft(model: &mut Model, draft: Draft) {
    if !model.drafts.contains_key(&draft.targets) {
        put(model, &draft.targets, draft.text);
    }
}

/// The ledger told its drafts, at the start or late: what was typed meanwhile is under them, and neither is lost.
pub(in crate::app) fn drafts_read(model: &mut Model, drafts: Vec<(String, KeptDraft)>) {
    let typed = std::mem::take(&mut model.drafts);
    let open = open_draft(model);
    for (key, stored) in drafts {
        if open.as_ref() == Some(&key) {
            set_above(model, &stored);
        }
        model.drafts.insert(key, stored);
    }
    // Only memory held these so far.
    for (key, below) in typed {
        let stored = model.drafts.get(&key).map_or("", |draft| draft.text.as_str());
        let text = joined(stored, &below.text);
        model.drafts.insert(key.clone(), KeptDraft { text, ..below });
        unsaved::save(model, &[Matter::Draft(key)]);
    }
    changed(model);
    super::completion::refresh(model);
}

/// The draft of what is being composed: it is the text where nothing was typed, else it goes above that.
fn set_above(model: &mut Model, stored: &KeptDraft) {
    let is_composer = |screen: &&mut Screen| matches!(screen, Screen::Composer(_));
    let Some(Screen::Composer(composer)) = model.screens.iter_mut().find(is_composer) else {
        return;
    };
    if composer.is_empty() {
        let context = composer.analysis.context().clone();
        **composer = Composer::new(composer.targets.clone(), &stored.text, context);
        tell_age(model, stored);
    } else if composer.editor.text() != stored.text {
        composer.unmerged = Some(stored.text.clone());
    }
    model.touch();
}

/// Says how old a draft is that was opened, and how to be rid of it: a forgotten one is not sent along unseen.
pub(super) fn tell_age(model: &mut Model, draft: &KeptDraft) {
    const YOUNG: TimeDelta = TimeDelta::minutes(10);
    let age = (model.now - draft.changed).max(TimeDelta::zero());
    let lines = draft.text.lines().filter(|line| !line.trim().is_empty()).count();
    let lines = match lines {
        1 => "1 line".to_owned(),
        lines => format!("{} lines", grouped(lines as u64)),
    };
    let clear = model.preferences.keymap.spoken(Action::ClearDraft);
    let level = if age < YOUNG { Level::Info } else { Level::Warning };
    model.say(
        level,
        format!("Draft of {} ago, {lines}: {clear} clears it", short(age)),
    );
}

/// Puts the stored draft above what was typed, as one step of undo, as soon as nothing else works on the text.
pub(in crate::app) fn merge(model: &mut Model) {
    let is_edited_elsewhere = |purpose: &Purpose| matches!(purpose, Purpose::ExternalEditor(_));
    if !model.overlays.is_empty() || model.pending.values().any(is_edited_elsewhere) {
        return;
    }
    let Some(stored) = composer(model).and_then(|composer| composer.unmerged.take()) else {
        return;
    };
    let text = stored.strip_suffix('\n').unwrap_or(&stored);
    let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let count = lines.len();
    super::give(model, Edit::InsertLines { at: 0, lines }.into());
    let undo = model.preferences.keymap.spoken(Action::Undo);
    let stored = if count == 1 {
        "1 stored line is".to_owned()
    } else {
        format!("{count} stored lines are")
    };
    model.say(
        Level::Warning,
        format!("{stored} above what you typed; {undo} removes the stored draft"),
    );
}
