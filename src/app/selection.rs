//! The selection, and which target, row or items an action applies to.

use crate::app::action::Action;
use crate::app::model::Model;
use crate::app::overlay::review::Review;
use crate::app::screen::Screen;
use crate::domain::distribution::Target;
use crate::domain::submission::Submission;
use crate::engine::edge::Subject;
use crate::engine::latest::latest;
use crate::engine::row::{RowKey, row};

/// Returns the selected distribution or tenant if the page lists them.
#[must_use]
pub fn selected_target(model: &Model) -> Option<Target> {
    match model.screen() {
        Screen::Distributions(screen) => screen.list.selected_key().cloned().map(Target::Distribution),
        Screen::Tenants(screen) => screen.list.selected_key().cloned().map(Target::Tenant),
        Screen::Invalidations(_) | Screen::Details(_) | Screen::History(_) | Screen::Composer(_) => None,
    }
}

/// Returns the targets for an action on several targets: all marked ones, on any page, or else the selected one.
#[must_use]
pub(in crate::app) fn chosen_targets(model: &Model) -> Vec<Target> {
    if model.marked.is_empty() {
        selected_target(model).into_iter().collect()
    } else {
        model.marked.iter().cloned().collect()
    }
}

/// Returns the key of the selected row, or of the row whose details are visible.
#[must_use]
pub fn selected_row(model: &Model) -> Option<&RowKey> {
    match model.screen() {
        Screen::Invalidations(screen) => screen.list.selected_key(),
        Screen::Details(screen) => Some(&screen.key),
        Screen::History(screen) => screen.list.selected_key(),
        Screen::Distributions(_) | Screen::Tenants(_) | Screen::Composer(_) => None,
    }
}

/// Returns the subject of an edge check started from the review: its first target, with all items.
#[must_use]
pub(in crate::app) fn reviewed(model: &Model) -> Option<Subject> {
    let review = model.overlays.find::<Review>()?;
    let (target, _) = review.targets.first()?;
    Some(Subject::Draft {
        target: target.clone(),
        items: review.batch.items().to_vec(),
    })
}

/// Returns the target of the page, or of the row selected on it.
#[must_use]
pub fn here(model: &Model) -> Option<Target> {
    match model.screen() {
        Screen::Invalidations(screen) if screen.target.is_some() => screen.target.clone(),
        Screen::History(screen) => screen.selected().map(|record| record.target.clone()),
        _ => selected_row(model)
            .and_then(|key| row(&model.engine, key))
            .map(|row| row.target.clone()),
    }
}

/// Returns the target and the items that can be sent again: those of the selected invalidation, or of the selected
/// target's last invalidation.
///
/// # Errors
/// A sentence explaining why the items cannot be sent again.
pub(in crate::app) fn repeated(model: &Model) -> Result<(Target, Vec<String>), String> {
    let engine = &model.engine;
    let key = match (selected_target(model), selected_row(model)) {
        (Some(target), _) => {
            latest(engine, &target).ok_or_else(|| format!("no known invalidations of {target} yet"))?
        }
        (None, Some(key)) => key.clone(),
        (None, None) => return Err("no invalidation selected".to_owned()),
    };
    let row = row(engine, &key).ok_or("the items are still loading")?;
    let is_selected = selected_row(model).is_some();
    if is_selected && row.submission.is_some_and(|submission| submission.state.did_nothing()) {
        let resend = model.keymap.spoken(Action::EditResend);
        return Err(format!(
            "this batch had no effect; press {resend} to edit and resend it"
        ));
    }
    match (row.items, row.unreadable) {
        (Some(items), _) => Ok((row.target.clone(), items.to_vec())),
        (None, Some(why)) => Err(why.to_owned()),
        (None, None) => Err("the items are still loading".to_owned()),
    }
}

/// Returns the selected submission if its items may be sent under a new reference.
pub(in crate::app) fn refused(model: &Model) -> Result<&Submission, String> {
    let submission = selected_row(model)
        .and_then(|key| row(&model.engine, key))
        .and_then(|row| row.submission);
    let refused = submission.filter(|s| s.state.did_nothing()).ok_or_else(|| {
        let copy = model.keymap.spoken(Action::CopyToNew);
        format!(
            "only refused or cancelled batches can be edited and resent; press {copy} to copy the items into a new one"
        )
    })?;
    model.engine.unsaved.must_be_savable(&refused.id)?;
    Ok(refused)
}
