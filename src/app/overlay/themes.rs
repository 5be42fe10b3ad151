//! The theme list. While it is open, the screen has the colors of the selected theme.

use super::Overlay;
use crate::app::act;
use crate::app::model::Model;
use crate::engine::notices::Level;

/// The themes that a person can choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Themes {
    /// The names, in the order of the list.
    pub names: Vec<&'static str>,
    /// The index of the theme in the configuration.
    pub configured: usize,
}

/// Returns the name of the theme to draw with: the selected one while the list is open, otherwise the chosen one.
#[must_use]
pub fn shown(model: &Model) -> &'static str {
    let chooses = model.overlays.iter().find_map(|overlay| match overlay {
        Overlay::Themes(selected) => Some(*selected),
        _ => None,
    });
    let names = &model.themes.names;
    names.get(chooses.unwrap_or(model.theme)).copied().unwrap_or_default()
}

/// Checks whether there is more than one theme.
///
/// # Errors
/// Why there is not, as a sentence.
pub(in crate::app) fn can_choose(model: &Model) -> Result<(), String> {
    if model.themes.names.len() > 1 {
        Ok(())
    } else {
        Err("NO_COLOR is set: there are no colors to choose".to_owned())
    }
}

/// Opens the list and selects the current theme.
pub(in crate::app) fn open(model: &mut Model) {
    act::open(model, Overlay::Themes(model.theme));
}

/// Keeps the selected theme until the program ends, and says how to keep it permanently.
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
