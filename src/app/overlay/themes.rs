//! The themes, to choose one: the screen has the colors of the selected one while one moves over them.

use super::Overlay;
use crate::app::act;
use crate::app::model::Model;
use crate::engine::notices::Level;

/// The themes that can be chosen, by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Themes {
    /// All of them, in the order of the list.
    pub names: Vec<&'static str>,
    /// The one that the configuration has, by its place.
    pub configured: usize,
}

/// The theme that the screen has now: the selected one while one chooses.
#[must_use]
pub fn shown(model: &Model) -> &'static str {
    let chooses = model.overlays.iter().find_map(|overlay| match overlay {
        Overlay::Themes(selected) => Some(*selected),
        _ => None,
    });
    let names = &model.themes.names;
    names.get(chooses.unwrap_or(model.theme)).copied().unwrap_or_default()
}

/// Whether there is anything to choose.
pub(in crate::app) fn can_choose(model: &Model) -> Result<(), String> {
    if model.themes.names.len() > 1 {
        Ok(())
    } else {
        Err("NO_COLOR is set: there are no colors to choose".to_owned())
    }
}

/// Opens the list, with the theme in use selected.
pub(in crate::app) fn open(model: &mut Model) {
    act::open(model, Overlay::Themes(model.theme));
}

/// Keeps the selected theme until the program ends, and says how to keep it for good.
pub(in crate::app) fn choose(model: &mut Model, selected: usize) {
    let Some(name) = model.themes.names.get(selected).copied() else {
        return;
    };
    model.theme = selected;
    model.overlays.pop();
    if selected != model.themes.configured {
        let text = format!("Theme {name}; to keep it, begin config.toml with theme = \"{name}\"");
        model.engine.say(Level::Info, text);
    }
    model.engine.touch();
}
