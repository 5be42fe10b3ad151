//! Actions for the unfinished-work overlay, which lists work that does not resume automatically. The user's decision
//! applies only to the listed submissions.

use crate::app::act::{deliberate, navigation};
use crate::app::model::Model;
use crate::app::overlay::left_over::LeftOver;
use crate::domain::submission::{Ownership, SubmissionId};
use crate::engine::queue;
use crate::engine::session::Session;

/// Opens the overlay if there is any unfinished work. Another account's work is listed as well, so that the user
/// knows about it.
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
    model.open(state);
}

/// Returns the submissions that a key press applies to; `None` if the key was pressed right after the overlay opened,
/// because it may have been meant for the page.
fn decided(model: &mut Model) -> Option<Vec<SubmissionId>> {
    let ids = model.overlays.top::<LeftOver>().map(|state| state.ids.clone())?;
    deliberate::is_given(model).then_some(ids)
}

/// Sends the listed submissions, each under its own CallerReference.
pub(in crate::app) fn send(model: &mut Model) {
    let Some(ids) = decided(model) else { return };
    model.overlays.pop();
    queue::resume_held(&mut model.engine, &ids);
    navigation::open_invalidations(model, None);
}

/// Cancels only the listed submissions.
pub(in crate::app) fn discard(model: &mut Model) {
    let Some(ids) = decided(model) else { return };
    model.overlays.pop();
    queue::discard_held(&mut model.engine, &ids);
    model.engine.touch();
}
