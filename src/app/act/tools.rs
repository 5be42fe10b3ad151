//! Actions for the overlay that lists the composer's tools. Each tool has its own letter, so that none of them needs
//! Alt, which types special characters on macOS, or a chord that a terminal multiplexer reserves.

use crate::app::action::Action;
use crate::app::availability::is_available;
use crate::app::key::Key;
use crate::app::model::Model;
use crate::app::overlay::tools::{TOOLS, Tools};
use crate::engine::notices::Level;

/// Handles a key in the list: a letter runs its tool.
pub(in crate::app) fn on_key(model: &mut Model, key: Key) {
    let tool = key
        .typed()
        .and_then(|letter| TOOLS.iter().find(|(known, _)| *known == letter));
    if let Some((_, action)) = tool {
        run(model, *action);
    }
}

/// Handles Enter: runs the selected tool.
pub(in crate::app) fn choose(model: &mut Model) {
    let selected = model.overlays.top::<Tools>().map(|tools| tools.selected);
    if let Some((_, action)) = selected.and_then(|selected| TOOLS.get(selected)) {
        run(model, *action);
    }
}

/// Closes the list and runs the chosen action.
fn run(model: &mut Model, action: Action) {
    model.close_top();
    match is_available(model, action) {
        Ok(()) => model.chosen = Some(action),
        Err(reason) if reason.is_empty() => model.engine.say(Level::Info, "Not available here"),
        Err(reason) => model.engine.say(Level::Info, reason),
    }
}
