//! Fetches missing data for the selected row once the selection has stopped moving: items, older rows, and details
//! that the lists do not contain.

use crate::app::act::compare;
use crate::app::act::import::earlier;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::app::selection::here;
use crate::domain::distribution::Target;
use crate::engine::timers::TimerKind;
use crate::engine::{fleet, groups, past, reads, tenants, watch};

/// The number of rows around the selected one whose items are fetched automatically.
const FETCHED_AROUND: usize = 20;

/// Fetches missing data after the selection has stopped moving.
pub(in crate::app) fn rested(model: &mut Model) {
    older_if_near_the_end(model);
    compare::fetch(model);
    if let Some(Target::Tenant(id)) = here(model) {
        tenants::describe(&mut model.engine, &id);
        groups::learn(&mut model.engine, &id);
    }
    let keys = match model.screen() {
        _ if earlier::is_choosing(model) => earlier::around(model, FETCHED_AROUND),
        Screen::Invalidations(screen) => {
            let from = screen.list.selected().saturating_sub(FETCHED_AROUND / 2);
            screen
                .list
                .rows()
                .iter()
                .skip(from)
                .take(FETCHED_AROUND)
                .cloned()
                .collect()
        }
        Screen::Details(screen) => vec![screen.key.clone()],
        Screen::Distributions(_) => return describe_selected(model),
        Screen::History(screen) => {
            if let Some(id) = screen.selected().map(|record| record.id.clone()) {
                past::look(&mut model.engine, &id);
            }
            return;
        }
        Screen::Tenants(_) | Screen::Composer(_) => return,
    };
    watch::fetch_items(&mut model.engine, &keys);
}

/// Fetches the details of the selected distribution that the list does not contain, unless they are up to date.
fn describe_selected(model: &mut Model) {
    let Screen::Distributions(screen) = model.screen() else {
        return;
    };
    let Some(id) = screen.list.selected_key().cloned() else {
        return;
    };
    match reads::may_open(&mut model.engine) {
        Ok(()) => fleet::describe(&mut model.engine, &id),
        Err(wait) => drop(model.engine.restart_timer(TimerKind::Rest, wait)),
    }
}

/// Loads older invalidations page by page as the user scrolls, and never all of them automatically.
fn older_if_near_the_end(model: &mut Model) {
    const NEAR: usize = 30;
    let Screen::Invalidations(screen) = model.screen() else {
        return;
    };
    let (rows, selected) = (screen.list.rows().len(), screen.list.selected());
    let Some(target) = screen.target.clone() else { return };
    if screen.list.view.is_filtered() || selected + NEAR < rows {
        return;
    }
    watch::read_older(&mut model.engine, &target);
}
