//! The help: what acts in the place below it, to be read and to be run.

use super::Overlay;
use crate::app::act;
use crate::app::action::{Action, Weight};
use crate::app::keys::{is_available, sections};
use crate::app::model::Model;
use crate::engine::notices::Level;

/// Every action that the help lists, in its order: a line each to choose from.
pub(in crate::app) fn entries(model: &Model) -> Vec<Action> {
    let is_help = |overlay: &Overlay| matches!(overlay, Overlay::Help(_));
    let under = model.overlays.iter().position(is_help).unwrap_or(model.overlays.len());
    let sections = sections(model, under).into_iter();
    let actions = sections.flat_map(|section| section.actions);
    actions.map(|(action, _)| action).collect()
}

/// Closes the help and does what was chosen; where that cannot be done it stays and says why.
pub(in crate::app) fn run(model: &mut Model, selected: usize) {
    let Some(action) = entries(model).get(selected).copied() else {
        return;
    };
    if action.entry().weight == Weight::Final {
        let key = model.keymap.spoken(action);
        let text = format!("close the help first, then press {key}");
        return model.engine.say(Level::Info, text);
    }
    let Some(help) = model.overlays.pop() else { return };
    match is_available(model, action) {
        Ok(()) => act::act(model, action),
        Err(reason) => {
            model.overlays.push(help);
            model.engine.say(Level::Info, reason);
        }
    }
    model.engine.touch();
}
