//! What follows from a message, once, whatever rules it went through: the page on top shows what is known now, the seconds
//! are counted that it shows, and what rules want to open is opened. Rules change their own state; they never bring the
//! screen up to date themselves, and they never take the keys.

use super::keys::is_text;
use super::model::{Level, Model};
use super::overlay::left_over;
use super::{ending, fleet, queue, screen, telling, watch};
use crate::domain::distribution::Target;
use crate::domain::target::TargetName;

/// Something to be opened that a person did not ask for at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Ask about what an earlier run or a long sleep left.
    AskAboutLeftOver,
    /// Open the target that the command line named.
    Open(TargetName, Target),
}

/// Whether the rows of the page on top show what is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Rows {
    /// They do.
    #[default]
    Fresh,
    /// Data changed since they were made.
    Stale,
}

/// Ends a message.
pub(super) fn settle(model: &mut Model) {
    queue::settle(model);
    refill(model);
    open_wanted(model);
    screen::composer::merge(model);
    refill(model);
    watch::tick(model);
    telling::follow(model);
    ending::follow(model);
}

fn refill(model: &mut Model) {
    if std::mem::take(&mut model.rows) == Rows::Stale {
        screen::refill(model);
    }
}

/// Opens the next thing that is wanted, unless somebody is typing or has opened something: it waits then.
fn open_wanted(model: &mut Model) {
    if model.wants.is_empty() || is_text(model) || !model.overlays.is_empty() {
        return;
    }
    match model.wants.remove(0) {
        Want::AskAboutLeftOver => left_over::open(model),
        Want::Open(name, target) if model.screens.len() > 1 => {
            // Whoever has gone to another page meanwhile stays there.
            let text = format!("{name} is {}: the distributions page opens it", target.id());
            model.say(Level::Info, text);
        }
        Want::Open(_, target) => fleet::open(model, target),
    }
}
