//! Actions for the help overlay, whose entries can be searched and run.

use tui_input::Input;

use crate::app::action::{Entry, Weight};
use crate::app::availability::is_available;
use crate::app::keys::{Section, sections};
use crate::app::list::holding;
use crate::app::model::Model;
use crate::app::overlay::State;
use crate::app::overlay::help::Help;
use crate::engine::notices::Level;

/// Returns every action that the help lists, in order.
pub(in crate::app) fn entries(model: &Model) -> Vec<&'static Entry> {
    let under = model.overlays.iter().position(|overlay| Help::of(overlay).is_some());
    let sought = model.overlays.find::<Help>().map_or("", sought);
    let sections = sections_with(model, under.unwrap_or(model.overlays.len()), sought);
    let actions = sections.into_iter().flat_map(|section| section.actions);
    actions.map(|(entry, _)| entry).collect()
}

/// Returns the search text.
#[must_use]
pub fn sought(help: &Help) -> &str {
    help.sought.as_ref().map_or("", Input::value)
}

/// Returns the help's sections, reduced to the actions that match the typed text. The help is above `under` overlays.
/// Every typed word must occur in an action's keys, its id, its description or the reason why it is unavailable.
#[must_use]
pub fn sections_with(model: &Model, under: usize, typed: &str) -> Vec<Section> {
    let sections = sections(model, under).into_iter().map(|section| Section {
        actions: holding(section.actions, typed, |(entry, keys)| {
            let keys: Vec<_> = keys.iter().map(ToString::to_string).collect();
            let reason = is_available(model, entry.action).err().unwrap_or_default();
            format!("{} {} {} {reason}", keys.join(" "), entry.id, entry.help)
        }),
        ..section
    });
    sections.filter(|section| !section.actions.is_empty()).collect()
}

/// Opens the search field.
pub(in crate::app) fn search(model: &mut Model) {
    if let Some(help) = model.overlays.top_mut::<Help>() {
        help.sought = Some(Input::default());
        help.selected = 0;
        model.engine.touch();
    }
}

/// Handles Esc by ending the search. Returns whether a search was open.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    let help = model.overlays.top_mut::<Help>();
    help.is_some_and(|help| {
        help.selected = 0;
        help.sought.take().is_some()
    })
}

/// Closes the help and runs the chosen action. If the action is unavailable, the help stays open and shows why.
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
