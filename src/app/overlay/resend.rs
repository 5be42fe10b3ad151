//! Sending again what was refused: each part costs again under a new CallerReference, so it is looked at before, and what
//! is dangerous is typed, as in the review.

use super::Overlay;
use super::review::{CacheTags, Confirmation, cache_tags, confirmation};
use crate::app::model::Model;
use crate::domain::distribution::Target;
use crate::domain::submission::SubmissionId;
use crate::engine::notices::Level;
use crate::engine::{fleet, queue};

/// The state of the overlay.
#[derive(Clone, Debug)]
pub struct Resend {
    /// What is sent again.
    pub ids: Vec<SubmissionId>,
    /// What must be typed first.
    pub confirmation: Option<Confirmation>,
    /// What is known of cache tags, when that was decided.
    pub tags: CacheTags,
}

impl Resend {
    /// Whether it may be sent as it stands.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.confirmation.as_ref().is_none_or(Confirmation::is_given)
    }
}

/// Opens it for these.
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
    model.overlays.push(Overlay::Resend(Box::new(resend)));
    model.engine.touch();
}

/// The targets, each once, and all items: each is billed.
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

fn decided(model: &Model, ids: &[SubmissionId]) -> (CacheTags, Option<Confirmation>) {
    let (targets, items) = parts(model, ids);
    let tags = cache_tags(model, &targets, items.iter().copied());
    let billable = items.len();
    (tags, confirmation(model, &targets, items, billable))
}

/// What is known of cache tags changed: what has to be typed follows.
pub(super) fn follow(model: &mut Model) {
    let open = model
        .overlays
        .iter()
        .position(|overlay| matches!(overlay, Overlay::Resend(_)));
    let Some(Overlay::Resend(state)) = open.and_then(|place| model.overlays.get(place)) else {
        return;
    };
    let (tags, asked) = decided(model, &state.ids);
    if tags == state.tags {
        return;
    }
    let mut overlays = model.overlays.iter_mut();
    if let Some(Overlay::Resend(state)) = open.and_then(|place| overlays.nth(place)) {
        state.tags = tags;
        state.confirmation = Confirmation::kept(state.confirmation.take(), asked);
    }
    model.engine.touch();
}

/// Sends them, if that is confirmed.
pub(in crate::app) fn submit(model: &mut Model) {
    let Some(Overlay::Resend(state)) = model.overlays.last() else {
        return;
    };
    if !state.is_confirmed() {
        return;
    }
    let ids = state.ids.clone();
    model.overlays.pop();
    queue::resend(&mut model.engine, &ids);
    let text = match ids.len() {
        1 => "Sending again under a new CallerReference".to_owned(),
        count => format!("Sending {count} again, each under a new CallerReference"),
    };
    model.engine.say(Level::Info, text);
}
