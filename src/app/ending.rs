//! Ends the program, after writing the visible state to the ledger and waiting a limited time for all pending ledger
//! requests, so that quitting is always safe. If the ledger cannot be written to, the program asks the user what to do;
//! if there is no user to ask, it prints what is lost before it exits.

use std::time::Duration;

use crate::app::act::composer::draft;
use crate::app::action::Action;
use crate::app::key::{Code, Key};
use crate::app::model::Model;
use crate::app::overlay::reading::NotSaved;
use crate::app::waiting::Ending;
use crate::domain::ledger_failure::{LedgerFailure, LedgerFailureKind};
use crate::domain::text::count;
use crate::engine::effect::Effect;
use crate::engine::notices::Level;
use crate::engine::pending::LedgerRequest;
use crate::engine::timers::TimerKind;
use crate::engine::{lost, queue, unsaved};

/// How long quitting waits for the ledger before asking the user.
const BY_HAND: Duration = Duration::from_secs(4);

/// How long quitting waits if there is no user to ask. Each attempt waits five seconds for a file locked by another
/// program, and the process is forced to exit after eight.
const UNASKED: Duration = Duration::from_secs(7);

/// How long quitting waits before telling the user that it is waiting.
const SILENT: Duration = Duration::from_secs(1);

/// Quits at the user's request.
pub(super) fn quit(model: &mut Model) {
    begin(model, Ending { code: 0, by_hand: true });
}

/// Quits because the system requested it or because the terminal is gone, so there is no user to ask.
pub(super) fn told(model: &mut Model, code: u8) {
    begin(model, Ending { code, by_hand: false });
}

fn begin(model: &mut Model, ending: Ending) {
    draft::keep_draft(model);
    model.engine.ends = true;
    if model.ending.replace(ending).is_none() {
        model.engine.timer(TimerKind::EndingTold, SILENT);
        let longest = if ending.by_hand { BY_HAND } else { UNASKED };
        model.engine.timer(TimerKind::Ending, longest);
        unsaved::save_all(&mut model.engine);
    }
}

/// Exits as soon as the ledger has responded.
pub(super) fn follow(model: &mut Model) {
    let asked = model.overlays.find::<NotSaved>().is_some();
    if unanswered(model) > 0 || (model.ending.is_none() && !asked) {
        return;
    }
    let code = model.ending.map_or(0, |ending| ending.code);
    model.engine.ask(Effect::Quit(code));
}

/// Returns the number of changes that have not been saved yet but may still be.
fn unanswered(model: &Model) -> usize {
    let others = |kind: &&LedgerRequest| kind.writes() && **kind != LedgerRequest::Save;
    model.engine.pending.of().values().filter(others).count() + model.engine.unsaved.waiting()
}

/// Reports that the ledger is slow, and which keys quit now or keep the program open.
pub(super) fn tell(model: &mut Model) {
    let Some(ending) = model.ending else { return };
    let now = model.keymap.spoken(Action::QuitNow);
    let changes = count(unanswered(model), "change");
    let stay = if ending.by_hand { " · Esc to stay" } else { "" };
    let text = format!("Saving {changes} before quitting · {now} to quit without waiting{stay}");
    model.engine.say(Level::Warning, text);
}

/// Asks the user about the unsaved changes, because the ledger took too long.
pub(super) fn give_up(model: &mut Model) {
    let Some(ending) = model.ending else { return };
    if ending.by_hand && !lost::names(&model.engine).is_empty() {
        end_waiting(model);
        ask_about_unsaved(model);
    } else {
        model.engine.ask(Effect::Quit(ending.code));
    }
}

/// Asks the user immediately after a failed write that waiting alone will not fix.
pub(super) fn failed(model: &mut Model, failure: &LedgerFailure) {
    let lasts = matches!(failure.kind, LedgerFailureKind::Full | LedgerFailureKind::Unwritable);
    if lasts && model.ending.is_some_and(|ending| ending.by_hand) {
        give_up(model);
    }
}

/// Returns whether the last write to the ledger failed.
fn is_failing(model: &Model) -> bool {
    model.engine.unsaved.failed() > 0 || model.engine.ledger.failure().is_some()
}

/// Handles a key press while waiting for the ledger. Text input is ignored. If `quits` is set, the key quits now.
pub(super) fn on_key(model: &mut Model, key: Key, quits: bool) {
    let Some(ending) = model.ending else { return };
    if quits {
        if is_failing(model) {
            give_up(model);
        } else {
            model.engine.ask(Effect::Quit(ending.code));
        }
    } else if key.code == Code::Esc && ending.by_hand {
        stay(model);
    }
}

fn end_waiting(model: &mut Model) {
    model.ending = None;
    model.engine.ends = false;
    model.engine.cancel_timer(&TimerKind::Ending);
    model.engine.cancel_timer(&TimerKind::EndingTold);
}

fn stay(model: &mut Model) {
    end_waiting(model);
    model.engine.end_notice();
    model.engine.touch();
    queue::pump(&mut model.engine);
}

/// Asks what to do with the changes that could not be saved.
fn ask_about_unsaved(model: &mut Model) {
    if model.overlays.find::<NotSaved>().is_none() {
        model.overlays.push(NotSaved);
    }
    model.engine.end_notice();
    model.engine.touch();
}
