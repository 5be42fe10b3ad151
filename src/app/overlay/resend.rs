//! Sending again what was refused: each part costs again under a new CallerReference, so it is looked at before, and what
//! is dangerous is typed, as in the review.

use super::Overlay;
use super::review::{Confirmation, confirmation};
use crate::app::model::Model;
use crate::domain::distribution::Target;
use crate::domain::submission::SubmissionId;
use crate::engine::notices::Level;
use crate::engine::queue;

/// The state of the overlay.
#[derive(Clone, Debug)]
pub struct Resend {
    /// What is sent again.
    pub ids: Vec<SubmissionId>,
    /// What must be typed first.
    pub confirmation: Option<Confirmation>,
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
    let parts: Vec<_> = ids.iter().filter_map(|id| model.engine.queue.get(id)).collect();
    let mut targets: Vec<Target> = Vec::new();
    for part in &parts {
        if !targets.contains(&part.target) {
            targets.push(part.target.clone());
        }
    }
    let items: Vec<&String> = parts.iter().flat_map(|part| part.batch.items()).collect();
    let confirmation = confirmation(model, &targets, items.iter().copied(), items.len());
    model
        .overlays
        .push(Overlay::Resend(Box::new(Resend { ids, confirmation })));
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
