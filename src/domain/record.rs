//! The history: what was ever confirmed, a row for each submission, in pages.
//!
//! A page begins at a cursor, which names a row by what the rows are ordered by and not by its number from the top, so
//! that a page costs the same wherever it lies and rows that come or go meanwhile move nothing.

use chrono::{DateTime, Utc};

use super::distribution::Target;
use super::price::{Money, at_most};
use super::submission::{Scope, State, Submission, SubmissionId};

/// The columns of the history, by which it is filtered, too.
pub const COLUMNS: [&str; 8] = [
    "Result",
    "Confirmed",
    "Target",
    "Items",
    "At most",
    "Note",
    "Id",
    "Account",
];

/// The sort order of the history; equal rows are sorted newest first, and the other way round where it is reversed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// By what the target was called.
    Target,
    /// By the word of the state.
    Result,
    /// The dearest first.
    Price,
}

/// A row's place in every order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Its number in the ledger, which grows with time.
    pub number: i64,
    /// What the target was called.
    pub label: String,
    /// The word of the state, as the ledger holds it.
    pub word: String,
    /// How many items it has.
    pub items: usize,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageFrom {
    /// At the first row.
    Start,
    /// So that it ends with the last row.
    End,
    /// Below this row.
    After(Cursor),
    /// Above this row: the page ends there.
    Before(Cursor),
}

/// Which rows are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// What a row must satisfy, as [`super::filter::Filter`] reads it.
    pub filter: String,
    /// In which order.
    pub order: Order,
    /// The other way round.
    pub reversed: bool,
    /// Where the page begins.
    pub from: PageFrom,
    /// Rows at most.
    pub limit: usize,
}

/// A submission as a row of the history: what a line needs and no more, since there may be thousands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its place.
    pub cursor: Cursor,
    /// Which submission it is.
    pub id: SubmissionId,
    /// Whose it is.
    pub scope: Scope,
    /// What it was aimed at.
    pub target: Target,
    /// Its first items, as many as a line may show.
    pub head: Vec<String>,
    /// When it was confirmed.
    pub created: DateTime<Utc>,
    /// Where it stands; `None`: what the ledger holds cannot be understood.
    pub state: Option<State>,
    /// Whether CloudFront may have acted on an attempt whose answer nobody saw.
    pub maybe_sent: bool,
    /// Why it was made.
    pub note: Option<String>,
}

impl Record {
    /// The most that it can have cost; nothing for one that never reached CloudFront.
    #[must_use]
    pub fn price(&self) -> Option<Money> {
        let billed = self
            .state
            .as_ref()
            .is_some_and(|state| may_be_billed(state, self.maybe_sent));
        billed.then(|| at_most(self.cursor.items))
    }
}

/// The most that a submission can have cost; nothing for one that never reached CloudFront.
#[must_use]
pub fn price(submission: &Submission) -> Option<Money> {
    let billed = may_be_billed(&submission.state, submission.maybe_sent);
    billed.then(|| at_most(submission.batch.items().len()))
}

/// An answer that is lost may have been "yes".
fn may_be_billed(state: &State, maybe_sent: bool) -> bool {
    maybe_sent
        || state.accepted().is_some()
        || matches!(
            state,
            State::Sending | State::Unknown { .. } | State::Reconciling { .. }
        )
}

/// How many rows there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In all.
    pub total: usize,
    /// That the filter shows.
    pub found: usize,
}

/// A page of the history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordPage {
    /// Its rows, in their order.
    pub records: Vec<Record>,
    /// Whether there are more in the direction in which the page was read.
    pub more: bool,
    /// How many rows there are.
    pub counts: Counts,
    /// Billable items that were accepted this month, by whom they were made for.
    pub used_this_month: Vec<(Scope, u64)>,
}

/// A row of the history, whole, with its place.
pub type Whole = (Cursor, Submission);
