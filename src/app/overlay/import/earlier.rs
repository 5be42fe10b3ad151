//! Earlier invalidations of the composer's targets, to take their items from.

use tui_input::Input;

use super::{Step, composer, importing, put, show};
use crate::app::list::matching;
use crate::app::model::Model;
use crate::app::overlay::Overlay;
use crate::app::resting;
use crate::app::screen::invalidations::Invalidations;
use crate::domain::import::invalidation;
use crate::engine::notices::Level;
use crate::engine::row::{RowKey, row};
use crate::engine::watch;

/// The state of the list.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// What is typed to find one.
    pub filter: Input,
    /// The selected one.
    pub selected: usize,
    /// The one that is taken as soon as its items are known.
    pub wanted: Option<RowKey>,
}

/// The invalidations to choose from, the newest first.
#[must_use]
pub fn entries(model: &Model, earlier: &Earlier) -> Vec<RowKey> {
    let Some(composer) = composer(model) else {
        return Vec::new();
    };
    let mut keys = Vec::new();
    for target in &composer.targets {
        let mut screen = Invalidations::new(Some(target.clone()));
        screen.refill(model);
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

/// Opens the list; what was never read is asked for.
pub(super) fn begin(model: &mut Model) {
    let targets = composer(model)
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
    resting::rested(model);
}

/// Whether there is a list to choose from.
#[must_use]
pub(in crate::app) fn is_open(model: &Model) -> bool {
    step(model).is_some()
}

fn step(model: &Model) -> Option<&Earlier> {
    model.overlays.iter().find_map(|overlay| match overlay {
        Overlay::Import(importing) => match &importing.step {
            Step::Earlier(earlier) => Some(earlier),
            _ => None,
        },
        _ => None,
    })
}

/// Another one is selected, or others are shown: what they lack is fetched once that rests.
pub(in crate::app) fn moved(model: &mut Model) {
    if is_open(model) {
        resting::rest(model);
    }
}

/// The selected one, then so many that are seen around it.
pub(in crate::app) fn around(model: &Model, count: usize) -> Vec<RowKey> {
    let Some(earlier) = step(model) else {
        return Vec::new();
    };
    let entries = entries(model, earlier);
    let selected = entries.get(earlier.selected);
    let from = earlier.selected.saturating_sub(count / 2);
    let seen = entries.iter().skip(from).take(count);
    selected.into_iter().chain(seen).cloned().collect()
}

/// Takes the selected one, or waits for what it holds.
pub(super) fn choose(model: &mut Model, earlier: &Earlier) {
    let Some(key) = entries(model, earlier).into_iter().nth(earlier.selected) else {
        return model.engine.say(Level::Info, "no invalidation selected");
    };
    if let Some(sentence) = row(&model.engine, &key)
        .and_then(|row| row.unreadable)
        .map(str::to_owned)
    {
        return model.engine.say(Level::Warning, sentence);
    }
    watch::fetch_items(&mut model.engine, std::slice::from_ref(&key));
    if let Some(Step::Earlier(earlier)) = importing(model).map(|importing| &mut importing.step) {
        earlier.wanted = Some(key);
    }
    model.engine.touch();
    items_came(model);
}

/// The items of an invalidation arrived: appends them if it is the one that was chosen.
pub(in crate::app) fn items_came(model: &mut Model) {
    let wanted = match importing(model).map(|importing| &importing.step) {
        Some(Step::Earlier(Earlier { wanted: Some(key), .. })) => key.clone(),
        _ => return,
    };
    let Some(row) = row(&model.engine, &wanted) else { return };
    if let Some(items) = row.items {
        let id = row
            .id
            .map_or_else(|| "it is not sent yet".to_owned(), ToString::to_string);
        let import = invalidation(&id, items);
        show(model, import, None);
    }
}
