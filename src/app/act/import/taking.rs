//! Imports the items of an earlier invalidation as soon as they are loaded.

use super::earlier;
use crate::app::act::import::step::{put, show};
use crate::app::model::Model;
use crate::app::overlay::import::earlier::Earlier;
use crate::app::overlay::import::{Importing, Step};
use crate::app::{fetching, resting};
use crate::domain::import::invalidation;
use crate::engine::notices::Level;
use crate::engine::row::row;
use crate::engine::watch;

/// Opens the list and requests the invalidations of each target that has none loaded yet.
pub(in crate::app) fn begin(model: &mut Model) {
    let targets = model
        .composer()
        .map(|composer| composer.targets.clone())
        .unwrap_or_default();
    for target in &targets {
        if model
            .engine
            .histories
            .get(target)
            .is_none_or(|history| history.freshness.as_of.is_none())
        {
            watch::read_first_page(&mut model.engine, target);
        }
    }
    put(model, Step::Earlier(Earlier::default()));
    fetching::rested(model);
}

/// Schedules a fetch of missing items, because the selection has moved or the list has changed.
pub(in crate::app) fn moved(model: &mut Model) {
    if earlier::is_choosing(model) {
        resting::rest(model);
    }
}

/// Imports the selected invalidation, now or as soon as its items are loaded.
pub(in crate::app) fn choose(model: &mut Model, earlier: &Earlier) {
    let Some(key) = earlier::entries(model, earlier).into_iter().nth(earlier.selected) else {
        return model.engine.say(Level::Info, "no invalidation selected");
    };
    if let Some(sentence) = row(&model.engine, &key)
        .and_then(|row| row.unreadable)
        .map(str::to_owned)
    {
        return model.engine.say(Level::Warning, sentence);
    }
    watch::fetch_items(&mut model.engine, std::slice::from_ref(&key));
    if let Some(Step::Earlier(earlier)) = model
        .overlays
        .find_mut::<Importing>()
        .map(|importing| &mut importing.step)
    {
        earlier.wanted = Some(key);
    }
    model.engine.touch();
    items_came(model);
}

/// Shows the preview of the chosen invalidation once its items are loaded.
pub(in crate::app) fn items_came(model: &mut Model) {
    let wanted = match model.overlays.find_mut::<Importing>().map(|importing| &importing.step) {
        Some(Step::Earlier(Earlier { wanted: Some(key), .. })) => key.clone(),
        _ => return,
    };
    let Some(row) = row(&model.engine, &wanted) else { return };
    if let Some(items) = row.items {
        let id = row.id.map_or_else(|| "not sent yet".to_owned(), ToString::to_string);
        let import = invalidation(&id, items);
        show(model, import, None);
    }
}
