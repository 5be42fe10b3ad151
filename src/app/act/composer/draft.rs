//! Saves the draft: the composed text is written to the ledger immediately, and restored after a crash.

use crate::app::screen::composer;
use chrono::TimeDelta;

use crate::app::act::composer::{completion, context, editing};
use crate::app::action::Action;
use crate::app::editor::Edit;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::app::screen::composer::Composer;
use crate::domain::distribution::Target;
use crate::domain::duration::short;
use crate::domain::text::count;
use crate::engine::drafts::DraftKey;
use crate::engine::notices::Level;
use crate::engine::pending::EditorRequest;
use crate::engine::timers::TimerKind;
use crate::engine::unsaved::UnsavedChange;
use crate::engine::{drafts, unsaved};

/// Returns the most recently changed draft for these targets, including changes by other windows, or a new one.
pub(in crate::app) fn newest(model: &mut Model, targets: &[Target]) -> DraftKey {
    let targets = composer::key(targets);
    let all: Vec<_> = model.engine.drafts.of(&targets).map(|(key, _)| key).collect();
    for key in all {
        if !drafts::is_busy(&model.engine, key) {
            drafts::settle(&mut model.engine, key);
        }
    }
    match model.engine.drafts.newest(&targets) {
        Some(draft) => draft,
        None => drafts::fresh(&mut model.engine),
    }
}

/// Writes the draft. If a write is already in flight, schedules another one for later instead.
pub(in crate::app) fn write_draft(model: &mut Model) {
    let Some(composer) = model.composer_mut().filter(|composer| !composer.is_kept()) else {
        return;
    };
    let change = UnsavedChange::Draft(composer.draft);
    if model.engine.unsaved.is_written(&change) {
        editing::changed(model);
    } else {
        write(model, &[]);
    }
}

/// Writes a changed draft immediately, for example because the user is leaving the page.
pub(in crate::app) fn keep_draft(model: &mut Model) {
    let is_new = |composer: &Composer| !composer.is_kept() && composer.saving != Some(composer.editor.revision());
    if model.composer_mut().is_some_and(|composer| is_new(composer)) {
        model.engine.cancel_timer(&TimerKind::Draft);
        write(model, &[]);
    }
}

/// Writes the draft together with these changes.
fn write(model: &mut Model, together: &[UnsavedChange]) {
    let Some(composer) = model.composer_mut() else { return };
    composer.saving = Some(composer.editor.revision());
    let (key, targets, text) = (composer.draft, composer.targets_key(), composer.editor.text());
    drafts::set(&mut model.engine, key, &targets, text);
    let changes: Vec<_> = [UnsavedChange::Draft(key)].iter().chain(together).cloned().collect();
    unsaved::save(&mut model.engine, &changes);
}

/// Appends lines to the draft for these targets, which are not the composer's targets.
pub(in crate::app) fn add(model: &mut Model, targets: &[Target], lines: &[String]) {
    let draft = newest(model, targets);
    let mut text = model
        .engine
        .drafts
        .get(draft)
        .map(|draft| draft.text.clone())
        .unwrap_or_default();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&lines.join("\n"));
    drafts::put(&mut model.engine, draft, &composer::key(targets), text);
}

/// Records that the ledger contains the latest version of the draft.
pub(in crate::app) fn draft_written(model: &mut Model, key: DraftKey) {
    if let Some(composer) = model.composer_mut().filter(|composer| composer.draft == key) {
        composer.saved = composer.saving.take();
        model.engine.touch();
    }
}

/// Returns the composer if it is open, even if another page is above it.
pub(in crate::app) fn open_composer(model: &Model) -> Option<&Composer> {
    model.screens.iter().find_map(|screen| match screen {
        Screen::Composer(composer) => Some(&**composer),
        Screen::Distributions(_)
        | Screen::Tenants(_)
        | Screen::Invalidations(_)
        | Screen::Details(_)
        | Screen::History(_) => None,
    })
}

fn open_composer_mut(model: &mut Model) -> Option<&mut Composer> {
    let is_composer = |screen: &&mut Screen| matches!(screen, Screen::Composer(_));
    match model.screens.iter_mut().find(is_composer) {
        Some(Screen::Composer(composer)) => Some(composer),
        Some(_) | None => None,
    }
}

/// Handles drafts that have been read from the ledger, at startup or later. Text typed before they arrived is
/// appended to the stored draft.
pub(in crate::app) fn drafts_read(model: &mut Model) {
    fill(model);
    editing::changed(model);
    completion::refresh(model);
}

/// Applies the stored draft to the composer: if nothing has been typed, the draft becomes the text; otherwise it is
/// marked for insertion above the typed text.
fn fill(model: &mut Model) {
    let Some(composer) = open_composer(model) else { return };
    let targets = composer.targets_key();
    let stored = model
        .engine
        .drafts
        .of(&targets)
        .filter(|(key, _)| *key != composer.draft);
    let Some((key, stored)) = stored.max_by_key(|(_, draft)| draft.changed) else {
        return;
    };
    if is_untouched(model, composer) || composer.editor.text() == stored.text {
        show(model, key);
    } else if let Some(composer) = open_composer_mut(model) {
        composer.unmerged = Some(key);
    }
    model.engine.touch();
}

fn is_untouched(model: &Model, composer: &Composer) -> bool {
    composer.is_empty() && !model.engine.drafts.knows(composer.draft)
}

/// Shows this draft in the composer, replacing one that is empty or has the same text.
fn show(model: &mut Model, key: DraftKey) {
    let text = model
        .engine
        .drafts
        .get(key)
        .map(|draft| draft.text.clone())
        .unwrap_or_default();
    let Some(composer) = open_composer_mut(model) else {
        return;
    };
    let context = composer.analysis.context().clone();
    let replaced = std::mem::replace(&mut composer.draft, key);
    *composer = Composer::new(composer.targets.clone(), key, &text, context);
    if model.engine.drafts.knows(replaced) {
        drafts::put(&mut model.engine, replaced, "", String::new());
    }
    tell_age(model, key);
    completion::refresh(model);
}

/// Handles a draft that another window created: shows it if nothing has been typed yet, and otherwise announces it.
pub(in crate::app) fn offer(model: &mut Model, key: DraftKey) {
    let Some(composer) = open_composer(model) else { return };
    let concerns = |targets: &str| composer.targets_key() == targets;
    if !model
        .engine
        .drafts
        .get(key)
        .is_some_and(|draft| concerns(&draft.targets))
    {
        return;
    }
    if is_untouched(model, composer) {
        return show(model, key);
    }
    let next = model.keymap.spoken(Action::NextDraft);
    let text = format!("Another window also has a draft for this target; press {next} to see it");
    model.engine.say(Level::Warning, text);
    model.engine.touch();
}

/// Reports that another window also changed this draft, so there may now be two versions of it.
pub(in crate::app) fn doubled(model: &mut Model, key: DraftKey) {
    let kept = if model.engine.drafts.get(key).is_some() {
        "both versions are kept"
    } else {
        "its version is kept"
    };
    let next = model.keymap.spoken(Action::NextDraft);
    let is_open = open_composer(model).is_some_and(|composer| composer.draft == key);
    let then = if is_open {
        format!(" (press {next} to see the other)")
    } else {
        String::new()
    };
    let text = format!("Another window changed this draft; {kept}{then}");
    model.engine.say(Level::Warning, text);
    model.engine.touch();
}

/// Reports how old an opened draft is and how to clear it, so that a forgotten draft is not sent unnoticed.
pub(in crate::app) fn tell_age(model: &mut Model, key: DraftKey) {
    const YOUNG: TimeDelta = TimeDelta::minutes(10);
    let Some(draft) = model.engine.drafts.get(key) else {
        return;
    };
    let age = (model.engine.now - draft.changed).max(TimeDelta::zero());
    let lines = draft.text.lines().filter(|line| !line.trim().is_empty()).count();
    let lines = count(lines, "line");
    let keymap = &model.keymap;
    let (clear, next) = (keymap.spoken(Action::ClearDraft), keymap.spoken(Action::NextDraft));
    let others = model.engine.drafts.of(&draft.targets).count() - 1;
    let others = match others {
        0 => String::new(),
        others => format!(" or {next} to see {}", count(others, "more draft")),
    };
    let level = if age < YOUNG { Level::Info } else { Level::Warning };
    let text = format!(
        "Draft from {} ago ({lines}); press {clear} to clear it{others}",
        short(age)
    );
    model.engine.say(level, text);
}

/// Inserts the stored draft above the typed text, as one undo step, as soon as nothing else is using the text. From
/// then on, the two form a single draft.
pub(in crate::app) fn merge(model: &mut Model) {
    if !model.overlays.is_empty() || !model.engine.pending.of::<EditorRequest>().is_empty() {
        return;
    }
    let Some(key) = model.composer_mut().and_then(|composer| composer.unmerged.take()) else {
        return;
    };
    let Some(stored) = model.engine.drafts.get(key) else {
        return;
    };
    let text = stored.text.strip_suffix('\n').unwrap_or(&stored.text);
    let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let count = lines.len();
    editing::give(model, Edit::InsertLines { at: 0, lines }.into());
    drafts::set(&mut model.engine, key, "", String::new());
    write(model, &[UnsavedChange::Draft(key)]);
    let undo = model.keymap.spoken(Action::Undo);
    let stored = if count == 1 {
        "1 stored line was inserted".to_owned()
    } else {
        format!("{count} stored lines were inserted")
    };
    model.engine.say(
        Level::Warning,
        format!("{stored} above what you typed; press {undo} to undo"),
    );
}

/// Creates the composer for these targets with this draft.
pub(in crate::app) fn composer_for(model: &Model, targets: Vec<Target>, draft: DraftKey) -> Composer {
    let context = context::context(model, &targets);
    let text = model.engine.drafts.get(draft).map_or("", |draft| &draft.text);
    Composer::new(targets, draft, text, context)
}
