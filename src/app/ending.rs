//! The end of the program. What the screen shows goes into the ledger first, and everything that was asked of the ledger
//! is waited for, for a bounded time: nobody who quits has to think of it.

use std::time::Duration;

use super::action::Action;
use super::effect::Effect;
use super::key::{Code, Key};
use super::keys::action_of;
use super::model::{Due, Level, Model, Purpose};
use super::queue;
use super::screen::composer;
use super::unsaved;
use crate::domain::text::count;

/// How long the end waits for the ledger.
const LONGEST: Duration = Duration::from_secs(4);

/// How long it waits without a word.
const SILENT: Duration = Duration::from_secs(1);

/// The end that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ending {
    /// The exit code.
    code: u8,
    /// Whether a person asked for it, who may think better of it.
    by_hand: bool,
}

/// A person quits.
pub(super) fn quit(model: &mut Model) {
    begin(model, Ending { code: 0, by_hand: true });
}

/// The system ends the program, or the terminal is gone: there is nobody to be asked.
pub(super) fn told(model: &mut Model, code: u8) {
    begin(model, Ending { code, by_hand: false });
}

fn begin(model: &mut Model, ending: Ending) {
    composer::keep_draft(model);
    if model.ending.replace(ending).is_none() {
        model.timer(Due::EndingTold, SILENT);
        model.timer(Due::Ending, LONGEST);
        unsaved::save_all(model);
    }
}

/// Ends the program as soon as the ledger has answered.
pub(super) fn follow(model: &mut Model) {
    if let Some(ending) = model.ending.filter(|_| unanswered(model) == 0) {
        model.ask(Effect::Quit(ending.code));
    }
}

/// How much is not saved yet and still may be.
fn unanswered(model: &Model) -> usize {
    let others = |purpose: &&Purpose| purpose.writes() && **purpose != Purpose::Save;
    model.pending.values().filter(others).count() + model.unsaved.waiting()
}

/// Says that the ledger is slow, and which keys quit now or stay.
pub(super) fn tell(model: &mut Model) {
    let Some(ending) = model.ending else { return };
    let now = model.preferences.keymap.spoken(Action::QuitNow);
    let changes = count(unanswered(model), "change");
    let stay = if ending.by_hand { " · Esc stays" } else { "" };
    let text = format!("Saving {changes} before quitting · {now} quits now without waiting{stay}");
    model.say(Level::Warning, text);
}

/// The ledger was waited for long enough.
pub(super) fn give_up(model: &mut Model) {
    if let Some(ending) = model.ending {
        model.ask(Effect::Quit(ending.code));
    }
}

/// A key while the ledger is waited for: nothing is typed any more.
pub(super) fn on_key(model: &mut Model, key: Key) {
    let Some(ending) = model.ending else { return };
    if action_of(model, key) == Some(Action::QuitNow) {
        model.ask(Effect::Quit(ending.code));
    } else if key.code == Code::Esc && ending.by_hand {
        stay(model);
    }
}

fn stay(model: &mut Model) {
    model.ending = None;
    model.cancel_timer(&Due::Ending);
    model.cancel_timer(&Due::EndingTold);
    model.end_notice();
    model.touch();
    queue::pump(model);
}
