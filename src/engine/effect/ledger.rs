//! Operations on the ledger, and its replies.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::batch::{CallerReference, Learned};
use crate::domain::distribution::Target;
use crate::domain::draft::{DraftConflict, DraftWrite, KeptDraft};
use crate::domain::invalidation::Invalidation;
use crate::domain::kept_list::KeptList;
use crate::domain::month::{Count, MonthKey, MonthWrite};
use crate::domain::record::{Cursor, Query, RecordPage, Whole};
use crate::domain::submission::{Scope, Submission, SubmissionId};
use crate::domain::trail::{self, TrailKey};

/// An operation on the ledger. Each is one transaction, and the reply is sent once it is durable.
#[derive(Clone, Debug, PartialEq)]
pub enum LedgerOperation {
    /// Read what is needed at startup, and claim every unfinished submission that no running process has claimed.
    Open,
    /// Write the submissions of a job, all or none, before the first byte of any of them is sent.
    Plan(Vec<Submission>),
    /// Delete planned submissions that may or may not have been written, none of which was ever sent.
    Forget(Vec<SubmissionId>),
    /// Return the submissions with these references, and claim those that no running process has claimed.
    TakeUp(Vec<(Target, CallerReference)>),
    /// Carry out all of these operations, or none of them.
    Together(Vec<LedgerOperation>),
    /// Replace a submission with smaller ones for the same items, all or none. The old one and the new ones must never
    /// be active at the same time.
    Divide {
        /// The submission that is replaced, in its final state.
        whole: Box<Submission>,
        /// The submissions that replace it.
        into: Vec<Submission>,
    },
    /// Write a submission's current state, attempts and request ID. This also happens before each attempt.
    Progress(Box<Submission>),
    /// Store or delete the text being composed for some targets.
    Draft(DraftWrite),
    /// Mark a distribution as a favorite, or remove the mark.
    Favorite {
        /// The distribution.
        target: Target,
        /// Whether the distribution is a favorite now.
        on: bool,
    },
    /// Read when each attempt of a submission was sent and what its outcome was.
    Attempts(SubmissionId),
    /// Read what other processes have written since the last call, or since startup. If nothing has changed, the
    /// reply is empty, and the operation costs almost nothing. Unfinished submissions that match the claim and that no
    /// process has claimed are claimed first; `None` means none are.
    Changes(Option<Claim>),
    /// Store the largest batch sizes that work for an account, replacing the previous value.
    BatchSizes(Learned),
    /// Read a page of the history.
    History(Query),
    /// Read one submission with all its details.
    Submission(SubmissionId),
    /// Read a page of the history with every item; records that cannot be parsed are skipped.
    Whole(Query),
    /// Store the note on a submission, replacing the previous one.
    Note {
        /// The submission.
        submission: SubmissionId,
        /// The new text; `None` deletes the old one.
        note: Option<String>,
    },
    /// Delete some submissions that ended before this time. Those that belong to an unfinished job are kept, and so are
    /// those that count toward the current month.
    Prune(DateTime<Utc>),
    /// Store an invalidation's details, which remain valid because its items never change.
    Remember {
        /// The target.
        target: Target,
        /// The invalidation.
        invalidation: Invalidation,
    },
    /// Read the list of distributions that this profile last loaded from this endpoint.
    List(Scope),
    /// Read the lists of distributions that all profiles last loaded from this endpoint.
    KeptLists(String),
    /// Read the count for a month.
    Month(MonthKey),
    /// Store the results of one step of counting a month.
    KeepMonth(MonthKey, Vec<MonthWrite>),
    /// Read who created an invalidation.
    Maker(TrailKey),
    /// Store permanently who created an invalidation.
    KeepMaker(TrailKey, Box<trail::Event>),
    /// Store a value that a page needs at the next start.
    Setting {
        /// The name.
        name: String,
        /// The value, in the page's own format.
        value: String,
    },
    /// Store the whole list of distributions, replacing the one that this profile stored before.
    KeepList(Box<KeptList>),
}

/// The endpoint and profile for which a process resumes unfinished submissions. Submissions of other profiles are left
/// to windows that use those profiles.
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
    /// The attempt's number, starting from 1.
    pub number: u32,
    /// When the attempt was sent; unknown if the ledger was edited manually.
    pub sent: Option<DateTime<Utc>>,
    /// When the outcome became known.
    pub answered: Option<DateTime<Utc>>,
    /// The outcome in words.
    pub answer: Option<String>,
}

/// The maximum number of submissions deleted per operation. Deleting is not urgent and blocks all other operations.
pub const PRUNED_AT_ONCE: usize = 100;

/// The contents that the ledger returned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LedgerContents {
    /// The unfinished submissions that this process has claimed.
    pub unfinished: Vec<Submission>,
    /// The unfinished submissions that this process has not claimed.
    pub elsewhere: Vec<Submission>,
    /// The ids of the unfinished submissions that no running process has claimed.
    pub left: Vec<SubmissionId>,
    /// Whether another running process shares the ledger.
    pub shared: bool,
    /// The most recently ended submissions, newest first, at most 500. For [`LedgerOperation::Changes`]: those that
    /// have ended since the last call.
    pub finished: Vec<Submission>,
    /// The durations of older submissions, by endpoint and target.
    pub taken: Vec<(String, Target, Vec<TimeDelta>)>,
    /// The drafts.
    pub drafts: Vec<KeptDraft>,
    /// For [`LedgerOperation::Draft`], alone or together with others: the conflicts with changes by another window.
    pub conflicts: Vec<DraftConflict>,
    /// The favorite targets.
    pub favorites: Vec<Target>,
    /// The stored details of invalidations, the newest 500.
    pub remembered: Vec<(Target, Invalidation)>,
    /// The billable items accepted since the start of the month according to this ledger, by scope.
    pub used_this_month: Vec<(Scope, u64)>,
    /// The batch sizes of accounts where larger batches were refused recently.
    pub batch_sizes: Vec<Learned>,
    /// For [`LedgerOperation::Attempts`]: the attempts.
    pub attempts: Vec<Attempt>,
    /// The values that pages stored with [`LedgerOperation::Setting`].
    pub settings: Vec<(String, String)>,
    /// For [`LedgerOperation::List`]: the stored list of distributions.
    pub list: Option<KeptList>,
    /// For [`LedgerOperation::KeptLists`]: the stored lists of distributions.
    pub lists: Vec<KeptList>,
    /// For [`LedgerOperation::Maker`]: the event that shows who made the invalidation.
    pub maker: Option<Box<trail::Event>>,
    /// For [`LedgerOperation::Month`]: the count.
    pub month: Option<Box<Count>>,
    /// For [`LedgerOperation::History`]: the page of records.
    pub page: Option<RecordPage>,
    /// For [`LedgerOperation::Submission`] and [`LedgerOperation::Whole`]: the full submissions.
    pub whole: Vec<Whole>,
    /// For [`LedgerOperation::Whole`]: the start of the next page, if there is one.
    pub next: Option<Cursor>,
    /// For [`LedgerOperation::Prune`]: the number of deleted submissions; [`PRUNED_AT_ONCE`] if there may be more.
    pub pruned: usize,
    /// A sentence about a problem that was repaired, e.g. a damaged file that was moved aside.
    pub warning: Option<String>,
}
