//! The mouse: what lies where on the screen, as the view drew it last, and what a click or a turn of the wheel does there.
//! A click does what a key does: it moves the selection, or presses a key that is shown.

use chrono::{DateTime, TimeDelta, Utc};

use super::act::{self, layer};
use super::action::Action;
use super::editor::Motion;
use super::key::Key;
use super::keys::{selected_row, selected_target};
use super::list::Step;
use super::model::Model;
use super::overlay::{Overlay, import};
use super::screen::{Screen, composer};
use super::scroll::Scroll;
use super::update::{on_key, perform, step};
use crate::domain::distribution::Target;
use crate::engine::row::RowKey;

/// The lines that one turn of the wheel moves by.
const TURN: isize = 3;

/// Two clicks within this time are one double click: the second one is not for what the first one brought up.
const DOUBLE: TimeDelta = TimeDelta::milliseconds(500);

/// What a click can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A row of the page's table, by its place among the rows that the core holds.
    Row(usize),
    /// The heading of a column of the page's table, by its place in the table.
    Heading(usize),
    /// A line to choose from in the overlay on top.
    Choice(usize),
    /// A cell of a job, target by batch.
    Cell {
        /// The place of the target.
        row: usize,
        /// The place of the batch.
        column: usize,
    },
    /// A key that is shown with what it does.
    Hint(Key),
    /// The text that is composed, at a line and a display column of it.
    Text {
        /// The line, from 0.
        line: usize,
        /// The column, from 0.
        column: usize,
    },
}

/// Cells of the screen, in columns and rows from its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// The first column.
    pub x: u16,
    /// The first row.
    pub y: u16,
    /// How many columns.
    pub width: u16,
    /// How many rows.
    pub height: u16,
}

impl Area {
    fn contains(self, column: u16, row: u16) -> bool {
        (self.x..self.x.saturating_add(self.width)).contains(&column)
            && (self.y..self.y.saturating_add(self.height)).contains(&row)
    }
}

/// What lies where in one frame. What was put later lies above.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits(Vec<(Area, Hit)>);

impl Hits {
    /// Puts something there.
    pub fn put(&mut self, area: Area, hit: Hit) {
        if area.width > 0 && area.height > 0 {
            self.0.push((area, hit));
        }
    }

    /// Everything so far lies under an overlay, and cannot be met any more.
    pub fn cover(&mut self) {
        self.0.clear();
    }

    /// What a click on this cell meets; a text is met at the column of the cell.
    #[must_use]
    pub fn at(&self, column: u16, row: u16) -> Option<Hit> {
        let (area, hit) = self.0.iter().rev().find(|(area, _)| area.contains(column, row))?;
        Some(match *hit {
            Hit::Text { line, column: first } => Hit::Text {
                line,
                column: first.saturating_add(usize::from(column - area.x)),
            },
            other => other,
        })
    }

    /// All areas with what lies there, in the order in which they were put.
    pub fn iter(&self) -> impl Iterator<Item = (Area, Hit)> + '_ {
        self.0.iter().copied()
    }
}

/// A click that was heard.
#[derive(Clone, Debug)]
pub(super) struct Clicked {
    hit: Option<Hit>,
    place: Place,
    /// The row that it selected: another one may be in its place by the next click.
    row: Selected,
    at: DateTime<Utc>,
}

/// What a click is for: how many pages lie on each other, the one on top, and the overlay above it.
type Place = (usize, &'static str, Option<u64>);

fn place_of_click(model: &Model) -> Place {
    let top = model.overlays.len().checked_sub(1);
    let overlay = top.map(|place| model.overlays.serial(place));
    (model.screens.len(), model.screen().name(), overlay)
}

/// The selected row of the page: a target or an invalidation.
type Selected = (Option<Target>, Option<RowKey>);

fn selected(model: &Model) -> Selected {
    (selected_target(model), selected_row(model).cloned())
}

/// A click, and what it met.
pub(super) fn on_click(model: &mut Model, hit: Option<Hit>) {
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
        Some(Hit::Heading(column)) => act::table::sort_by(model, column),
        Some(Hit::Choice(place)) => on_choice(model, place, again),
        Some(Hit::Cell { row, column }) => on_cell(model, (row, column), again),
        Some(Hit::Hint(key)) => on_key(model, key),
        Some(Hit::Text { line, column }) => composer::place(model, line, column),
        None => {}
    }
}

/// The first click selects a row, the second one opens it.
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

/// What opens a row of the page.
fn opens(screen: &Screen) -> Action {
    match screen {
        Screen::Distributions(_) => Action::OpenInvalidations,
        Screen::Tenants(_) => Action::OpenTenant,
        Screen::Invalidations(_) | Screen::History(_) | Screen::Details(_) | Screen::Composer(_) => Action::OpenDetails,
    }
}

fn difference(to: usize, from: usize) -> isize {
    let (to, from) = (isize::try_from(to), isize::try_from(from));
    to.unwrap_or(isize::MAX).saturating_sub(from.unwrap_or(isize::MAX))
}

/// The first click selects a line, the second one chooses it, where the overlay lets choose.
fn on_choice(model: &mut Model, place: usize, again: bool) {
    let Some(overlay) = model.overlays.last() else { return };
    let last = overlay.choices(model).saturating_sub(1);
    let Some(selected) = model.overlays.last_mut().and_then(Overlay::selected_mut) else {
        return;
    };
    if again && *selected == place {
        return choose(model);
    }
    *selected = place.min(last);
    model.engine.touch();
    import::earlier::moved(model);
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

/// Whether the overlay on top hears an action.
fn hears(model: &Model, action: Action) -> bool {
    let keys = model.overlays.last().map_or(&[][..], Overlay::keys);
    keys.iter().any(|(heard, _)| *heard == action)
}

/// The wheel was turned, so often downwards; negative: upwards. What is seen moves, wherever the pointer is.
pub(super) fn on_wheel(model: &mut Model, turns: isize) {
    if !model.mouse {
        return;
    }
    model.remembered.begin();
    let lines = turns.saturating_mul(TURN);
    if !model.overlays.is_empty() {
        if hears(model, Action::OverlayDown) {
            layer::move_overlay(model, lines, Scroll::Lines(lines));
        }
        return;
    }
    match model.screen() {
        Screen::Details(_) => model.scroll(Scroll::Lines(lines)),
        Screen::Composer(_) => composer::turn(model, lines),
        _ => {
            model.screen_mut().turn(lines);
            step(model, Step::By(lines));
        }
    }
}

/// Moves by so many lines in a text.
pub(super) fn motion(lines: isize) -> Motion {
    if lines < 0 {
        Motion::PageUp(lines.unsigned_abs())
    } else {
        Motion::PageDown(lines.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::Code;

    fn area(x: u16, y: u16, width: u16) -> Area {
        Area { x, y, width, height: 1 }
    }

    #[test]
    fn what_lies_above_is_met_and_what_is_covered_is_not() {
        let mut hits = Hits::default();
        hits.put(area(0, 3, 80), Hit::Row(0));
        hits.put(area(5, 3, 10), Hit::Hint(Key::plain(Code::Enter)));
        hits.put(area(0, 4, 0), Hit::Row(1));
        assert_eq!(hits.at(4, 3), Some(Hit::Row(0)));
        assert_eq!(hits.at(5, 3), Some(Hit::Hint(Key::plain(Code::Enter))));
        assert_eq!(hits.at(15, 3), Some(Hit::Row(0)));
        assert_eq!((hits.at(80, 3), hits.at(0, 2), hits.at(0, 4)), (None, None, None));
        hits.cover();
        assert_eq!(hits.at(5, 3), None);
    }

    #[test]
    fn a_text_is_met_at_the_column_of_the_cell() {
        let mut hits = Hits::default();
        hits.put(area(9, 3, 60), Hit::Text { line: 7, column: 20 });
        assert_eq!(hits.at(9, 3), Some(Hit::Text { line: 7, column: 20 }));
        assert_eq!(hits.at(12, 3), Some(Hit::Text { line: 7, column: 23 }));
    }
}
