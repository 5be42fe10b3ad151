//! Letting go of what is old, where a person set how long it is kept: a little at a time, when nobody waits for anything.

use std::time::Duration;

use chrono::TimeDelta;

use super::effect::{Effect, LedgerContents, LedgerOperation, PRUNED_AT_ONCE};
use super::model::{Due, Level, Model, Purpose};

/// After the start, and between two looks.
const FIRST: Duration = Duration::from_secs(30);
const AGAIN: Duration = Duration::from_hours(24);
/// Between two parts of one look.
const NEXT: Duration = Duration::from_secs(1);

/// The ledger is open.
pub(super) fn begin(model: &mut Model) {
    if model.preferences.keep_days.is_some() && model.ledger.is_open() {
        model.restart_timer(Due::Prune, FIRST);
    }
}

/// It is time to look.
pub(super) fn prune(model: &mut Model) {
    let Some(days) = model.preferences.keep_days else {
        return;
    };
    let kept = TimeDelta::days(i64::from(days));
    let Some(before) = model.now.checked_sub_signed(kept) else {
        return;
    };
    let request = model.request(Purpose::Prune);
    model.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::Prune(before),
    });
}

/// Some were let go of; perhaps there are more.
pub(super) fn pruned(model: &mut Model, result: Result<Option<Box<LedgerContents>>, String>) {
    let after = match result {
        Ok(Some(contents)) if contents.pruned >= PRUNED_AT_ONCE => NEXT,
        Ok(_) => AGAIN,
        Err(reason) => {
            model.say(Level::Warning, format!("what is old could not be let go of: {reason}"));
            AGAIN
        }
    };
    model.restart_timer(Due::Prune, after);
}
