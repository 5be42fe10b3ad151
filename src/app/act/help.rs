//! Actions of the help overlay, whose entries can be run.

use crate::app::action::{Entry, Weight};
use crate::app::availability::is_available;
use crate::app::keys::sections;
use crate::app::model::Model;
use crate::app::overlay::State;
use crate::app::overlay::help::Help;
use crate::engine::notices::Level;

/// Returns every action that the help lists, in order.
pub(in crate::app) fn entries(model: &Model) -> Vec<&'static Entry> {
    let under = model.overlays.iter().position(|overlay| Help::of(overlay).is_some());
    let sections = sections(model, under.unwrap_or(model.overlays.len())).into_iter();
    let actions = sections.flat_map(|section| section.actions);
    actions.map(|(entry, _)| entry).collect()
}

/// Closes the help and runs the chosen action; if that is not available, the help stays open and shows why.
pub(in crate::app) fn run(model: &mut Model) {
    let Some(selected) = model.overlays.top::<Help>().map(|help| help.selected) else {
        return;
    };
    let Some(entry) = entries(model).get(selected).copied() else {
        return;
    };
    if entry.weight == Weight::Final {
        let key = model.keymap.spoken(entry.action);
        let text = format!("close the help first, then press {key}");
        return model.engine.say(Level::Info, text);
    }
    let Some(help) = model.overlays.pop() else { return };
    match is_available(model, entry.action) {
        Ok(()) => model.chosen = Some(entry.action),
        Err(reason) => {
            model.overlays.push(help);
            model.engine.say(Level::Info, reason);
        }
    }
    model.engine.touch();
}
