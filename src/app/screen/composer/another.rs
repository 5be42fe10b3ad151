//! Several drafts for the same targets: those of windows that composed at once. Each is a list of its own.

use super::{completion, composer, composer_for, draft};
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::engine::drafts::DraftKey;

/// Whether there is another draft for the targets that are composed for.
#[must_use]
pub(in crate::app) fn has_another(model: &Model) -> bool {
    next(model).is_some()
}

/// The draft after the one that is being composed, from the first again after the last.
fn next(model: &Model) -> Option<DraftKey> {
    let Screen::Composer(composer) = model.screen() else {
        return None;
    };
    let targets = composer.targets_key();
    let others = model.engine.drafts.of(&targets).map(|(key, _)| key);
    let others: Vec<_> = others.filter(|key| *key != composer.draft).collect();
    let after = others.iter().find(|key| **key > composer.draft);
    after.or(others.first()).copied()
}

/// Shows the next draft in the place of this one, which is kept.
pub(super) fn show_next(model: &mut Model) {
    let Some(draft) = next(model) else { return };
    super::keep_draft(model);
    let Some(targets) = composer(model).map(|composer| composer.targets.clone()) else {
        return;
    };
    let shown = composer_for(model, targets, draft);
    if let Some(composer) = composer(model) {
        *composer = shown;
    }
    completion::refresh(model);
    draft::tell_age(model, draft);
    model.engine.touch();
}
