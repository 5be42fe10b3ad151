//! The history page: everything sent from this machine, read from the ledger in pages around the visible rows.
//!
//! Only some pages are loaded at a time, so that the cost does not depend on the length of the ledger. Pages far from
//! the visible rows are dropped, and read again when the user returns to them.

use crate::app::list::{List, Step};
use crate::app::table::{Arrangements, HISTORY, Sort, Table};
use crate::domain::record::{Counts, Order, PageFrom, Query, Record, RecordPage};
use crate::domain::submission::SubmissionId;
use crate::engine::row::RowKey;

/// The number of rows per read.
pub const PAGE: usize = 200;
/// The maximum number of rows kept in memory.
pub const HELD: usize = 800;
/// The distance from the end of the loaded rows at which the next page is read: a screenful before it becomes visible.
const NEAR: usize = 100;

/// The state of the history page.
#[derive(Debug, Default)]
pub struct History {
    /// The loaded rows.
    pub list: List<RowKey>,
    records: Vec<Record>,
    /// The number of rows above the loaded ones.
    pub above: usize,
    /// Whether there are rows below the loaded ones.
    pub(in crate::app) below: bool,
    /// The numbers of all records and of those that match the filter.
    pub counts: Counts,
    /// The query in progress.
    pub(in crate::app) asked: Option<Query>,
    /// The page to read next, after the one being read.
    pub(in crate::app) next: Option<PageFrom>,
    /// The step by which to move the selection once the page is loaded.
    pub(in crate::app) jump: Option<Step>,
    /// The number of additions to this month's usage at the time of the query.
    pub(in crate::app) uses: u64,
    /// Whether anything has been read yet.
    pub read: bool,
    /// Why the last read failed.
    pub failure: Option<String>,
}

impl History {
    /// Returns the loaded records, in order.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Returns the selected record.
    #[must_use]
    pub fn selected(&self) -> Option<&Record> {
        self.records.get(self.list.selected())
    }

    /// Returns whether a page is being read.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.asked.is_some()
    }

    /// Updates the note of a submission.
    pub(crate) fn noted(&mut self, id: &SubmissionId, note: Option<&String>) {
        for record in self.records.iter_mut().filter(|record| record.id == *id) {
            record.note = note.cloned();
        }
    }

    pub(in crate::app) fn query(&self, sort: Option<Sort>, from: PageFrom) -> Query {
        let (order, reversed) = ordered(sort);
        Query {
            filter: self.list.view.filter.value().trim().to_owned(),
            order,
            reversed,
            from,
            limit: PAGE,
        }
    }

    /// Returns the query for everything that matches the filter, in display order.
    #[must_use]
    pub fn shown(&self, arrangements: &Arrangements) -> Query {
        self.query(arrangements.of(Table::History).sort, PageFrom::Start)
    }

    pub(in crate::app) fn take(&mut self, from: &PageFrom, page: RecordPage) {
        let came = page.records.len();
        self.counts = page.counts;
        match from {
            PageFrom::Start => {
                (self.above, self.below) = (0, page.more);
                self.records = page.records;
            }
            PageFrom::End => {
                (self.above, self.below) = (page.counts.found.saturating_sub(came), false);
                self.records = page.records;
            }
            PageFrom::After(_) => {
                self.below = page.more;
                self.records.extend(page.records);
                let far = self.records.len().saturating_sub(HELD);
                self.records.drain(..far);
                self.above += far;
            }
            PageFrom::Before(_) => {
                self.above = if page.more { self.above.saturating_sub(came) } else { 0 };
                self.records.splice(0..0, page.records);
                self.below |= self.records.len() > HELD;
                self.records.truncate(HELD);
            }
        }
        let keys: Vec<RowKey> = self
            .records
            .iter()
            .map(|record| RowKey::Submission(record.id.clone()))
            .collect();
        // If the selected row no longer exists, select the first row rather than the one that now has the same index.
        let gone = self.list.selected_key().is_some_and(|key| !keys.contains(key));
        self.list.show(keys, self.counts.total);
        if let Some(step) = self.jump.take().or(gone.then_some(Step::Top)) {
            self.list.step(step);
        }
    }

    /// Returns the page to read next, if the selection is near an end of the loaded rows.
    pub(in crate::app) fn missing(&self) -> Option<PageFrom> {
        let selected = self.list.selected();
        if self.below && selected + NEAR >= self.records.len() {
            return self.records.last().map(|last| PageFrom::After(last.cursor.clone()));
        }
        let first = self.records.first().filter(|_| self.above > 0 && selected < NEAR);
        first.map(|first| PageFrom::Before(first.cursor.clone()))
    }
}

/// Returns the ledger's sort order, and whether it is reversed.
fn ordered(sort: Option<Sort>) -> (Order, bool) {
    let Some(sort) = sort else {
        return (Order::default(), false);
    };
    let column = HISTORY.get(sort.column);
    let order = match column.map_or("", |column| column.name) {
        "Target" => Order::Target,
        "Result" => Order::Result,
        "Max. cost" => Order::Price,
        _ => Order::Newest,
    };
    let first = column.and_then(|column| column.sorts);
    (order, first.is_some_and(|first| first != sort.direction))
}
