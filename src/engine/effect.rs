//! The core's requests to the outside, as plain data: an effect may cost money, so tests can count and compare effects.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::batch::{Batch, CallerReference, Learned};
use crate::domain::behavior::{CacheKey, CachePolicyId};
use crate::domain::distribution::{
    AccountId, DeploymentPolicyId, Distribution, DistributionConfig, DistributionId, Target, Tenant, TenantId,
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
use crate::domain::login::LoginWay;
use crate::domain::mfa::MfaCode;
use crate::domain::month::{Count, MonthKey, MonthWrite};
use crate::domain::record::{Cursor, Query, RecordPage, Whole};
use crate::domain::saved_list::{ListName, SavedList};
use crate::domain::submission::{Scope, Submission, SubmissionId};
use crate::engine::session::Who;
use crate::engine::telling::state::Protocol;

/// The number of a request, repeated in its reply. Never reused within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// The number of a timer, repeated when it fires. Never reused within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimerId(pub u64);

/// A request to the outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Determine the identity: load the profile and its credentials, then report account, endpoint and profile.
    Connect {
        /// Answered once by [`Reply::Connected`].
        request: RequestId,
        /// The profile to use; `None`: the one from the settings and the environment.
        profile: Option<String>,
        /// A code of an MFA device, for a role that needs one.
        code: Option<MfaCode>,
    },
    /// Stop finding out who we are. It is answered all the same, and nobody waits for that.
    CancelConnect(RequestId),
    /// Find out what logs in to a profile.
    PlanLogin {
        /// Answered once by [`Reply::LoginPlanned`].
        request: RequestId,
        /// The profile; `None`: the one the settings and the environment name.
        profile: Option<String>,
    },
    /// Log in with a browser, and find out who we are then. What a person does there is told by
    /// [`crate::app::message::Message::BrowserLogin`].
    LogInByBrowser {
        /// Answered once by [`Reply::Connected`].
        request: RequestId,
        /// The profile; `None`: the one the settings and the environment name.
        profile: Option<String>,
    },
    /// Determine the identity, handing the terminal over to whatever logs in: the user asked for it and is there to
    /// respond.
    LogIn {
        /// Answered once by [`Reply::Connected`].
        request: RequestId,
        /// The profile to log in to; `None`: the one from the settings and the environment.
        profile: Option<String>,
    },
    /// Check whether the credential files were written since they were last loaded. Their content is not read.
    LookForLogin {
        /// Answered once by [`Reply::LookedForLogin`].
        request: RequestId,
    },
    /// Read the list of profiles; it arrives in a message at any later time.
    ListProfiles,
    /// Determine the account of the credentials if no ARN revealed it; this needs no permission.
    Identify {
        /// Answered once by [`Reply::Identified`], within seconds.
        request: RequestId,
    },
    /// Find out where the keys in use come from and when they end, and with `asks` whose they are, which needs no permission.
    WhoAmI {
        /// Answered once by [`Reply::Who`].
        request: RequestId,
        /// Whether STS is asked, too.
        asks: bool,
    },
    /// Call CloudFront.
    CloudFront {
        /// Answered once by [`Reply::CloudFront`].
        request: RequestId,
        /// The call.
        call: Call,
    },
    /// Read or write the ledger. Requests are carried out in order.
    Ledger {
        /// Answered once by [`Reply::Ledger`].
        request: RequestId,
        /// The operation.
        operation: LedgerOperation,
    },
    /// Report when this time has passed, by [`crate::app::message::Message::Timer`].
    Timer {
        /// The timer's number.
        id: TimerId,
        /// The time from now.
        after: Duration,
    },
    /// Cancel a timer. If it has already fired, its number is ignored.
    CancelTimer(TimerId),
    /// Copy text to the clipboard. Answered by [`crate::app::message::Message::Copied`].
    Copy {
        /// The text.
        text: String,
        /// The user's name for it.
        name: String,
    },
    /// Let the user edit the text in `$VISUAL` or `$EDITOR`, with the terminal handed over.
    EditText {
        /// Answered once by [`Reply::Edited`].
        request: RequestId,
        /// The initial text.
        text: String,
    },
    /// Import a list from a file, git, or a server.
    Import {
        /// Answered once by [`Reply::Imported`].
        request: RequestId,
        /// The source to import.
        source: Source,
        /// What is known of the target: which URLs belong to it.
        context: Box<lint::Context>,
    },
    /// Cancel an import that is no longer needed. It is still answered.
    CancelImport(RequestId),
    /// Read the names in a folder, to complete a path.
    ListFolder {
        /// Answered once by [`Reply::Folder`].
        request: RequestId,
        /// The folder as typed: `~` is the home folder, an empty text the folder in which the program was started.
        folder: String,
    },
    /// Read or write the saved lists.
    Lists {
        /// Answered once by [`Reply::Lists`].
        request: RequestId,
        /// The operation.
        operation: ListsOperation,
    },
    /// Write the result of a query to a file, completely or not at all.
    Export {
        /// Answered once by [`Reply::Exported`].
        request: RequestId,
        /// What to write, and where.
        export: Export,
    },
    /// Request a URL from the edge, as a viewer does.
    VisitEdge {
        /// Answered once by [`Reply::Visited`].
        request: RequestId,
        /// The URL.
        address: Address,
        /// The method.
        method: Method,
    },
    /// Ring the bell, notify and set the title.
    Notify(Announcement),
    /// Run the user's own command, without a shell, with facts in its environment. Nothing waits for it.
    Run {
        /// The program with its arguments.
        command: Vec<String>,
        /// The variables with their values.
        facts: Vec<(&'static str, String)>,
    },
    /// Redraw every cell: another program has written to the terminal.
    Repaint,
    /// Turn mouse reporting by the terminal on or off.
    Mouse(bool),
    /// Suspend the program as Ctrl-Z does; the shell resumes it.
    Suspend,
    /// End the program with this exit code.
    Quit(u8),
}

/// A signal outside the frame: bell, notification, title or progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Announcement {
    /// Set the terminal's title.
    Title(String),
    /// Ring the bell.
    Bell,
    /// Show a desktop notification through the terminal.
    Notification(Protocol, String),
    /// Show progress in the tab or task bar.
    Progress(Progress),
}

/// The progress of what is in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing is in flight.
    None,
    /// One invalidation is in flight, with unknown progress.
    Busy,
    /// This percentage is done.
    Percent(u8),
    /// This percentage is done, and one needs the user.
    Paused(u8),
}

/// A call to CloudFront.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// `ListDistributions`, one page.
    ListDistributions {
        /// The marker of the page.
        marker: Option<String>,
    },
    /// `GetDistribution`: the summary, the cache tag header and the default root object.
    GetDistribution(DistributionId),
    /// `GetCachePolicy`: the cache key.
    GetCachePolicy(CachePolicyId),
    /// `GetContinuousDeploymentPolicy`: the staging distribution.
    GetDeploymentPolicy(DeploymentPolicyId),
    /// `ListDistributionTenants`, one page.
    ListTenants {
        /// The distribution.
        distribution: DistributionId,
        /// The marker of the page.
        marker: Option<String>,
    },
    /// `GetDistributionTenant`.
    GetTenant(TenantId),
    /// `GetDistributionTenantByDomain`.
    FindTenant(String),
    /// `ListInvalidations` or its tenant equivalent, one page, newest first.
    ListInvalidations {
        /// The target.
        target: Target,
        /// The marker of the page.
        marker: Option<String>,
    },
    /// `GetInvalidation` or its tenant equivalent.
    GetInvalidation {
        /// The target.
        target: Target,
        /// The invalidation's id.
        id: InvalidationId,
    },
    /// `CreateInvalidation` or its tenant equivalent. Never retried below this level.
    CreateInvalidation {
        /// The target.
        target: Target,
        /// The items to send, byte for byte.
        batch: Batch,
        /// The reference that makes the request idempotent.
        reference: CallerReference,
    },
}

/// CloudFront's response to a [`Call`], of the same kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The response to `ListDistributions`.
    Distributions(Page<Distribution>),
    /// The response to `GetDistribution`.
    Distribution(Box<DistributionConfig>),
    /// The response to `GetCachePolicy`.
    CacheKey(CacheKey),
    /// The response to `GetContinuousDeploymentPolicy`: the domain names of the staging distributions.
    StagingNames(Vec<String>),
    /// The response to `ListDistributionTenants`.
    Tenants(Page<Tenant>),
    /// The response to `GetDistributionTenant` and `GetDistributionTenantByDomain`.
    Tenant(Box<Tenant>),
    /// The response to `ListInvalidations`.
    Invalidations(Page<InvalidationSummary>),
    /// The response to `GetInvalidation`.
    Invalidation(Invalidation),
    /// The response to `CreateInvalidation`.
    Created {
        /// The invalidation: a new one, or the earlier one with the same reference.
        invalidation: Invalidation,
        /// The request id that AWS support asks for.
        request_id: Option<String>,
    },
}

impl Answer {
    /// Returns the failure of a call that got the answer to another one.
    #[must_use]
    pub fn unexpected(&self) -> Failure {
        let kind = match self {
            Self::Distributions(_) => "a list of distributions",
            Self::Distribution(_) => "a distribution",
            Self::Tenants(_) => "a list of tenants",
            Self::Tenant(_) => "a tenant",
            Self::Invalidations(_) => "a list of invalidations",
            Self::Invalidation(_) => "an invalidation",
            Self::Created { .. } => "a new invalidation",
            Self::CacheKey(_) => "a cache key",
            Self::StagingNames(_) => "names of staging distributions",
        };
        Failure::Unknown(format!("unexpected response: {kind}"))
    }
}

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

/// An operation on the saved lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListsOperation {
    /// Read the names of all lists.
    Read,
    /// Read a list.
    Load(ListName),
    /// Write a list, replacing an earlier one with that name.
    Save {
        /// The list's name.
        name: ListName,
        /// The lines.
        lines: Vec<String>,
    },
    /// Append those lines to a list that it does not contain yet.
    Merge {
        /// The list's name.
        name: ListName,
        /// The lines.
        lines: Vec<String>,
    },
    /// Delete a list.
    Delete(ListName),
}

/// The result of a [`ListsOperation`], of the same kind.
#[derive(Clone, Debug, PartialEq)]
pub enum ListsAnswer {
    /// The result of `Read`: the folder, and the lists by name.
    Lists(String, Vec<SavedList>),
    /// The result of `Load`.
    Loaded(Import),
    /// The result of `Save` and `Merge`: the list's number of lines.
    Saved(usize),
    /// The result of `Delete`.
    Deleted,
}

/// An export to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The query whose result is written.
    pub query: Query,
    /// The format.
    pub format: Format,
    /// The file name as the user typed it.
    pub name: String,
    /// Whether an existing file may be replaced.
    pub replace: bool,
}

/// The result of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The absolute path of the file.
    pub file: String,
    /// The number of rows.
    pub rows: usize,
    /// What is missing from the file, as a sentence.
    pub warning: Option<String>,
}

/// Why nothing was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// The file exists, and the user did not confirm replacing it.
    Exists(String),
    /// The export failed: cause and next step, as a sentence.
    Failed(String),
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

/// A reply from the outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// To [`Effect::PlanLogin`].
    LoginPlanned {
        /// Which request.
        request: RequestId,
        /// What logs in, or why that is not known.
        result: Result<LoginWay, Failure>,
    },
    /// To [`Effect::Connect`], [`Effect::LogIn`] and [`Effect::LogInByBrowser`].
    Connected {
        /// The request.
        request: RequestId,
        /// The identity, or why it could not be determined.
        result: Result<Scope, Failure>,
    },
    /// The reply to [`Effect::LookForLogin`].
    LookedForLogin {
        /// The request.
        request: RequestId,
        /// Whether any of the files was written.
        written: bool,
    },
    /// The reply to [`Effect::Identify`].
    Identified {
        /// The request.
        request: RequestId,
        /// The account, if it could be determined.
        account: Option<AccountId>,
    },
    /// The reply to [`Effect::WhoAmI`].
    Who {
        /// The request.
        request: RequestId,
        /// Who we are; `None` without a connection.
        who: Option<Box<Who>>,
    },
    /// The reply to [`Effect::CloudFront`].
    CloudFront {
        /// The request.
        request: RequestId,
        /// The response, or how the call failed.
        result: Result<Answer, Failure>,
    },
    /// The reply to [`Effect::Ledger`].
    Ledger {
        /// The request.
        request: RequestId,
        /// The contents if something was read, or the failure with cause and next step.
        result: Result<Option<Box<LedgerContents>>, LedgerFailure>,
    },
    /// The reply to [`Effect::Import`].
    Imported {
        /// The request.
        request: RequestId,
        /// The imported rows and what was left out, or why nothing was imported, as a sentence.
        result: Result<Import, String>,
    },
    /// The reply to [`Effect::ListFolder`].
    Folder {
        /// The request.
        request: RequestId,
        /// The sorted names, those of folders with a `/` at the end, or why the folder could not be read, as a
        /// sentence.
        result: Result<Vec<String>, String>,
    },
    /// The reply to [`Effect::Export`].
    Exported {
        /// The request.
        request: RequestId,
        /// What was written, or why nothing was.
        result: Result<Exported, Unwritten>,
    },
    /// The reply to [`Effect::Lists`].
    Lists {
        /// The request.
        request: RequestId,
        /// The result, or a sentence.
        result: Result<ListsAnswer, String>,
    },
    /// The reply to [`Effect::VisitEdge`].
    Visited {
        /// The request.
        request: RequestId,
        /// The edge response, or why there is none, as a sentence.
        result: Result<EdgeResponse, String>,
    },
    /// The reply to [`Effect::EditText`].
    Edited {
        /// The request.
        request: RequestId,
        /// The edited text, or a sentence.
        result: Result<String, String>,
    },
}

/// The time and randomness passed to the core, which has no sources of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The time of this message.
    pub now: DateTime<Utc>,
    /// Fresh random bits for this message; ids are derived from them.
    pub entropy: u128,
}

/// The receiver of copied text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopiedBy {
    /// A program, which confirmed it.
    Program(&'static str),
    /// The terminal (OSC 52), which never confirms it.
    Terminal,
}
