//! Actions on submissions that were confirmed earlier: resend one, compose a similar one, or cancel one.

use crate::app::act::composer::{compose, sending};
use crate::app::action::Action;
use crate::app::model::Model;
use crate::app::selection::{refused, repeated, selected_row};
use crate::domain::distribution::Target;
use crate::domain::submission::{Event, Submission};
use crate::engine::notices::Level;
use crate::engine::row::{RowKey, row};
use crate::engine::{past, queue};

/// Opens the composer with the items of a submission that had no effect, for its target and for any other targets of
/// its job where the same items had no effect.
pub(in crate::app) fn edit_and_resend(model: &mut Model) {
    let Ok(submission) = refused(model) else { return };
    let job = model.engine.queue.job(&submission.job);
    let same = |part: &&Submission| part.state.did_nothing() && part.batch == submission.batch;
    let mut targets: Vec<Target> = job.parts().filter(same).map(|part| part.target.clone()).collect();
    if !targets.contains(&submission.target) {
        targets = vec![submission.target.clone()];
    }
    let items = submission.batch.items().to_vec();
    compose::reopen(model, targets, items);
}

/// Opens the review for repeating the target's last invalidation. If there is already a draft, adds the items to it
/// and opens the composer instead, so that the user sees both.
pub(in crate::app) fn repeat(model: &mut Model) {
    let Ok((target, items)) = repeated(model) else { return };
    if compose::open_with(model, vec![target], items) {
        sending::review(model);
    } else {
        let review = model.keymap.spoken(Action::Review);
        let text = format!("items added to this target's existing draft; press {review} to review it");
        model.engine.say(Level::Info, text);
    }
}

pub(in crate::app) fn copy_to_new(model: &mut Model) {
    let Some(key) = selected_row(model) else { return };
    let Some(row) = row(&model.engine, key) else {
        if let RowKey::Submission(id) = key.clone() {
            past::compose(&mut model.engine, &id);
        }
        return;
    };
    let (target, items) = (row.target.clone(), row.items.unwrap_or_default().to_vec());
    compose::open(model, vec![target], Some(items));
}

pub(in crate::app) fn on_submission(model: &mut Model, event: &Event) {
    let id = selected_row(model)
        .and_then(|key| row(&model.engine, key))
        .and_then(|row| row.submission)
        .map(|s| s.id.clone());
    if let Some(id) = id {
        queue::by_hand(&mut model.engine, &id, event);
    }
}
