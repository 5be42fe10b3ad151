//! Actions for the overlay that selects a theme. While it is open, the screen is drawn in the selected theme.

use crate::app::model::Model;
use crate::app::overlay::themes::ThemeChooser;
use crate::engine::notices::Level;

/// Returns the name of the theme to draw with: the selected one while the list is open, otherwise the current one.
#[must_use]
pub fn shown(model: &Model) -> &'static str {
    let chooser = model.overlays.find::<ThemeChooser>();
    let place = chooser.map_or(model.theme, |chooser| chooser.selected);
    model.themes.names.get(place).copied().unwrap_or_default()
}

/// Checks whether there is more than one theme.
///
/// # Errors
/// A sentence explaining why there is only one.
pub(in crate::app) fn can_choose(model: &Model) -> Result<(), String> {
    if model.themes.names.len() > 1 {
        Ok(())
    } else {
        Err("NO_COLOR is set, so there are no colors to choose".to_owned())
    }
}

/// Opens the list and selects the current theme.
pub(in crate::app) fn open(model: &mut Model) {
    let selected = model.theme;
    model.toggle(ThemeChooser { selected });
}

/// Uses the selected theme until the program exits, and tells the user how to make it permanent.
pub(in crate::app) fn choose(model: &mut Model) {
    let Some(selected) = model.overlays.top::<ThemeChooser>().map(|chooser| chooser.selected) else {
        return;
    };
    let Some(name) = model.themes.names.get(selected).copied() else {
        return;
    };
    model.theme = selected;
    model.overlays.pop();
    if selected != model.themes.configured {
        let text = format!("Theme set to {name}; to keep it, put theme = \"{name}\" at the top of config.toml");
        model.engine.say(Level::Info, text);
    }
    model.engine.touch();
}
