//! Reads what other windows wrote. `SQLite` counts the commits of other connections, and reading that counter costs
//! almost nothing. It is read at each page change, and also periodically while work of other windows is visible.

use crate::domain::ledger_failure::LedgerFailure;
use crate::engine::effect::{Claim, LedgerContents, LedgerOperation};
use crate::engine::news::News;
use crate::engine::notices::state::Level;
use crate::engine::pending::LedgerRequest;
use crate::engine::polling::look_at_ledger_after;
use crate::engine::queue::{left_over, others};
use crate::engine::seen::Seen;
use crate::engine::session::Session;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;
use crate::engine::{drafts, fleet, script};

/// Schedules the next check of the ledger, if work of other windows is visible.
pub(crate) fn await_ledger(engine: &mut Engine) {
    let shows = matches!(engine.seen, Seen::Invalidations(_) | Seen::Row(_) | Seen::History);
    if shows && engine.ledger.is_open() {
        let after = look_at_ledger_after(engine.queue.shared, engine.focused);
        engine.restart_timer(TimerKind::Ledger, after);
    } else {
        engine.cancel_timer(&TimerKind::Ledger);
    }
}

/// Requests what other windows wrote, unless such a request is already pending.
pub(crate) fn look_at_ledger(engine: &mut Engine) {
    let asked = engine.pending.has(&LedgerRequest::Changes);
    if engine.ledger.is_open() && !asked {
        let operation = LedgerOperation::Changes(claim(engine));
        engine.drafts.asked();
        engine.ask_ledger(LedgerRequest::Changes, operation);
    }
}

/// Returns which submissions this window may claim: none in read-only mode or before the identity is known.
fn claim(engine: &Engine) -> Option<Claim> {
    match &engine.session {
        Session::Connected(scope) if !engine.is_read_only() => Some(Claim {
            endpoint: scope.endpoint.clone(),
            profile: scope.profile.clone(),
        }),
        Session::Connected(_) | Session::Connecting | Session::Failed(_) => None,
    }
}

/// Applies what other windows wrote; `None` means that they wrote nothing. If the ledger failed, the check is repeated
/// later.
pub(crate) fn others_wrote(engine: &mut Engine, result: Result<Option<Box<LedgerContents>>, LedgerFailure>) {
    let result = result.map(|contents| {
        if let Some(contents) = contents {
            take(engine, *contents);
        }
    });
    script::looked_for_rest(engine, result);
    await_ledger(engine);
}

fn take(engine: &mut Engine, contents: LedgerContents) {
    engine.queue.shared = contents.shared;
    if let Some(warning) = contents.warning
        && engine.notices.iter().all(|note| note.text != warning)
    {
        engine.say(Level::Warning, warning);
    }
    engine.remember_names(&contents.unfinished);
    others::others_ended(engine, contents.finished);
    others::others_have(engine, contents.elsewhere, contents.left);
    engine.tell(News::OthersWrote);
    let abandoned = contents.unfinished.into_iter();
    let abandoned: Vec<_> = abandoned.filter(|s| !engine.queue.is_own(&s.id)).collect();
    if !abandoned.is_empty() {
        // Another window exited unexpectedly, so this window takes over its work, as at startup.
        left_over::adopt(engine, abandoned, Vec::new());
        fleet::settle_left_over(engine);
        engine.redraw_rows();
    }
    drafts::others_wrote(engine, contents.drafts);
    let is_planned = engine.pending.any(|kind| matches!(kind, LedgerRequest::Plan(..)));
    if is_planned || !engine.unsaved.is_empty() {
        // What this window is writing is more recent than what it has just read.
        return;
    }
    let favorites = contents.favorites.into_iter().collect();
    if engine.favorites != favorites {
        engine.favorites = favorites;
        engine.redraw_rows();
    }
}
