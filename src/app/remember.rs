//! Saves the view for the next start: the arrangement of the tables, their filters, and the page.

use crate::app::overlay::import::kind::ImportMemory;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::app::act::{history, navigation};
use crate::app::model::Model;
use crate::app::remembered::{Page, SavedView};
use crate::app::screen::Screen;
use crate::app::table::{Arrangement, Arrangements, Direction, Sort, Table};
use crate::engine::effect::LedgerOperation;
use crate::engine::pending::LedgerRequest;

/// A saved table. Columns are stored by name, so that later versions can insert columns.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct SavedTable {
    sort: Option<String>,
    descending: bool,
    hidden: Vec<String>,
    shown: Vec<String>,
    filter: String,
}

const PAGE: &str = "page";
const IMPORT: &str = "import";

/// Writes what has changed since the last write or read. A filter that is still being typed is not written.
pub(super) fn follow(model: &mut Model) {
    if !model.engine.ledger.is_open() || model.screen().is_filtering() {
        return;
    }
    let (page, filters) = (page(model), filters(model));
    let imports = model.imports.to_keep();
    let known = model.remembered.arrangements == model.arrangements
        && model.remembered.page == page
        && model.remembered.imports == imports
        && filters
            .iter()
            .zip(&model.remembered.filters)
            .all(|(new, old)| new.is_none_or(|new| new == old));
    if known {
        return;
    }
    let old = model.remembered.clone();
    let mut now = SavedView {
        arrangements: model.arrangements.clone(),
        filters: old.filters.clone(),
        page,
        imports,
        begun: old.begun,
    };
    for (kept, new) in now.filters.iter_mut().zip(filters) {
        if let Some(new) = new {
            new.clone_into(kept);
        }
    }
    for table in Table::ALL {
        let (before, after) = (kept(&old, table), kept(&now, table));
        if before != after {
            write(model, table.name(), &after);
        }
    }
    if old.page != now.page {
        write(model, PAGE, &now.page);
    }
    if old.imports != now.imports {
        write(model, IMPORT, &now.imports);
    }
    model.remembered = now;
}

fn write(model: &mut Model, name: &str, value: &impl Serialize) {
    let Ok(value) = serde_json::to_string(value) else {
        return;
    };
    model.engine.ask_ledger(
        LedgerRequest::Keep,
        LedgerOperation::Setting {
            name: name.to_owned(),
            value,
        },
    );
}

fn page(model: &Model) -> Page {
    match model.screens.get(1) {
        Some(Screen::Invalidations(page)) if page.target.is_none() => Page::Invalidations,
        Some(Screen::History(_)) => Page::History,
        _ => Page::Distributions,
    }
}

/// Returns the filters of the distributions and history pages, if they are open.
fn filters(model: &Model) -> [Option<&str>; 2] {
    let of = |wanted: Table| {
        let pages = model.screens.iter();
        let mut found = pages.filter(|page| page.table() == Some(wanted));
        found.find_map(|page| page.view().map(|view| view.filter.value()))
    };
    [of(Table::Distributions), of(Table::History)]
}

fn kept(remembered: &SavedView, table: Table) -> SavedTable {
    let arrangement = remembered.arrangements.of(table);
    let first = Arrangements::default();
    let name = |column: usize| table.columns().get(column).map_or("", |column| column.name).to_owned();
    let changed = |now: bool| {
        let optional = table.optional();
        optional.filter(move |column| arrangement.shows(*column) == now)
    };
    let differs = |column: &usize| first.of(table).shows(*column) != arrangement.shows(*column);
    SavedTable {
        sort: arrangement.sort.map(|sort| name(sort.column)),
        descending: arrangement
            .sort
            .is_some_and(|sort| sort.direction == Direction::Descending),
        hidden: changed(false).filter(differs).map(name).collect(),
        shown: changed(true).filter(differs).map(name).collect(),
        filter: match table {
            Table::Distributions => remembered.filters[0].clone(),
            Table::History => remembered.filters[1].clone(),
            _ => String::new(),
        },
    }
}

/// Restores the view that an earlier run saved, except for anything the user has changed since it was last read or
/// written. A ledger that opens late, or again, must not undo the user's changes.
pub(super) fn read(model: &mut Model, settings: &BTreeMap<String, String>) {
    let parsed = |table: Table| {
        let value = settings.get(table.name())?;
        serde_json::from_str::<SavedTable>(value).ok()
    };
    for table in Table::ALL {
        if let Some(saved) = parsed(table) {
            take(model, table, saved);
        }
    }
    let page = settings
        .get(PAGE)
        .and_then(|page| serde_json::from_str(page).ok())
        .unwrap_or_default();
    model.remembered.page = page;
    let imports = settings.get(IMPORT);
    if let Some(imports) = imports.and_then(|imports| serde_json::from_str::<ImportMemory>(imports).ok()) {
        model.imports.take_up(imports);
        model.remembered.imports = model.imports.to_keep();
    }
    model.engine.rows_changed();
    open_page(model, page);
}

fn take(model: &mut Model, table: Table, saved: SavedTable) {
    let untouched = model.arrangements.of(table) == model.remembered.arrangements.of(table);
    let known = model.remembered.arrangements.of_mut(table);
    *known = Arrangements::default().of(table).clone();
    arrange(known, table, &saved);
    if untouched {
        *model.arrangements.of_mut(table) = known.clone();
    }
    match table {
        Table::Distributions => take_filter(model, table, 0, saved.filter),
        Table::History => take_filter(model, table, 1, saved.filter),
        _ => {}
    }
}

fn take_filter(model: &mut Model, table: Table, number: usize, saved: String) {
    let known = std::mem::replace(&mut model.remembered.filters[number], saved.clone());
    let mut pages = model.screens.iter_mut().filter(|page| page.table() == Some(table));
    if let Some(view) = pages.find_map(Screen::view_mut)
        && !view.filtering
        && view.filter.value() == known
    {
        view.filter = saved.into();
    }
}

/// Opens the stored page, unless the user has started working, another window is already open, or the page would be
/// blank.
fn open_page(model: &mut Model, page: Page) {
    let begun = model.remembered.begun || model.screens.len() > 1 || model.wanted.is_some();
    if begun || !model.overlays.is_empty() || model.engine.queue.shared {
        return;
    }
    match page {
        Page::Invalidations if model.engine.queue.all().next().is_some() => navigation::open_invalidations(model, None),
        Page::History => history::open(model),
        Page::Invalidations | Page::Distributions => {}
    }
}

fn arrange(arrangement: &mut Arrangement, table: Table, saved: &SavedTable) {
    let place = |name: &String| table.columns().iter().position(|column| column.name == name);
    for (names, seen) in [(&saved.hidden, false), (&saved.shown, true)] {
        for column in names.iter().filter_map(place) {
            if table.optional().any(|optional| optional == column) && arrangement.shows(column) != seen {
                arrangement.toggle(column);
            }
        }
    }
    let direction = if saved.descending {
        Direction::Descending
    } else {
        Direction::Ascending
    };
    let sortable = |column: &usize| table.has(*column) && table.columns()[*column].sorts.is_some();
    let column = saved.sort.as_ref().and_then(place).filter(sortable);
    arrangement.sort = match (column, &saved.sort) {
        (Some(column), _) => Some(Sort { column, direction }),
        (None, _) => table.first_sort(),
    };
}
