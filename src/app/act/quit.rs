//! Quits, after asking whether waiting submissions should be sent at the next start or discarded.

use crate::app::ending;
use crate::app::model::Model;
use crate::app::overlay::quit::Quit;
use crate::domain::submission::SubmissionId;
use crate::domain::text::{agree, count};
use crate::engine::notices::Level;
use crate::engine::queue;

/// Quits. If submissions are waiting to be sent, asks the user once first.
pub(in crate::app) fn quit(model: &mut Model) {
    let asked = model.overlays.find::<Quit>().is_some();
    let waiting: Vec<_> = model.engine.waiting().map(|s| (s.id.clone(), s.maybe_sent)).collect();
    if waiting.is_empty() || asked {
        return ending::quit(model);
    }
    let (unknown, ids): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(_, maybe_sent)| *maybe_sent);
    let only = |ones: Vec<(SubmissionId, bool)>| ones.into_iter().map(|(id, _)| id).collect();
    model.open(Quit {
        ids: only(ids),
        unknown: only(unknown),
    });
}

/// Discards exactly the listed submissions, then quits. If any of them is already being sent, the program stays open.
pub(in crate::app) fn discard(model: &mut Model) {
    let Some(ids) = model.overlays.top::<Quit>().map(|state| state.ids.clone()) else {
        return;
    };
    model.close_top();
    let left = queue::discard(&mut model.engine, &ids);
    if left == 0 {
        return ending::quit(model);
    }
    let (what, were) = (count(left, "invalidation"), agree(left, "was", "were"));
    let text = format!("{what} {were} already being sent; the others were discarded");
    model.engine.say(Level::Warning, text);
}
