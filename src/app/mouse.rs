//! Handles clicks and the mouse wheel. A click has the same effect as a key: it moves the selection or presses a
//! displayed key.

use crate::app::pointer::Selected;
use crate::app::selection::{selected_row, selected_target};
use chrono::TimeDelta;

use crate::app::act::composer::typing;
use crate::app::act::import::taking;
use crate::app::act::rows::step;
use crate::app::act::{overlay, table};
use crate::app::action::Action;
use crate::app::input::{on_key, perform};
use crate::app::list::Step;
use crate::app::model::Model;
use crate::app::overlay::Overlay;
use crate::app::pointer::{Clicked, Hit, Place};
use crate::app::screen::Screen;
use crate::app::scroll::Scroll;

/// The number of lines scrolled per step of the wheel.
const TURN: isize = 3;

/// The maximum time between the clicks of a double click. The second click is not meant for whatever the first one
/// opened.
const DOUBLE: TimeDelta = TimeDelta::milliseconds(500);

fn place_of_click(model: &Model) -> Place {
    let top = model.overlays.len().checked_sub(1);
    let overlay = top.map(|place| model.overlays.serial(place));
    (model.screens.len(), model.screen().name(), overlay)
}

fn selected(model: &Model) -> Selected {
    (selected_target(model), selected_row(model).cloned())
}

/// Handles a click. The second click of a double click is ignored if the first one opened something.
pub(in crate::app) fn on_click(model: &mut Model, hit: Option<Hit>) {
    if !model.mouse {
        return;
    }
    model.engine.key_pressed();
    model.remembered.begin();
    let (place, at) = (place_of_click(model), model.engine.now);
    let before = model.clicked.take();
    if let Some(before) = &before
        && before.place != place
        && at - before.at < DOUBLE
    {
        model.clicked = before.clone().into();
        return;
    }
    let again = before.is_some_and(|before| (before.hit, before.place, before.row) == (hit, place, selected(model)));
    clicked_on(model, hit, again);
    let row = if again { Selected::default() } else { selected(model) };
    model.clicked = Some(Clicked { hit, place, row, at });
}

fn clicked_on(model: &mut Model, hit: Option<Hit>, again: bool) {
    match hit {
        Some(Hit::Row(place)) => on_row(model, place, again),
        Some(Hit::Heading(column)) => table::sort_by(model, column),
        Some(Hit::Choice(place)) => on_choice(model, place, again),
        Some(Hit::Cell { row, column }) => on_cell(model, (row, column), again),
        Some(Hit::Hint(key)) => on_key(model, key),
        Some(Hit::Text { line, column }) => typing::place(model, line, column),
        None => {}
    }
}

/// Handles a click on a row: the first click selects it, the second one opens it.
fn on_row(model: &mut Model, place: usize, again: bool) {
    let Some(selected) = model.screen().selected() else {
        return;
    };
    if let Some(view) = model.screen_mut().view_mut() {
        view.filtering = false;
        model.engine.touch();
    }
    if again && selected == place {
        perform(model, opens(model.screen()));
    } else {
        step(model, Step::By(difference(place, selected)));
    }
}

/// Returns the action that opens a row of the page.
fn opens(screen: &Screen) -> Action {
    match screen {
        Screen::Distributions(_) | Screen::Tenants(_) => Action::OpenInvalidations,
        Screen::Invalidations(_) | Screen::History(_) | Screen::Details(_) | Screen::Composer(_) => Action::OpenDetails,
    }
}

fn difference(to: usize, from: usize) -> isize {
    let (to, from) = (isize::try_from(to), isize::try_from(from));
    to.unwrap_or(isize::MAX).saturating_sub(from.unwrap_or(isize::MAX))
}

/// Handles a click on a choice: the first click selects it, the second one chooses it if the overlay allows that.
fn on_choice(model: &mut Model, place: usize, again: bool) {
    let last = overlay::lines(model).saturating_sub(1);
    let Some(selected) = overlay::selected(model) else {
        return;
    };
    if again && *selected == place {
        return choose(model);
    }
    *selected = place.min(last);
    model.engine.touch();
    taking::moved(model);
}

fn choose(model: &mut Model) {
    if hears(model, Action::Choose) {
        perform(model, Action::Choose);
    }
}

fn on_cell(model: &mut Model, cell: (usize, usize), again: bool) {
    let Some(Overlay::Matrix(matrix)) = model.overlays.last_mut() else {
        return;
    };
    if again && (matrix.row, matrix.column) == cell {
        return choose(model);
    }
    (matrix.row, matrix.column) = cell;
    model.engine.touch();
}

/// Returns whether the top overlay accepts an action.
fn hears(model: &Model, action: Action) -> bool {
    let top = model.overlays.last();
    top.is_some_and(|overlay| overlay.keys().rows().any(|(heard, _)| heard == action))
}

/// Handles the wheel turning down by this many steps (negative means up). Scrolls regardless of where the pointer is.
pub(in crate::app) fn on_wheel(model: &mut Model, turns: isize) {
    if !model.mouse {
        return;
    }
    model.remembered.begin();
    let lines = turns.saturating_mul(TURN);
    if !model.overlays.is_empty() {
        if hears(model, Action::Down) {
            overlay::move_by(model, lines, Scroll::Lines(lines));
        }
        return;
    }
    match model.screen() {
        Screen::Details(_) => model.scroll(Scroll::Lines(lines)),
        Screen::Composer(_) => typing::turn(model, lines),
        _ => {
            model.screen_mut().turn(lines);
            step(model, Step::By(lines));
        }
    }
}
