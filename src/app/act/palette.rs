//! The palette: every action of the page by name, with its keys, and everything that can be gone to.

use crate::app::finder;
use crate::app::finder::{Found, actions_and_places};
use crate::app::model::Model;
use crate::app::overlay::palette::Palette;

/// What can be found, as far as it matches.
#[must_use]
pub fn entries(model: &Model, palette: &Palette) -> Vec<Found> {
    actions_and_places(model, palette.input.value())
}

/// How many lines there are to choose from.
pub(in crate::app) fn lines(model: &Model) -> usize {
    let palette = model.overlays.top::<Palette>();
    palette.map_or(0, |palette| entries(model, palette).len())
}

/// Does what is selected; what was typed stays where nothing matches.
pub(in crate::app) fn choose(model: &mut Model) {
    let Some(palette) = model.overlays.top::<Palette>() else {
        return;
    };
    let Some(found) = entries(model, palette).get(palette.selected).cloned() else {
        return;
    };
    model.overlays.pop();
    model.engine.touch();
    finder::choose(model, found);
}
