//! Actions for the comparison overlay: opens it, loads both invalidations, and composes from the visible part.

use crate::app::act::composer::compose;
use crate::app::action::Action;
use crate::app::model::Model;
use crate::app::overlay::compare::{Compare, Part};
use crate::app::screen::Screen;
use crate::domain::compare::Difference;
use crate::engine::row::{RowKey, row};
use crate::engine::{past, watch};

/// Returns the two invalidations to compare, in table order: the two marked ones, or the marked and the selected one.
///
/// # Errors
/// A sentence that tells the user what to mark.
pub(in crate::app) fn pair(model: &Model) -> Result<[RowKey; 2], String> {
    let list = match model.screen() {
        Screen::Invalidations(screen) => &screen.list,
        Screen::History(screen) => &screen.list,
        Screen::Distributions(_) | Screen::Tenants(_) | Screen::Details(_) | Screen::Composer(_) => {
            return Err(String::new());
        }
    };
    let mut chosen: Vec<&RowKey> = model.marked_rows.iter().collect();
    if let ([marked], Some(selected)) = (chosen.as_slice(), list.selected_key())
        && *marked != selected
    {
        chosen.push(selected);
    }
    chosen.sort_by_cached_key(|key| list.rows().iter().position(|row| row == *key).unwrap_or(usize::MAX));
    match chosen.as_slice() {
        [first, second] => Ok([(*first).clone(), (*second).clone()]),
        [] | [_] => Err("mark two rows, or mark one and select the other".to_owned()),
        more => Err(format!("{} rows are marked; mark exactly two", more.len())),
    }
}

/// Carries out one of the overlay's actions, or the action that opens it.
pub(in crate::app) fn act(model: &mut Model, action: Action) {
    if action == Action::Compare {
        return open(model);
    }
    let Some(compare) = model.overlays.top_mut::<Compare>() else {
        return;
    };
    match action {
        Action::CompareLeft | Action::CompareRight => compare.step(action == Action::CompareRight),
        _ => return compose(model),
    }
    model.engine.touch();
}

fn open(model: &mut Model) {
    let Ok(rows) = pair(model) else { return };
    model.open(Compare {
        rows,
        difference: None,
        part: Part::default(),
    });
    fetch(model);
    items_came(model);
}

/// Requests any items that have not been loaded yet.
pub(in crate::app) fn fetch(model: &mut Model) {
    let Some(rows) = model.overlays.find_mut::<Compare>().map(|compare| compare.rows.clone()) else {
        return;
    };
    for key in &rows {
        if let RowKey::Submission(id) = key {
            past::look(&mut model.engine, id);
        }
    }
    watch::fetch_items(&mut model.engine, &rows);
}

/// Computes the comparison once the items of both invalidations are loaded.
pub(in crate::app) fn items_came(model: &mut Model) {
    let Some(rows) = model.overlays.find_mut::<Compare>().map(|compare| compare.rows.clone()) else {
        return;
    };
    let [first, second] = rows
        .each_ref()
        .map(|key| row(&model.engine, key).and_then(|row| row.items));
    let (Some(first), Some(second)) = (first, second) else {
        return;
    };
    let difference = Difference::between(first, second);
    if let Some(compare) = model
        .overlays
        .find_mut::<Compare>()
        .filter(|compare| compare.difference.is_none())
    {
        // Start with the first part that contains any items.
        let empty = |part: &Part| match part {
            Part::First => difference.only_first.is_empty(),
            Part::Second => difference.only_second.is_empty(),
            Part::Both => false,
        };
        compare.part = Part::ALL.into_iter().find(|part| !empty(part)).unwrap_or_default();
        compare.difference = Some(difference);
        model.engine.touch();
    }
}

/// Opens the composer with the visible items, for the target that they belong to.
fn compose(model: &mut Model) {
    let Some(compare) = model.overlays.find_mut::<Compare>() else {
        return;
    };
    let (items, part) = (compare.items(compare.part).to_vec(), compare.part);
    let [first, second] = compare.rows.clone();
    let key = if part == Part::Second { second } else { first };
    let Some(target) = row(&model.engine, &key).map(|row| row.target.clone()) else {
        return;
    };
    model.overlays.close::<Compare>();
    compose::open(model, vec![target], Some(items));
}
