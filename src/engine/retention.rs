//! Letting go of what is old, where a person set how long it is kept: a little at a time, when nobody waits for anything.

use std::time::Duration;

use chrono::TimeDelta;

use crate::engine::effect::{Effect, LedgerContents, LedgerOperation, PRUNED_AT_ONCE};
use crate::engine::notices::Level;
use crate::engine::purpose::Purpose;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;

/// After the start, and between two looks.
const FIRST: Duration = Duration::from_secs(30);
const AGAIN: Duration = Duration::from_hours(24);
/// Between two parts of one look.
const NEXT: Duration = Duration::from_secs(1);

/// The ledger is open.
pub(crate) fn begin(engine: &mut Engine) {
    if engine.preferences.keep_days.is_some() && engine.ledger.is_open() {
        engine.restart_timer(TimerKind::Prune, FIRST);
    }
}

/// It is time to look.
pub(crate) fn prune(engine: &mut Engine) {
    let Some(days) = engine.preferences.keep_days else {
        return;
    };
    let kept = TimeDelta::days(i64::from(days));
    let Some(before) = engine.now.checked_sub_signed(kept) else {
        return;
    };
    let request = engine.request(Purpose::Prune);
    engine.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::Prune(before),
    });
}

/// Some were let go of; perhaps there are more.
pub(crate) fn pruned(engine: &mut Engine, result: Result<Option<Box<LedgerContents>>, String>) {
    let after = match result {
        Ok(Some(contents)) if contents.pruned >= PRUNED_AT_ONCE => NEXT,
        Ok(_) => AGAIN,
        Err(reason) => {
            engine.say(Level::Warning, format!("old entries could not be deleted: {reason}"));
            AGAIN
        }
    };
    engine.restart_timer(TimerKind::Prune, after);
}
