//! Actions for the overlay that shows who created an invalidation, according to CloudTrail.

use crate::app::model::Model;
use crate::app::overlay::reading::Maker;
use crate::app::screen::Screen;
use crate::app::selection::selected_row;
use crate::engine::row::RowKey;
use crate::engine::{past, trail};

/// Opens the overlay for the selected invalidation, and discards a lookup that found nothing so that it is repeated.
/// The same key closes the overlay.
pub(in crate::app) fn open(model: &mut Model) {
    let open = model.overlays.top::<Maker>().map(|maker| maker.0.clone());
    let Some(key) = open.or_else(|| selected_row(model).cloned()) else {
        return;
    };
    model.toggle(Maker(key.clone()));
    if model.overlays.top::<Maker>().is_none() {
        return;
    }
    if let RowKey::Submission(id) = &key {
        past::look(&mut model.engine, id);
    }
    trail::ask_again(&mut model.engine, &key);
}

/// Starts the lookup for the invalidation in the overlay. If the overlay is closed and the settings enable it, starts
/// the lookup for the invalidation on the details page instead. Leaving either of them interrupts the lookup.
pub(in crate::app) fn follow(model: &mut Model) {
    let asked = model.overlays.find::<Maker>().map(|maker| maker.0.clone());
    let by_itself = asked.is_none();
    let seen = asked.or_else(|| shown(model));
    trail::follow(&mut model.engine, seen.as_ref(), by_itself);
}

fn shown(model: &Model) -> Option<RowKey> {
    match model.screen() {
        Screen::Details(details) if model.engine.preferences.looks_up_makers => Some(details.key.clone()),
        _ => None,
    }
}
