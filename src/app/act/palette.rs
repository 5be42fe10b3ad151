//! Actions for the command palette, which lists every action of the page and all targets, pages, profiles and saved
//! lists to go to.

use crate::app::finder;
use crate::app::finder::{Found, actions_and_places};
use crate::app::model::Model;
use crate::app::overlay::palette::Palette;

/// Returns the matches for the typed text.
#[must_use]
pub fn entries(model: &Model, palette: &Palette) -> Vec<Found> {
    actions_and_places(model, palette.input.value())
}

/// Returns the number of matches to choose from.
pub(in crate::app) fn lines(model: &Model) -> usize {
    let palette = model.overlays.top::<Palette>();
    palette.map_or(0, |palette| entries(model, palette).len())
}

/// Runs the selected match. If nothing matches, the typed text is kept.
pub(in crate::app) fn choose(model: &mut Model) {
    let Some(palette) = model.overlays.top::<Palette>() else {
        return;
    };
    let Some(found) = entries(model, palette).get(palette.selected).cloned() else {
        return;
    };
    model.close_top();
    finder::choose(model, found);
}
