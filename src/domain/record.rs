//! The history: one record for each submission ever confirmed, read in pages.
//!
//! A page starts at a cursor, which identifies a record by its sort keys and not by its distance from the top. A page
//! therefore costs the same wherever it is, and records that are added or removed in the meantime do not shift
//! the rest.

use chrono::{DateTime, Utc};

use super::distribution::Target;
use super::price::{Money, at_most};
use super::submission::{Scope, State, Submission, SubmissionId};

/// The columns of the history, which filters can name.
pub const COLUMNS: [&str; 8] = [
    "Result",
    "Confirmed",
    "Target",
    "Items",
    "Max. cost",
    "Note",
    "Id",
    "Account",
];

/// The sort order of the history; ties are sorted newest first, or oldest first when reversed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Newest first.
    #[default]
    Newest,
    /// By target label.
    Target,
    /// By status.
    Result,
    /// Most expensive first.
    Price,
}

/// A record's position in every sort order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The record's number in the ledger, which grows with time.
    pub number: i64,
    /// The target's label.
    pub label: String,
    /// The state word as stored in the ledger.
    pub word: String,
    /// The number of items.
    pub items: usize,
}

/// The position at which a page starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageFrom {
    /// The first record.
    Start,
    /// The end, so that the page ends with the last record.
    End,
    /// Directly after this record.
    After(Cursor),
    /// Directly before this record, so that the page ends there.
    Before(Cursor),
}

/// A request for a page of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The filter text, as [`super::filter::Filter`] parses it.
    pub filter: String,
    /// The sort order.
    pub order: Order,
    /// Whether the order is reversed.
    pub reversed: bool,
    /// The position at which the page starts.
    pub from: PageFrom,
    /// The maximum number of records.
    pub limit: usize,
}

/// A submission as a row of the history. It contains only what a row needs, because there may be thousands of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The record's position in every sort order.
    pub cursor: Cursor,
    /// The submission's id.
    pub id: SubmissionId,
    /// The account, endpoint and profile that the submission was created with.
    pub scope: Scope,
    /// The target.
    pub target: Target,
    /// The first items, as many as a row can show.
    pub head: Vec<String>,
    /// When the user confirmed the submission.
    pub created: DateTime<Utc>,
    /// The state; `None` if the stored state cannot be parsed.
    pub state: Option<State>,
    /// Whether CloudFront may have acted on an attempt whose response was lost.
    pub maybe_sent: bool,
    /// The user's note.
    pub note: Option<String>,
}

impl Record {
    /// Returns the most that the submission may have cost, or `None` if it cannot have cost anything.
    #[must_use]
    pub fn price(&self) -> Option<Money> {
        let billed = self
            .state
            .as_ref()
            .is_some_and(|state| may_be_billed(state, self.maybe_sent));
        billed.then(|| at_most(self.cursor.items))
    }
}

/// Returns the most that a submission may have cost, or `None` if it cannot have cost anything.
#[must_use]
pub fn price(submission: &Submission) -> Option<Money> {
    let billed = may_be_billed(&submission.state, submission.maybe_sent);
    billed.then(|| at_most(submission.batch.items().len()))
}

/// Returns whether a submission may be billed. This includes lost responses, which may have been successes.
fn may_be_billed(state: &State, maybe_sent: bool) -> bool {
    maybe_sent
        || state.accepted().is_some()
        || matches!(
            state,
            State::Sending | State::Unknown { .. } | State::Reconciling { .. }
        )
}

/// The total number of records, and the number that match the filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The total number of records.
    pub total: usize,
    /// The number of records that match the filter.
    pub found: usize,
}

/// A page of the history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordPage {
    /// The records, in order.
    pub records: Vec<Record>,
    /// Whether there are more records in the direction of reading.
    pub more: bool,
    /// The total number of records, and the number that match the filter.
    pub counts: Counts,
    /// The billable items accepted this month, by scope.
    pub used_this_month: Vec<(Scope, u64)>,
}

/// A complete submission from the history, with its position.
pub type Whole = (Cursor, Submission);
