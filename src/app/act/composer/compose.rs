//! Opens the composer for some targets, with their draft and any items to append.

use std::collections::HashSet;

use crate::app::act::composer::{completion, context, draft, editing};
use crate::app::act::navigation;
use crate::app::action::Action;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::domain::distribution::Target;
use crate::engine::counting;
use crate::engine::drafts::DraftKey;
use crate::engine::notices::Level;

/// The maximum number of targets per list whose details are loaded. At one read per second, a user who chose
/// thousands would have to wait too long for all of them.
const DESCRIBED: usize = 50;

/// Opens the composer for these targets with their draft, and appends these items.
pub(in crate::app) fn open(model: &mut Model, targets: Vec<Target>, items: Option<Vec<String>>) {
    let draft = draft::newest(model, &targets);
    open_this(model, targets, draft);
    if let Some(items) = items {
        editing::insert_items(model, items);
    }
}

/// Opens the composer for these targets with this draft.
pub(in crate::app) fn open_this(model: &mut Model, targets: Vec<Target>, draft: DraftKey) {
    if targets.is_empty() {
        return;
    }
    for target in targets.iter().take(DESCRIBED) {
        context::describe(model, target);
    }
    let composer = draft::composer_for(model, targets, draft);
    navigation::push(model, Screen::Composer(Box::new(composer)));
    completion::refresh(model);
    // The estimated price depends on this month's usage.
    counting::look(&mut model.engine);
    draft::tell_age(model, draft);
}

/// Opens the composer for these targets with their draft, and appends any items that are missing from it. Returns
/// whether the draft contained no other lines.
pub(in crate::app) fn open_with(model: &mut Model, targets: Vec<Target>, items: Vec<String>) -> bool {
    open(model, targets, None);
    let there: HashSet<String> = editing::lines(model)
        .into_iter()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let alone = there.iter().all(|line| items.contains(line));
    let missing: Vec<_> = items.into_iter().filter(|item| !there.contains(item)).collect();
    if !missing.is_empty() {
        editing::insert_items(model, missing);
    }
    alone
}

/// Opens the composer for these targets with their draft, and appends any items that are missing from it.
pub(in crate::app) fn reopen(model: &mut Model, targets: Vec<Target>, items: Vec<String>) {
    open_with(model, targets, items);
    let review = model.keymap.spoken(Action::Review);
    model.engine.say(
        Level::Info,
        format!("edit the batch, then press {review}; it gets a new CallerReference"),
    );
}

/// Opens the draft of a job that was cancelled during the countdown.
pub(in crate::app) fn stopped(model: &mut Model, targets: Vec<Target>, key: DraftKey) {
    open_this(model, targets, key);
    model.engine.say(Level::Info, "Cancelled; nothing was sent");
}
