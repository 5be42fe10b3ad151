//! Actions of the overlay for unfinished work that does not resume automatically: the user decides about exactly what
//! is listed.

use crate::app::act::{deliberate, navigation};
use crate::app::model::Model;
use crate::app::overlay::left_over::LeftOver;
use crate::domain::submission::{Ownership, SubmissionId};
use crate::engine::queue;
use crate::engine::session::Session;

/// Opens the overlay, if anything was left. What belongs to another account is listed, so that the user knows of it.
pub(in crate::app) fn open(model: &mut Model) {
    let Session::Connected(scope) = &model.engine.session else {
        return;
    };
    let ours = |id: &&SubmissionId| {
        let submission = model.engine.queue.get(id);
        submission.is_some_and(|submission| submission.ownership(scope) == Ownership::Ours)
    };
    let (ids, staying): (Vec<_>, Vec<_>) = model.engine.queue.held().iter().partition(ours);
    if ids.is_empty() && staying.is_empty() {
        return;
    }
    let state = LeftOver {
        ids: ids.into_iter().cloned().collect(),
        staying: staying.into_iter().cloned().collect(),
    };
    model.overlays.push(state);
    model.engine.touch();
}

/// Returns the submissions that a key decides about, unless it was pressed right after the opening: it may have been
/// meant for the page.
fn decided(model: &mut Model) -> Option<Vec<SubmissionId>> {
    let ids = model.overlays.top::<LeftOver>().map(|state| state.ids.clone())?;
    deliberate::is_given(model).then_some(ids)
}

/// Sends what is listed, each under its own CallerReference.
pub(in crate::app) fn send(model: &mut Model) {
    let Some(ids) = decided(model) else { return };
    model.overlays.pop();
    queue::resume_held(&mut model.engine, &ids);
    navigation::open_invalidations(model, None);
}

/// Cancels what is listed, and nothing else.
pub(in crate::app) fn discard(model: &mut Model) {
    let Some(ids) = decided(model) else { return };
    model.overlays.pop();
    queue::discard_held(&mut model.engine, &ids);
    model.engine.touch();
}
