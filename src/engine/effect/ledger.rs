//! Operations of the ledger, and what it returns.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::batch::{CallerReference, Learned};
use crate::domain::distribution::Target;
use crate::domain::draft::{DraftConflict, DraftWrite, KeptDraft};
use crate::domain::invalidation::Invalidation;
use crate::domain::kept_list::KeptList;
use crate::domain::month::{Count, MonthKey, MonthWrite};
use crate::domain::record::{Cursor, Query, RecordPage, Whole};
use crate::domain::submission::{Scope, Submission, SubmissionId};

/// An operation of the ledger. Each is one transaction, answered after it is durable.
#[derive(Clone, Debug, PartialEq)]
pub enum LedgerOperation {
    /// Read what a start needs, and claim every unfinished submission that no running process holds.
    Open,
    /// Write the submissions of a job, all or none, before the first byte of any is sent.
    Plan(Vec<Submission>),
    /// Delete planned submissions whose plan may or may not have been written: none was ever sent.
    Forget(Vec<SubmissionId>),
    /// Return the submissions with these references, and claim those that no running process holds.
    TakeUp(Vec<(Target, CallerReference)>),
    /// Carry out all of these operations, or none.
    Together(Vec<LedgerOperation>),
    /// Replace a submission by smaller ones with the same items, all or none: both must never be active.
    Divide {
        /// The submission that ends, in its final state.
        whole: Box<Submission>,
        /// The submissions that replace it.
        into: Vec<Submission>,
    },
    /// Write a submission's current state, attempts and request id. Also written before each attempt.
    Progress(Box<Submission>),
    /// Store or delete the text being composed for some targets.
    Draft(DraftWrite),
    /// Mark a distribution as favorite, or remove the mark.
    Favourite {
        /// The distribution.
        target: Target,
        /// Whether it is a favorite now.
        on: bool,
    },
    /// Read when the attempts of a submission were sent and how they ended.
    Attempts(SubmissionId),
    /// Read what other processes wrote since the last call, or since the start. The reply has no contents if there are
    /// no changes, which costs next to nothing. Unfinished submissions that no process holds are claimed first, if they
    /// match the claim; `None`: none is claimed.
    Changes(Option<Claim>),
    /// Store how large batches may be for an account, replacing the previous value.
    BatchSizes(Learned),
    /// Read a page of the history.
    History(Query),
    /// Read one submission with all its details.
    Submission(SubmissionId),
    /// Read a page of the history with every item; records that cannot be parsed are left out.
    Whole(Query),
    /// Store the note on a submission, replacing the previous one.
    Note {
        /// The submission.
        submission: SubmissionId,
        /// The new text; `None` deletes the old one.
        note: Option<String>,
    },
    /// Delete some submissions that ended before this time. Those that belong to unfinished work stay, and so do those
    /// that count for the current month.
    Prune(DateTime<Utc>),
    /// Store an invalidation's details, because its items never change.
    Remember {
        /// The target.
        target: Target,
        /// The invalidation.
        invalidation: Invalidation,
    },
    /// Read the list of distributions that this profile last saw at this endpoint.
    List(Scope),
    /// Read the count of a month.
    Month(MonthKey),
    /// Store what counting a month has learned.
    KeepMonth(MonthKey, Vec<MonthWrite>),
    /// Store a value that a page needs at the next start.
    Setting {
        /// The name.
        name: String,
        /// The value, in the page's own format.
        value: String,
    },
    /// Store the whole list of distributions, replacing the one that this profile saw before.
    KeepList(Box<KeptList>),
}

/// The endpoint and profile whose unfinished submissions a process resumes: those of another profile are left to a
/// window with that profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The endpoint, as in [`Scope::endpoint`].
    pub endpoint: String,
    /// The profile's name.
    pub profile: String,
}

/// An attempt to send a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The attempt's number, from 1.
    pub number: u32,
    /// When it was sent; unknown if the ledger was edited by hand.
    pub sent: Option<DateTime<Utc>>,
    /// When its outcome was known.
    pub answered: Option<DateTime<Utc>>,
    /// The outcome in words.
    pub answer: Option<String>,
}

/// The number of submissions deleted at once: it is not urgent, and everything else waits meanwhile.
pub const PRUNED_AT_ONCE: usize = 100;

/// The contents that the ledger returned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LedgerContents {
    /// The unfinished submissions that this process has claimed.
    pub unfinished: Vec<Submission>,
    /// The unfinished submissions that this process has not claimed.
    pub elsewhere: Vec<Submission>,
    /// The ids of those that no running process holds.
    pub left: Vec<SubmissionId>,
    /// Whether another running process shares the ledger.
    pub shared: bool,
    /// The submissions that ended most recently, newest first, 500 at most. For [`LedgerOperation::Changes`]: those
    /// that ended since.
    pub finished: Vec<Submission>,
    /// The durations of older submissions, by endpoint and target.
    pub taken: Vec<(String, Target, Vec<TimeDelta>)>,
    /// The drafts.
    pub drafts: Vec<KeptDraft>,
    /// For [`LedgerOperation::Draft`], alone or together with others: the conflicts with another window's changes.
    pub conflicts: Vec<DraftConflict>,
    /// The favorite targets.
    pub favourites: Vec<Target>,
    /// The stored details of invalidations, the newest 500.
    pub remembered: Vec<(Target, Invalidation)>,
    /// The billable items accepted since the start of the month according to this ledger, by scope.
    pub used_this_month: Vec<(Scope, u64)>,
    /// The batch sizes of accounts where larger batches were refused recently.
    pub batch_sizes: Vec<Learned>,
    /// Only for [`LedgerOperation::Attempts`].
    pub attempts: Vec<Attempt>,
    /// The values that pages stored with [`LedgerOperation::Setting`].
    pub settings: Vec<(String, String)>,
    /// Only for [`LedgerOperation::List`].
    pub list: Option<KeptList>,
    /// Only for [`LedgerOperation::Month`].
    pub month: Option<Box<Count>>,
    /// Only for [`LedgerOperation::History`].
    pub page: Option<RecordPage>,
    /// For [`LedgerOperation::Submission`] and [`LedgerOperation::Whole`].
    pub whole: Vec<Whole>,
    /// For [`LedgerOperation::Whole`]: the start of the next page, if there is one.
    pub next: Option<Cursor>,
    /// For [`LedgerOperation::Prune`]: the number of deleted submissions; [`PRUNED_AT_ONCE`] if there may be more.
    pub pruned: usize,
    /// A sentence about a problem that was repaired, e.g. a damaged file that was set aside.
    pub warning: Option<String>,
}
