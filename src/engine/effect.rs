//! What the core asks of the outside, as plain data: money is spent by an effect, so a test can count and compare them.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::batch::{Batch, CallerReference, Learned};
use crate::domain::distribution::{
    AccountId, Distribution, DistributionConfig, DistributionId, Target, Tenant, TenantId,
};
use crate::domain::draft::{DraftConflict, DraftWrite, KeptDraft};
use crate::domain::edge::{Address, EdgeResponse, Method};
use crate::domain::export::Format;
use crate::domain::failure::Failure;
use crate::domain::import::{Import, Source};
use crate::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page};
use crate::domain::kept_list::KeptList;
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::lint;
use crate::domain::record::{Cursor, Query, RecordPage, Whole};
use crate::domain::saved_list::{ListName, SavedList};
use crate::domain::submission::{Scope, Submission, SubmissionId};
use crate::engine::telling::Protocol;

/// The number of a request; its answer carries the same one. Never reused within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// The number of a timer; its firing carries the same one. Never reused within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimerId(pub u64);

/// A request to the outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Find out who we are: load the profile and its credentials, then name account, endpoint and profile.
    Connect {
        /// Answered once by [`Reply::Connected`].
        request: RequestId,
        /// The profile to use; `None`: the one the settings and the environment name.
        profile: Option<String>,
    },
    /// The same, with the terminal handed over to whatever logs in: a person asked for that and is there to answer.
    LogIn {
        /// Answered once by [`Reply::Connected`].
        request: RequestId,
        /// The profile to log in to; `None`: the one the settings and the environment name.
        profile: Option<String>,
    },
    /// Look whether the files that credentials come from were written since they were last loaded. None of them is read.
    LookForLogin {
        /// Answered once by [`Reply::LookedForLogin`].
        request: RequestId,
    },
    /// Read which profiles there are; a message tells them whenever that is.
    ListProfiles,
    /// Find out which account the credentials belong to, where no ARN told it: no right is needed for that.
    Identify {
        /// Answered once by [`Reply::Identified`], within seconds.
        request: RequestId,
    },
    /// Ask CloudFront.
    CloudFront {
        /// Answered once by [`Reply::CloudFront`].
        request: RequestId,
        /// What to ask.
        call: Call,
    },
    /// Read or write the ledger. Requests are carried out in the order they are made.
    Ledger {
        /// Answered once by [`Reply::Ledger`].
        request: RequestId,
        /// What to do.
        operation: LedgerOperation,
    },
    /// Tell when this much time has passed, by [`crate::app::message::Message::Timer`].
    Timer {
        /// Its number.
        id: TimerId,
        /// How long from now.
        after: Duration,
    },
    /// Forget a timer. One that fired already is ignored by its number.
    CancelTimer(TimerId),
    /// Put text on the clipboard. Answered by [`crate::app::message::Message::Copied`].
    Copy {
        /// The text.
        text: String,
        /// What the person calls it.
        name: String,
    },
    /// Let a person edit the text in `$VISUAL` or `$EDITOR`, with the terminal handed over.
    EditText {
        /// Answered once by [`Reply::Edited`].
        request: RequestId,
        /// The text to begin with.
        text: String,
    },
    /// Fetch a list from elsewhere: a file, git, a server.
    Import {
        /// Answered once by [`Reply::Imported`].
        request: RequestId,
        /// What to fetch.
        source: Source,
        /// What is known of the target: which addresses are its own.
        context: Box<lint::Context>,
    },
    /// Stop an import that nobody waits for. It is answered all the same.
    CancelImport(RequestId),
    /// Read or write the saved lists.
    Lists {
        /// Answered once by [`Reply::Lists`].
        request: RequestId,
        /// What to do.
        operation: ListsOperation,
    },
    /// Write what a query finds into a file, whole or not at all.
    Export {
        /// Answered once by [`Reply::Exported`].
        request: RequestId,
        /// What and where.
        export: Export,
    },
    /// Ask the edge for an address, as a viewer does.
    VisitEdge {
        /// Answered once by [`Reply::Visited`].
        request: RequestId,
        /// What to ask for.
        address: Address,
        /// How.
        method: Method,
    },
    /// Ring, notify and set the title.
    Notify(Announcement),
    /// Run a person's own command, without a shell, with facts in its environment. Nobody waits for it.
    Run {
        /// The program and its arguments.
        command: Vec<String>,
        /// Variables and their values.
        facts: Vec<(&'static str, String)>,
    },
    /// Draw every cell anew: something else has written to the terminal.
    Repaint,
    /// Ask the terminal for reports of the mouse, or for none.
    Mouse(bool),
    /// Stop the program as Ctrl-Z does; the shell brings it back.
    Suspend,
    /// End the program with this exit code.
    Quit(u8),
}

/// A signal outside the frame: bell, notification, title or progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Announcement {
    /// The terminal's title.
    Title(String),
    /// The bell.
    Bell,
    /// A notification on the desktop, by way of the terminal.
    Notification(Protocol, String),
    /// Progress in tab or task bar.
    Progress(Progress),
}

/// How far what is in flight has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing is in flight.
    None,
    /// One is, and nobody knows how far it is.
    Busy,
    /// So many percent of them are done.
    Percent(u8),
    /// So many percent are done, and one needs a person.
    Paused(u8),
}

/// A call to CloudFront.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// `ListDistributions`, one page.
    ListDistributions {
        /// Where the page begins.
        marker: Option<String>,
    },
    /// `GetDistribution`: the summary's facts, the cache tag header and the default root object.
    GetDistribution(DistributionId),
    /// `ListDistributionTenants`, one page.
    ListTenants {
        /// Whose tenants.
        distribution: DistributionId,
        /// Where the page begins.
        marker: Option<String>,
    },
    /// `GetDistributionTenant`.
    GetTenant(TenantId),
    /// `GetDistributionTenantByDomain`.
    FindTenant(String),
    /// `ListInvalidations` or its tenant sibling, one page, newest first.
    ListInvalidations {
        /// Whose invalidations.
        target: Target,
        /// Where the page begins.
        marker: Option<String>,
    },
    /// `GetInvalidation` or its tenant sibling.
    GetInvalidation {
        /// Whose invalidation.
        target: Target,
        /// Which one.
        id: InvalidationId,
    },
    /// `CreateInvalidation` or its tenant sibling. Never retried below this level.
    CreateInvalidation {
        /// What it is aimed at.
        target: Target,
        /// What to send, byte for byte.
        batch: Batch,
        /// What makes it happen once.
        reference: CallerReference,
    },
}

/// CloudFront's answer to a [`Call`], of the same kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To `ListDistributions`.
    Distributions(Page<Distribution>),
    /// To `GetDistribution`.
    Distribution(Box<DistributionConfig>),
    /// To `ListDistributionTenants`.
    Tenants(Page<Tenant>),
    /// To `GetDistributionTenant`, and to the same by domain.
    Tenant(Box<Tenant>),
    /// To `ListInvalidations`.
    Invalidations(Page<InvalidationSummary>),
    /// To `GetInvalidation`.
    Invalidation(Invalidation),
    /// To `CreateInvalidation`.
    Created {
        /// The invalidation, new or the earlier one with the same reference.
        invalidation: Invalidation,
        /// The request id that AWS support asks for.
        request_id: Option<String>,
    },
}

/// An operation of the ledger. Each is one transaction, answered after it is durable.
#[derive(Clone, Debug, PartialEq)]
pub enum LedgerOperation {
    /// Read what a start needs, and claim every unfinished submission that no live process holds.
    Open,
    /// Write the submissions of a job, all or none, before the first byte of any of them is sent.
    Plan(Vec<Submission>),
    /// Take out of the ledger what was to be planned and is not, should it be there: none of it was ever sent.
    Forget(Vec<SubmissionId>),
    /// Tell what there is under these references, and take over what no live process carries on.
    TakeUp(Vec<(Target, CallerReference)>),
    /// Do all of these, or none.
    Together(Vec<LedgerOperation>),
    /// Write that a submission gave way to smaller ones with the same items, all or none: both must never be alive.
    Divide {
        /// The one that ends, in its last state.
        whole: Box<Submission>,
        /// Those that take its place.
        into: Vec<Submission>,
    },
    /// Write where a submission stands now: state, attempts, request id. Also written before each attempt.
    Progress(Box<Submission>),
    /// Keep the text being composed for some targets, or forget it.
    Draft(DraftWrite),
    /// Mark or unmark a distribution as favourite.
    Favourite {
        /// Which one.
        target: Target,
        /// Whether it is one now.
        on: bool,
    },
    /// Read when the attempts of a submission left and how they ended.
    Attempts(SubmissionId),
    /// Read what other processes wrote since this was last asked, or since the start. Answered without contents where that
    /// is nothing, which costs next to nothing. What nobody carries on any more is claimed first, if it was left for this
    /// place; `None`: nothing is.
    Changes(Option<Claim>),
    /// Keep how large batches may be for an account, in the place of what was kept before.
    BatchSizes(Learned),
    /// Read a page of the history.
    History(Query),
    /// Read one submission whole.
    Submission(SubmissionId),
    /// Read a page of the history with every item; what cannot be read is left out.
    Whole(Query),
    /// Keep why a submission was made, in the place of what was noted before.
    Note {
        /// Which one.
        submission: SubmissionId,
        /// The new words; `None` forgets the old ones.
        note: Option<String>,
    },
    /// Let go of some of what ended before this time. What belongs to anything unfinished stays, and so does what counts
    /// for the present month.
    Prune(DateTime<Utc>),
    /// Keep what an invalidation holds: a row's items never change.
    Remember {
        /// Whose invalidation.
        target: Target,
        /// The whole of it.
        invalidation: Invalidation,
    },
    /// Read the list of distributions that this profile saw last at this endpoint.
    List(Scope),
    /// Keep something that a page wants to find again at the next start.
    Setting {
        /// Its name.
        name: String,
        /// Its value, as the page writes it.
        value: String,
    },
    /// Keep the whole list of distributions, in the place of the one that this profile saw before.
    KeepList(Box<KeptList>),
}

/// Whose unfinished submissions a process carries on: another profile's are left to a window of that profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The address asked, as in [`Scope::endpoint`].
    pub endpoint: String,
    /// The profile's name.
    pub profile: String,
}

/// What is done with the saved lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListsOperation {
    /// Tell which there are.
    Read,
    /// Read one.
    Load(ListName),
    /// Write one, in the place of an earlier one of that name.
    Save {
        /// Its name.
        name: ListName,
        /// Its lines.
        lines: Vec<String>,
    },
    /// Put those lines under one that it does not hold yet.
    Merge {
        /// Its name.
        name: ListName,
        /// The lines.
        lines: Vec<String>,
    },
    /// Take one away.
    Delete(ListName),
}

/// The answer to a [`ListsOperation`], of the same kind.
#[derive(Clone, Debug, PartialEq)]
pub enum ListsAnswer {
    /// To `Read`: the folder they are in, and they, by name.
    Lists(String, Vec<SavedList>),
    /// To `Load`.
    Loaded(Import),
    /// To `Save` and `Merge`: how many lines the list has now.
    Saved(usize),
    /// To `Delete`.
    Deleted,
}

/// What is written into which file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// What is written, from its first row on.
    pub query: Query,
    /// As what.
    pub format: Format,
    /// The name of the file as a person typed it.
    pub name: String,
    /// Whether it may take the place of a file that is there.
    pub replace: bool,
}

/// What was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The file, as it is found from everywhere.
    pub file: String,
    /// How many rows it has.
    pub rows: usize,
    /// What is not in it, in a sentence.
    pub warning: Option<String>,
}

/// Why nothing was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// There is such a file, and nobody said that it may be replaced.
    Exists(String),
    /// A sentence: cause and next step.
    Failed(String),
}

/// When an attempt left and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its number, from 1.
    pub number: u32,
    /// When it left; unknown where the ledger was written by hand.
    pub sent: Option<DateTime<Utc>>,
    /// When its end was known.
    pub answered: Option<DateTime<Utc>>,
    /// What became of the submission by it, in words.
    pub answer: Option<String>,
}

/// How many submissions are let go of at once: nobody waits for it, and everybody else waits meanwhile.
pub const PRUNED_AT_ONCE: usize = 100;

/// What the ledger told at the start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LedgerContents {
    /// Submissions without an end that this process has claimed.
    pub unfinished: Vec<Submission>,
    /// Submissions without an end that this process has not claimed.
    pub elsewhere: Vec<Submission>,
    /// Those of them that no live process carries on.
    pub left: Vec<SubmissionId>,
    /// Whether another live process shares the ledger.
    pub shared: bool,
    /// The newest submissions that ended, newest first, 500 at most. To [`LedgerOperation::Changes`]: those that ended
    /// since.
    pub finished: Vec<Submission>,
    /// How long older ones took, by endpoint and target.
    pub taken: Vec<(String, Target, Vec<TimeDelta>)>,
    /// The drafts.
    pub drafts: Vec<KeptDraft>,
    /// For [`LedgerOperation::Draft`], alone or together with others: the drafts that another window had changed.
    pub conflicts: Vec<DraftConflict>,
    /// Favourite targets.
    pub favourites: Vec<Target>,
    /// What is remembered of invalidations, the newest 500.
    pub remembered: Vec<(Target, Invalidation)>,
    /// Billable items that this ledger saw accepted since the start of the month, by whom they were made for.
    pub used_this_month: Vec<(Scope, u64)>,
    /// How large batches may be for an account, where larger ones were refused of late.
    pub batch_sizes: Vec<Learned>,
    /// For [`LedgerOperation::Attempts`] alone.
    pub attempts: Vec<Attempt>,
    /// What pages wrote by [`LedgerOperation::Setting`].
    pub settings: Vec<(String, String)>,
    /// For [`LedgerOperation::List`] alone.
    pub list: Option<KeptList>,
    /// For [`LedgerOperation::History`] alone.
    pub page: Option<RecordPage>,
    /// For [`LedgerOperation::Submission`] and [`LedgerOperation::Whole`].
    pub whole: Vec<Whole>,
    /// For [`LedgerOperation::Whole`]: where the next page begins, if there is one.
    pub next: Option<Cursor>,
    /// For [`LedgerOperation::Prune`]: how many were let go of; [`PRUNED_AT_ONCE`] when there may be more.
    pub pruned: usize,
    /// A sentence about what went wrong and was put right, such as a torn file kept aside.
    pub warning: Option<String>,
}

/// An answer from the outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// To [`Effect::Connect`] and [`Effect::LogIn`].
    Connected {
        /// Which request.
        request: RequestId,
        /// Who we are, or why not.
        result: Result<Scope, Failure>,
    },
    /// To [`Effect::LookForLogin`].
    LookedForLogin {
        /// Which request.
        request: RequestId,
        /// Whether any of them was written.
        written: bool,
    },
    /// To [`Effect::Identify`].
    Identified {
        /// Which request.
        request: RequestId,
        /// The account, as far as anybody could tell.
        account: Option<AccountId>,
    },
    /// To [`Effect::CloudFront`].
    CloudFront {
        /// Which request.
        request: RequestId,
        /// The answer, or how it ended without one.
        result: Result<Answer, Failure>,
    },
    /// To [`Effect::Ledger`].
    Ledger {
        /// Which request.
        request: RequestId,
        /// What the ledger told, or a sentence: cause and next step. `contents` is set where something was read.
        result: Result<Option<Box<LedgerContents>>, LedgerFailure>,
    },
    /// To [`Effect::Import`].
    Imported {
        /// Which request.
        request: RequestId,
        /// What was taken and what was not, or a sentence why nothing was.
        result: Result<Import, String>,
    },
    /// To [`Effect::Export`].
    Exported {
        /// Which request.
        request: RequestId,
        /// What was written, or why nothing was.
        result: Result<Exported, Unwritten>,
    },
    /// To [`Effect::Lists`].
    Lists {
        /// Which request.
        request: RequestId,
        /// The answer, or a sentence.
        result: Result<ListsAnswer, String>,
    },
    /// To [`Effect::VisitEdge`].
    Visited {
        /// Which request.
        request: RequestId,
        /// What was seen, or a sentence why nothing was.
        result: Result<EdgeResponse, String>,
    },
    /// To [`Effect::EditText`].
    Edited {
        /// Which request.
        request: RequestId,
        /// The text as it was left, or a sentence.
        result: Result<String, String>,
    },
}

/// A moment and a bit of chance, handed to the core: it draws neither by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The time of this message.
    pub now: DateTime<Utc>,
    /// Fresh random bits for this message; ids are made from them.
    pub entropy: u128,
}

/// Who took a copied text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopiedBy {
    /// A program, which said that it did.
    Program(&'static str),
    /// The terminal was asked to (OSC 52); it never says whether it did.
    Terminal,
}
