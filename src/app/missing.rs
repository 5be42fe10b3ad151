//! Builds the policy statement that is missing for the visible data, so that the user can pass it to someone who can
//! add it.

use std::collections::BTreeSet;

use super::copying::copy;
use super::model::Model;
use super::overlay::reading::{Maker, Who};
use super::screen::Screen;
use super::selection::{selected_row, selected_target};
use crate::domain::distribution::Target;
use crate::domain::policy::{Denied, action, statement};
use crate::domain::text::count;
use crate::domain::trail::RIGHT;
use crate::engine::row::row;

/// Returns the actions that were denied for the visible data or, in the AWS identity overlay, all denied actions.
#[must_use]
pub fn denied_here(model: &Model) -> BTreeSet<Denied> {
    let engine = &model.engine;
    if model.overlays.top::<Who>().is_some() {
        return engine.denied(|_| true);
    }
    let row = selected_row(model).and_then(|key| row(engine, key));
    let target = seen_target(model).or_else(|| row.as_ref().map(|row| row.target.clone()));
    let asks_who_made = model.overlays.top::<Maker>().is_some() || (model.overlays.is_empty() && shows_who_made(model));
    let list = match model.screen() {
        Screen::Distributions(_) => "ListDistributions",
        Screen::Tenants(_) => "ListDistributionTenants",
        Screen::Invalidations(_) | Screen::Details(_) | Screen::History(_) | Screen::Composer(_) => "",
    };
    let mut denied = engine.denied(|(operation, of)| match of {
        Some(of) => target.as_ref() == Some(of),
        None => operation == list || (asks_who_made && operation == RIGHT),
    });
    let submission = row.and_then(|row| row.submission);
    denied.extend(submission.and_then(|submission| engine.denied_to(submission)));
    denied
}

/// Returns whether the page shows who created an invalidation.
fn shows_who_made(model: &Model) -> bool {
    matches!(
        model.screen(),
        Screen::Details(_) | Screen::Invalidations(_) | Screen::History(_)
    )
}

/// Returns the target that the page is about.
fn seen_target(model: &Model) -> Option<Target> {
    match model.screen() {
        Screen::Invalidations(screen) => screen.target.clone(),
        _ => selected_target(model),
    }
}

/// Checks whether there is a missing policy statement to copy.
///
/// # Errors
/// A sentence saying that nothing was denied.
pub(super) fn must_be_denied(model: &Model) -> Result<(), String> {
    if denied_here(model).is_empty() {
        return Err("no denied permissions on this page".to_owned());
    }
    Ok(())
}

/// Copies the missing policy statement.
pub(super) fn copy_policy(model: &mut Model) {
    let denied = denied_here(model);
    let actions: BTreeSet<&str> = denied.iter().map(|denied| denied.operation.as_str()).collect();
    let what = match actions.iter().next() {
        Some(only) if actions.len() == 1 => action(only),
        _ => count(actions.len(), "action"),
    };
    let name = format!("the policy statement that allows {what}");
    copy(model, statement(&denied), name);
}
