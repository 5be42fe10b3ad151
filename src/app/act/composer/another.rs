//! Handles multiple drafts for the same targets, which are created when several windows compose at the same time.
//! Each draft is a separate list.

use crate::app::act::composer::{completion, draft};
use crate::app::model::Model;
use crate::engine::drafts::DraftKey;

/// Returns whether there is another draft for the composer's targets.
#[must_use]
pub(in crate::app) fn has_another(model: &Model) -> bool {
    next(model).is_some()
}

/// Returns the draft that follows the one being composed, wrapping around at the end.
fn next(model: &Model) -> Option<DraftKey> {
    let composer = model.composer()?;
    let targets = composer.targets_key();
    let others = model.engine.drafts.of(&targets).map(|(key, _)| key);
    let others: Vec<_> = others.filter(|key| *key != composer.draft).collect();
    let after = others.iter().find(|key| **key > composer.draft);
    after.or(others.first()).copied()
}

/// Shows the next draft, after saving the current one.
pub(in crate::app) fn show_next(model: &mut Model) {
    let Some(key) = next(model) else { return };
    draft::keep_draft(model);
    let Some(targets) = model.composer_mut().map(|composer| composer.targets.clone()) else {
        return;
    };
    let shown = draft::composer_for(model, targets, key);
    if let Some(composer) = model.composer_mut() {
        *composer = shown;
    }
    completion::refresh(model);
    draft::tell_age(model, key);
    model.engine.touch();
}
