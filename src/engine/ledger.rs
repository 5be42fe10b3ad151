//! Opens the ledger at startup, and retries if that fails. Until the ledger is open, nothing is sent, and drafts exist
//! only in memory.

pub(crate) mod state;

pub use state::{LedgerState, word};

use std::time::Duration;

use crate::domain::ledger_failure::LedgerFailure;
use crate::engine::effect::{LedgerContents, LedgerOperation};
use crate::engine::news::News;
use crate::engine::notices::state::Level;
use crate::engine::pending::LedgerRequest;
use crate::engine::queue::{divide, left_over, others};
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;
use crate::engine::{drafts, fleet, retention, unsaved, watch};

/// Opens the ledger, unless it is already being opened.
pub(crate) fn open(engine: &mut Engine) {
    engine.cancel_timer(&TimerKind::OpenLedger);
    if engine.pending.has(&LedgerRequest::Open) {
        return;
    }
    engine.ask_ledger(LedgerRequest::Open, LedgerOperation::Open);
}

/// Retries opening the ledger immediately, at the user's request.
pub(crate) fn try_again(engine: &mut Engine) {
    if engine.ledger.failure().is_some() {
        open(engine);
    }
}

/// Takes over the contents of the ledger once it is open, or schedules another attempt if opening it failed.
pub(crate) fn opened(engine: &mut Engine, result: Result<Option<Box<LedgerContents>>, LedgerFailure>) {
    match result {
        Ok(contents) => take(engine, contents.map(|contents| *contents).unwrap_or_default()),
        Err(failure) => refused(engine, failure),
    }
    engine.touch();
}

fn refused(engine: &mut Engine, failure: LedgerFailure) {
    let tries = match &engine.ledger {
        LedgerState::Closed { tries, .. } => tries + 1,
        LedgerState::Opening | LedgerState::Open => 1,
    };
    if engine.ledger.failure().map(|earlier| earlier.kind) != Some(failure.kind) {
        engine.say(Level::Error, failure.sentence.clone());
    }
    if failure.may_pass() {
        engine.restart_timer(TimerKind::OpenLedger, again_after(tries));
    }
    engine.ledger = LedgerState::Closed { failure, tries };
}

/// Returns the delay before the next attempt to open the ledger: 1, 2, 4, 8, 16, then 30 s.
fn again_after(tries: u32) -> Duration {
    const LONGEST: u64 = 30;
    Duration::from_secs(
        1_u64
            .checked_shl(tries.saturating_sub(1))
            .unwrap_or(LONGEST)
            .min(LONGEST),
    )
}

/// Takes over the contents of the ledger. All startup work happens when the ledger opens, no matter how late.
fn take(engine: &mut Engine, contents: LedgerContents) {
    let was_closed = engine.ledger.failure().is_some();
    // This month's usage already includes the work of other windows, so take that work over before marking the ledger
    // open.
    take_contents(engine, contents);
    engine.ledger = LedgerState::Open;
    if was_closed {
        engine.say(
            Level::Done,
            "the ledger is open; submissions can be sent and drafts are saved",
        );
    }
    // Save what the user typed and pinned before the ledger was open.
    unsaved::save_all(engine);
    fleet::ask_for_kept(engine);
    fleet::claim_left_over(engine);
    retention::begin(engine);
    fleet::settle_left_over(engine);
    watch::await_ledger(engine);
    engine.tell(News::LedgerRead);
    engine.rows_changed();
}

fn take_contents(engine: &mut Engine, contents: LedgerContents) {
    engine.favorites.extend(contents.favorites);
    engine.settings = Some(contents.settings.into_iter().collect());
    engine.used_this_month = contents.used_this_month;
    for (target, invalidation) in contents.remembered {
        engine.histories.remember_items(target, invalidation);
    }
    if let Some(warning) = contents.warning {
        engine.say(Level::Warning, warning);
    }
    engine.queue.shared = contents.shared;
    engine.queue.took(contents.taken);
    let oldest_first: Vec<_> = contents.finished.iter().rev().chain(&contents.unfinished).collect();
    engine.remember_names(oldest_first);
    divide::remember(engine, contents.batch_sizes);
    left_over::adopt(engine, contents.unfinished, contents.finished);
    others::others_have(engine, contents.elsewhere, contents.left);
    drafts::read(engine, contents.drafts);
}

#[cfg(test)]
mod tests {
    use crate::engine::ledger::*;

    #[test]
    fn it_is_tried_again_soon_and_then_ever_more_seldom() {
        let seconds: Vec<_> = [1, 2, 3, 4, 5, 6, 40, u32::MAX]
            .map(|tries| again_after(tries).as_secs())
            .to_vec();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 30, 30, 30]);
    }
}
