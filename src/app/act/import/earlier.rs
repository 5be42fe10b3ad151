//! Lists earlier invalidations of the composer's targets, so that one can be imported.

use crate::app::list::matching;
use crate::app::model::Model;
use crate::app::overlay::import::Importing;
use crate::app::overlay::import::earlier::Earlier;
use crate::app::screen::invalidations::Invalidations;
use crate::engine::row::{RowKey, row};

/// Returns the invalidations to choose from, newest first.
#[must_use]
pub fn entries(model: &Model, earlier: &Earlier) -> Vec<RowKey> {
    let Some(composer) = model.composer() else {
        return Vec::new();
    };
    let mut keys = Vec::new();
    for target in &composer.targets {
        let mut screen = Invalidations::new(Some(target.clone()));
        screen.refill(&model.engine, &model.arrangements);
        keys.extend(screen.list.rows().iter().cloned());
    }
    keys.sort_by_key(|key| std::cmp::Reverse(row(&model.engine, key).and_then(|row| row.create_time)));
    matching(keys, earlier.filter.value(), |key| haystack(model, key))
}

fn haystack(model: &Model, key: &RowKey) -> String {
    let Some(row) = row(&model.engine, key) else {
        return String::new();
    };
    let id = row.id.map_or("", |id| id.as_str());
    format!("{id} {}", row.items.unwrap_or_default().join(" "))
}

/// Returns whether the list of earlier invalidations is open, even if another overlay is above it.
pub(in crate::app) fn is_choosing(model: &Model) -> bool {
    let importing = model.overlays.find::<Importing>();
    importing.is_some_and(|importing| importing.earlier().is_some())
}

/// Returns the selected invalidation, followed by up to `count` of those visible around it.
pub(in crate::app) fn around(model: &Model, count: usize) -> Vec<RowKey> {
    let Some(earlier) = model.overlays.find::<Importing>().and_then(Importing::earlier) else {
        return Vec::new();
    };
    let entries = entries(model, earlier);
    let selected = entries.get(earlier.selected);
    let from = earlier.selected.saturating_sub(count / 2);
    let seen = entries.iter().skip(from).take(count);
    selected.into_iter().chain(seen).cloned().collect()
}
