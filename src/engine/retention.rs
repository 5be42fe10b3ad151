//! Deletes old submissions if the user limits how long they are kept. A few are deleted at a time, when nothing else
//! is waiting.

use std::time::Duration;

use chrono::TimeDelta;

use crate::engine::effect::{LedgerContents, LedgerOperation, PRUNED_AT_ONCE};
use crate::engine::notices::state::Level;
use crate::engine::pending::LedgerRequest;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;

/// The delay before the first round; `AGAIN` is the delay between two rounds.
const FIRST: Duration = Duration::from_secs(30);
const AGAIN: Duration = Duration::from_hours(24);
/// The delay between two parts of a round.
const NEXT: Duration = Duration::from_secs(1);

/// Schedules the first round once the ledger is open.
pub(crate) fn begin(engine: &mut Engine) {
    if engine.preferences.history.kept().is_some() && engine.ledger.is_open() {
        engine.restart_timer(TimerKind::Prune, FIRST);
    }
}

/// Starts a round of deletions.
pub(crate) fn prune(engine: &mut Engine) {
    let Some(days) = engine.preferences.history.kept() else {
        return;
    };
    let kept = TimeDelta::days(i64::from(days));
    let Some(before) = engine.now.checked_sub_signed(kept) else {
        return;
    };
    engine.ask_ledger(LedgerRequest::Prune, LedgerOperation::Prune(before));
}

/// Schedules the next deletion, and reports a deletion that failed.
pub(crate) fn pruned(engine: &mut Engine, result: Result<Option<Box<LedgerContents>>, String>) {
    let after = match result {
        Ok(Some(contents)) if contents.pruned >= PRUNED_AT_ONCE => NEXT,
        Ok(_) => AGAIN,
        Err(reason) => {
            engine.say(Level::Warning, format!("old records could not be deleted: {reason}"));
            AGAIN
        }
    };
    engine.restart_timer(TimerKind::Prune, after);
}
