//! Opens the history page and loads the records around the visible rows.

use crate::app::act::navigation;
use crate::app::list::Step;
use crate::app::model::Model;
use crate::app::resting;
use crate::app::screen::Screen;
use crate::app::screen::history::History;
use crate::app::table::Table;
use crate::domain::record::{PageFrom, Query};
use crate::engine::effect::{LedgerContents, LedgerOperation};
use crate::engine::pending::LedgerRequest;

/// Opens the history page above the distributions and loads the newest records.
pub(in crate::app) fn open(model: &mut Model) {
    navigation::leave(model);
    model.screens.truncate(1);
    model.engine.past.clear();
    model.marked_rows.clear();
    let mut page = Box::<History>::default();
    page.list.view.filter = model.remembered.history_filter().to_owned().into();
    navigation::push(model, Screen::History(page));
    reread(model);
}

/// Reloads from the first row, for example after the page is opened, refreshed, filtered or sorted.
pub(in crate::app) fn reread(model: &mut Model) {
    read(model, PageFrom::Start);
}

/// Handles changes by other windows: reloads if the first row is loaded, because new rows appear at the top.
pub(in crate::app) fn others_wrote(model: &mut Model) {
    if page(model).is_some_and(|page| page.above == 0) {
        reread(model);
    }
}

fn read(model: &mut Model, from: PageFrom) {
    let uses = model.engine.uses;
    let sort = model.arrangements.of(Table::History).sort;
    let Some(page) = page(model) else { return };
    if page.asked.is_some() {
        page.next = Some(from);
        return;
    }
    let query = page.query(sort, from);
    page.asked = Some(query.clone());
    page.uses = uses;
    model
        .engine
        .ask_ledger(LedgerRequest::History(query.clone()), LedgerOperation::History(query));
    model.engine.touch();
}

/// Returns the history page if it is open, even if another page is above it.
fn page(model: &mut Model) -> Option<&mut History> {
    model.screens.iter_mut().find_map(|screen| match screen {
        Screen::History(page) => Some(&mut **page),
        _ => None,
    })
}

/// Adds a loaded page of records to the history page, or shows why it could not be loaded.
pub(in crate::app) fn came(model: &mut Model, query: &Query, result: Result<Option<Box<LedgerContents>>, String>) {
    let uses = model.engine.uses;
    let Some(page) = page(model).filter(|page| page.asked.as_ref() == Some(query)) else {
        return;
    };
    page.asked = None;
    if let Some(from) = page.next.take() {
        return read(model, from);
    }
    match result {
        Ok(contents) => {
            let found = contents.and_then(|contents| contents.page).unwrap_or_default();
            // Items accepted since the request already count in the model, but may be missing from this page.
            let month = (page.uses == uses).then(|| found.used_this_month.clone());
            page.take(&query.from, found);
            page.read = true;
            page.failure = None;
            if let Some(month) = month {
                model.engine.used_this_month = month;
            }
        }
        Err(reason) => page.failure = Some(reason),
    }
    model.engine.touch();
    resting::rest(model);
}

/// Loads more records if the selection is near an end of the loaded rows or would move beyond them.
pub(in crate::app) fn stepped(model: &mut Model, step: Step) {
    let Screen::History(page) = model.screen_mut() else {
        return;
    };
    let wanted = match step {
        Step::Top if page.above > 0 => Some(PageFrom::Start),
        Step::Bottom if page.below => Some(PageFrom::End),
        Step::By(_) | Step::Top | Step::Bottom => {
            // The page that is currently loading may already be the missing one.
            if let Some(from) = page.missing().filter(|_| page.asked.is_none()) {
                read(model, from);
            }
            return;
        }
    };
    if let Some(from) = wanted {
        page.jump = Some(step);
        read(model, from);
    }
}
