//! Actions on a table: sorting and marking.

use crate::app::act::columns;
use crate::app::act::rows::{filtered, step};
use crate::app::action::Action;
use crate::app::list::Step;
use crate::app::model::Model;
use crate::app::overlay::columns::ColumnChooser;
use crate::app::screen::Screen;
use crate::app::selection::{selected_row, selected_target};
use crate::app::table::Table;
use crate::domain::distribution::Target;
use crate::domain::text::count;
use crate::engine::notices::Level;

/// Carries out an action on a table.
pub(in crate::app) fn act(model: &mut Model, action: Action) {
    match action {
        Action::Sort | Action::SortReverse => sort(model, action),
        Action::Columns => columns::open(model),
        Action::MarkAll => mark_all(model),
        _ => mark(model),
    }
}

/// Sorts by the next column, or reverses the order.
fn sort(model: &mut Model, action: Action) {
    let Some(table) = model.screen().table() else { return };
    let arrangement = model.arrangements.of_mut(table);
    if action == Action::Sort {
        arrangement.next_sort(table);
    } else if !arrangement.reverse() {
        let key = model.keymap.spoken(Action::Sort);
        return model.engine.say(
            Level::Info,
            format!("unsorted (original order); press {key} to sort by a column"),
        );
    }
    sorted(model, table);
}

/// Sorts by the column whose heading was clicked; a second click reverses the order.
pub(in crate::app) fn sort_by(model: &mut Model, column: usize) {
    let Some(table) = model.screen().table() else { return };
    if !model.arrangements.of_mut(table).sort_by(table, column) {
        return model.engine.say(Level::Info, "cannot sort by this column");
    }
    sorted(model, table);
}

fn sorted(model: &mut Model, table: Table) {
    let sort = model.arrangements.of(table).sort;
    filtered(model);
    let column = sort.and_then(|sort| table.columns().get(sort.column).zip(Some(sort.direction)));
    let said = column.map_or_else(
        || "unsorted (original order)".to_owned(),
        |(column, direction)| format!("sorted by {}, {}", column.name, direction.name()),
    );
    model.engine.say(Level::Info, said);
}

/// Marks or unmarks the selected target, so that several can be invalidated together, or the selected row, so that two
/// can be compared.
fn mark(model: &mut Model) {
    if model.overlays.top::<ColumnChooser>().is_some() {
        return columns::toggle(model);
    }
    match model.screen() {
        Screen::Invalidations(_) | Screen::History(_) => {
            let Some(row) = selected_row(model).cloned() else {
                return;
            };
            if !model.marked_rows.remove(&row) {
                model.marked_rows.insert(row);
            }
        }
        Screen::Distributions(_) | Screen::Tenants(_) | Screen::Details(_) | Screen::Composer(_) => {
            let Some(target) = selected_target(model) else { return };
            if !model.marked.remove(&target) {
                model.marked.insert(target);
            }
        }
    }
    step(model, Step::By(1));
    model.engine.touch();
}

/// Marks every target that the filter shows, or unmarks them all if they are all marked.
fn mark_all(model: &mut Model) {
    let shown: Vec<Target> = match model.screen() {
        Screen::Distributions(screen) => screen.list.rows().iter().cloned().map(Target::Distribution).collect(),
        Screen::Tenants(screen) => screen.list.rows().iter().cloned().map(Target::Tenant).collect(),
        Screen::Invalidations(_) | Screen::History(_) | Screen::Details(_) | Screen::Composer(_) => return,
    };
    if shown.is_empty() {
        return model.engine.say(Level::Info, "no rows to mark");
    }
    let all = shown.iter().all(|target| model.marked.contains(target));
    let number = count(shown.len(), "target");
    if all {
        for target in &shown {
            model.marked.remove(target);
        }
    } else {
        model.marked.extend(shown);
    }
    let said = if all { "unmarked" } else { "marked" };
    model.engine.say(Level::Info, format!("{said} {number}"));
}
