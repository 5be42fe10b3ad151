//! What other windows of ours wrote: `SQLite` counts the commits of others, and asking for that number costs next to
//! nothing. It is asked for when another page is looked at, and again and again only where others' work is shown.

use crate::app::effect::{Claim, Effect, LedgerContents, LedgerOperation};
use crate::app::model::{Due, Level, Model, Purpose, Session};
use crate::app::news::News;
use crate::app::polling::look_at_ledger_after;
use crate::app::seen::Seen;
use crate::app::{drafts, fleet, queue};

/// Sees to it that the ledger is looked at in time, where what others do is shown.
pub(in crate::app) fn await_ledger(model: &mut Model) {
    let shows = matches!(model.seen, Seen::Invalidations(_) | Seen::Row(_) | Seen::History);
    if shows && model.ledger.is_open() {
        let after = look_at_ledger_after(model.queue.shared, model.focused);
        model.restart_timer(Due::Ledger, after);
    } else {
        model.cancel_timer(&Due::Ledger);
    }
}

/// Asks what others wrote, unless that is being asked.
pub(in crate::app) fn look_at_ledger(model: &mut Model) {
    let asked = model.pending.values().any(|purpose| *purpose == Purpose::Changes);
    if model.ledger.is_open() && !asked {
        let operation = LedgerOperation::Changes(claim(model));
        let request = model.request(Purpose::Changes);
        model.drafts.asked();
        model.ask(Effect::Ledger { request, operation });
    }
}

/// What this window may carry on: read-only nothing, and nothing before it is known who we are.
fn claim(model: &Model) -> Option<Claim> {
    match &model.session {
        Session::Connected(scope) if !model.preferences.read_only => Some(Claim {
            endpoint: scope.endpoint.clone(),
            profile: scope.profile.clone(),
        }),
        Session::Connected(_) | Session::Connecting | Session::Failed(_) => None,
    }
}

/// Others wrote this; `None`: nothing.
pub(in crate::app) fn others_wrote(model: &mut Model, contents: Option<LedgerContents>) {
    if let Some(contents) = contents {
        take(model, contents);
    }
    await_ledger(model);
}

fn take(model: &mut Model, contents: LedgerContents) {
    model.queue.shared = contents.shared;
    if let Some(warning) = contents.warning
        && model.notes.iter().all(|note| note.text != warning)
    {
        model.say(Level::Warning, warning);
    }
    model.remember_names(&contents.unfinished);
    queue::others_ended(model, contents.finished);
    queue::others_have(model, contents.elsewhere, contents.left);
    model.tell(News::OthersWrote);
    let abandoned = contents.unfinished.into_iter();
    let abandoned: Vec<_> = abandoned.filter(|s| !model.queue.is_own(&s.id)).collect();
    if !abandoned.is_empty() {
        // Another window died: what it left is this one's now, as at a start.
        queue::adopt(model, abandoned, Vec::new());
        fleet::settle_left_over(model);
        model.rows_changed();
        model.touch();
    }
    drafts::others_wrote(model, contents.drafts);
    let is_planned = model
        .pending
        .values()
        .any(|purpose| matches!(purpose, Purpose::Plan(..)));
    if is_planned || !model.unsaved.is_empty() {
        // What this window is writing is newer than what was read.
        return;
    }
    let favourites = contents.favourites.into_iter().collect();
    if model.favourites != favourites {
        model.favourites = favourites;
        model.rows_changed();
        model.touch();
    }
}
