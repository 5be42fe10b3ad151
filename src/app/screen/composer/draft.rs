//! The draft: what is being composed is in the ledger at once, and there again after a crash.

use std::time::Duration;

use chrono::TimeDelta;

use super::{Composer, composer};
use crate::app::action::Action;
use crate::app::effect::{Effect, KeptDraft, LedgerOperation};
use crate::app::model::{Draft, Due, Level, Model, Purpose};
use crate::app::screen::Screen;
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
    match composer(model).map(|composer| (composer.saving.is_some(), composer.is_kept())) {
        Some((false, false)) => write(model),
        Some((true, false)) => changed(model),
        Some((_, true)) | None => {}
    }
}

/// Writes the draft now, if it changed: the page is being left.
pub(in crate::app) fn keep_draft(model: &mut Model) {
    let is_new = |composer: &Composer| !composer.is_kept() && composer.saving != Some(composer.editor.revision());
    if composer(model).is_some_and(|composer| is_new(composer)) {
        model.cancel_timers(|due| *due == Due::Draft);
        write(model);
    }
}

fn write(model: &mut Model) {
    let Some(composer) = composer(model) else { return };
    composer.saving = Some(composer.editor.revision());
    let (key, text) = (composer.draft_key(), composer.editor.text());
    put(model, &key, text);
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
        let draft = KeptDraft {
            text: text.clone(),
            changed: model.now,
        };
        model.drafts.insert(key.to_owned(), draft);
    }
    let request = model.request(Purpose::Draft(key.to_owned()));
    model.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::Draft {
            targets: key.to_owned(),
            text,
        },
    });
}

/// The ledger holds the draft, or could not; it is in memory all the same.
pub(in crate::app) fn draft_written(model: &mut Model, key: &str, result: Result<(), String>) {
    let Some(composer) = composer(model).filter(|composer| composer.draft_key() == key) else {
        return;
    };
    let written = composer.saving.take();
    match result {
        Ok(()) => composer.saved = written,
        Err(reason) => model.say(Level::Error, format!("the draft could not be kept: {reason}")),
    }
    model.touch();
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

/// The ledger was opened after the composer: a draft that it holds is taken if nothing was typed yet.
pub(in crate::app) fn ledger_opened(model: &mut Model) {
    take_draft(model);
    super::completion::refresh(model);
}

fn take_draft(model: &mut Model) {
    let Some(composer) = composer(model) else { return };
    let untouched = composer.editor.len() == 1 && composer.editor.line(0).is_empty();
    let key = composer.draft_key();
    if untouched && let Some(draft) = model.drafts.get(&key).cloned() {
        refill(model, &draft.text);
        tell_age(model, &draft);
    }
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

fn refill(model: &mut Model, text: &str) {
    if let Screen::Composer(screen) = model.screen_mut() {
        let Composer { targets, analysis, .. } = &**screen;
        let context = analysis.context().clone();
        **screen = Composer::new(targets.clone(), text, context);
        model.touch();
    }
}
