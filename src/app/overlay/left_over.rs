//! What an earlier run left, or a long sleep, and that does not go on by itself: a person decides about exactly what is
//! listed.

use chrono::{DateTime, TimeDelta, Utc};

use super::Overlay;
use crate::app::model::Model;
use crate::app::screen;
use crate::domain::submission::{Ownership, SubmissionId};
use crate::engine::notices::Level;
use crate::engine::queue;
use crate::engine::session::Session;

/// For so long after it opened nothing is sent or cancelled: a key that was meant for the page may still be on its way.
const SETTLING: TimeDelta = TimeDelta::milliseconds(500);

/// The state of the overlay.
#[derive(Clone, Debug)]
pub struct LeftOver {
    /// What is decided about: made with the account, endpoint and profile in use.
    pub ids: Vec<SubmissionId>,
    /// What stays as it is, since it belongs to another account, endpoint or profile.
    pub staying: Vec<SubmissionId>,
    /// When it opened.
    opened: DateTime<Utc>,
}

/// Opens it, if anything was left. What belongs to another account is listed, so that somebody knows of it.
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
        opened: model.engine.now,
    };
    model.overlays.push(Overlay::LeftOver(Box::new(state)));
    model.engine.touch();
}

fn top(model: &Model) -> Option<&LeftOver> {
    match model.overlays.last() {
        Some(Overlay::LeftOver(state)) => Some(state),
        _ => None,
    }
}

/// What a key decides about, unless it came with the opening: it may have been meant for the page.
fn decided(model: &mut Model) -> Option<Vec<SubmissionId>> {
    let (ids, opened) = top(model).map(|state| (state.ids.clone(), state.opened))?;
    // A clock that was set back since holds nobody up.
    if (TimeDelta::zero()..SETTLING).contains(&(model.engine.now - opened)) {
        model
            .engine
            .say(Level::Info, "This has just opened: press the key again");
        return None;
    }
    Some(ids)
}

/// Sends what is listed, each under its own CallerReference.
pub(in crate::app) fn send(model: &mut Model) {
    let Some(ids) = decided(model) else { return };
    model.overlays.pop();
    queue::resume_held(&mut model.engine, &ids);
    screen::open_invalidations(model, None);
}

/// Cancels what is listed, and nothing else.
pub(in crate::app) fn discard(model: &mut Model) {
    let Some(ids) = decided(model) else { return };
    model.overlays.pop();
    queue::discard_held(&mut model.engine, &ids);
    model.engine.touch();
}
