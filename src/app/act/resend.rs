//! Sends refused submissions again. Each submission is billed again under a new CallerReference, so it is reviewed
//! first, and the user has to confirm dangers by typing, as in the review.

use crate::app::act::review::{cache_tags, confirmation};
use crate::app::model::Model;
use crate::app::overlay::resend::Resend;
use crate::app::overlay::review::{CacheTags, Confirmation};
use crate::domain::distribution::Target;
use crate::domain::submission::SubmissionId;
use crate::engine::notices::Level;
use crate::engine::{fleet, queue};

/// Opens the resend overlay for these submissions.
pub(in crate::app) fn open(model: &mut Model, ids: Vec<SubmissionId>) {
    for target in parts(model, &ids).0 {
        if let Some(distribution) = model.engine.distribution_of(&target).cloned() {
            fleet::describe(&mut model.engine, &distribution);
        }
    }
    let (tags, confirmation) = decided(model, &ids);
    let resend = Resend {
        ids,
        confirmation,
        tags,
    };
    model.open(resend);
}

/// Returns the distinct targets of these submissions, and all their items, each of which is billed.
fn parts<'a>(model: &'a Model, ids: &[SubmissionId]) -> (Vec<Target>, Vec<&'a String>) {
    let parts: Vec<_> = ids.iter().filter_map(|id| model.engine.queue.get(id)).collect();
    let mut targets: Vec<Target> = Vec::new();
    for part in &parts {
        if !targets.contains(&part.target) {
            targets.push(part.target.clone());
        }
    }
    (targets, parts.iter().flat_map(|part| part.batch.items()).collect())
}

/// Returns what the user has to type before these submissions are sent again, and whether their targets support cache
/// tags.
pub(in crate::app) fn decided(model: &Model, ids: &[SubmissionId]) -> (CacheTags, Option<Confirmation>) {
    let (targets, items) = parts(model, ids);
    let tags = cache_tags(model, &targets, items.iter().copied());
    let billable = items.len();
    (tags, confirmation(model, &targets, items, billable))
}

/// Resends the submissions, if the user has confirmed it.
pub(in crate::app) fn submit(model: &mut Model) {
    let Some(state) = model.overlays.top::<Resend>() else {
        return;
    };
    if !state.is_confirmed() {
        return;
    }
    let ids = state.ids.clone();
    model.overlays.pop();
    queue::resend(&mut model.engine, &ids);
    let text = match ids.len() {
        1 => "Resending the batch under a new CallerReference".to_owned(),
        count => format!("Resending {count} batches, each under a new CallerReference"),
    };
    model.engine.say(Level::Info, text);
}
