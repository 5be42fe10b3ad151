//! Updates the rows of the top page: which ones are visible, and which one is selected.

use crate::app::act::history;
use crate::app::list::Step;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::app::{layout, resting};

/// Rebuilds the rows of the top page. The pages below are rebuilt when they are on top again.
pub(in crate::app) fn refill(model: &mut Model) {
    let Model {
        screens,
        engine,
        arrangements,
        ..
    } = model;
    match screens.last_mut() {
        Some(Screen::Distributions(screen)) => screen.refill(engine, arrangements),
        Some(Screen::Tenants(screen)) => screen.refill(engine, arrangements),
        Some(Screen::Invalidations(screen)) => screen.refill(engine, arrangements),
        // The history page loads its own rows; the details page and the composer have none.
        Some(Screen::History(_) | Screen::Details(_) | Screen::Composer(_)) | None => {}
    }
}

/// Moves the keyboard focus to the filter field, or away from it.
pub(in crate::app) fn set_filtering(model: &mut Model, on: bool) {
    if let Some(view) = model.screen_mut().view_mut() {
        view.filtering = on;
        model.engine.touch();
    }
}

/// Handles a changed filter: filters the loaded rows, or queries the ledger again.
pub(in crate::app) fn filtered(model: &mut Model) {
    model.engine.rows_changed();
    if let Screen::History(_) = model.screen() {
        history::reread(model);
    }
}

/// Returns the number of rows that a page key moves by: one less than fits on the screen, so that the user does not
/// lose their place.
pub(in crate::app) fn page(model: &Model) -> isize {
    let rows = match model.screen() {
        Screen::Distributions(screen) => layout::dashboard_rows(model.size, screen.list.total()),
        _ => layout::table_rows(model.size),
    };
    isize::try_from(rows.saturating_sub(1).max(1)).unwrap_or(1)
}

/// Moves the selection of the top page.
pub(in crate::app) fn step(model: &mut Model, step: Step) {
    if model.screen_mut().step(step) {
        resting::rest(model);
        model.engine.touch();
    }
    history::stepped(model, step);
}
