//! The pending requests, grouped by kind of reply, so that a reply is only matched with requests of its own kind.

use std::collections::HashMap;

use crate::domain::behavior::CachePolicyId;
use crate::domain::distribution::{ConnectionGroupId, DeploymentPolicyId, DistributionId, Target, TenantId};
use crate::domain::edge::Address;
use crate::domain::failure::Failure;
use crate::domain::invalidation::InvalidationId;
use crate::domain::record::Query;
use crate::domain::saved_list::ListName;
use crate::domain::submission::{Submission, SubmissionId};
use crate::domain::target::TargetName;
use crate::engine::drafts::state::{Draft, DraftKey};
use crate::engine::effect::{Call, RequestId};

/// A request to determine the identity, answered by [`Reply::Connected`](crate::engine::effect::Reply::Connected).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionRequest {
    /// Uses the current profile.
    Connect,
    /// Uses the current profile after a login, in the terminal or with a browser.
    LogIn,
    /// Checks whether the profile with this name can be used, and then uses it.
    TryProfile(String),
}

/// A request to find out how to log in to a profile; `None` means the current profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginPlanRequest(pub Option<String>);

/// A request to check whether the credential files were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginFilesRequest;

/// A request for the account of the current credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountRequest;

/// A request to determine where the current credentials come from, when they expire and, optionally, whose they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WhoRequest;

/// A request to search for a target with the credentials of another profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProfileRequest;

/// The purpose of a call to CloudFront.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallRequest {
    /// Reads a page of distributions, as part of the latest reload.
    Distributions,
    /// Reads the details of a distribution.
    Describe(DistributionId),
    /// Reads a cache policy.
    CachePolicy(CachePolicyId),
    /// Reads a continuous deployment policy.
    DeploymentPolicy(DeploymentPolicyId),
    /// Reads a page of a distribution's tenants, as part of the latest reload.
    Tenants(DistributionId),
    /// Reads a tenant that is in no list.
    DescribeTenant(TenantId),
    /// Reads a connection group.
    ConnectionGroup(ConnectionGroupId),
    /// Finds the tenant that serves a host, to open it.
    FindTenant(TargetName),
    /// Checks whether a target that submissions wait for is deployed.
    Deployment(Target),
    /// Reads a target's newest invalidations. Watched invalidations with these ids that are missing from the page are
    /// polled individually.
    FirstPage(Target, Vec<InvalidationId>),
    /// Reads a target's older invalidations.
    OlderPage(Target),
    /// Polls an invalidation in flight.
    Poll(Target, InvalidationId),
    /// Reads the items of a row.
    Items(Target, InvalidationId),
    /// Makes this call for the monthly count.
    Count(Box<Call>),
    /// Reads a page of CloudTrail events to find out who created an invalidation.
    Events,
    /// Sends a submission.
    Create(SubmissionId),
    /// Reads a page of a target's invalidations to search for a submission's reference.
    SearchPage(SubmissionId),
    /// Reads one candidate to compare its reference with the submission's.
    SearchCandidate(SubmissionId, InvalidationId),
}

/// The purpose of a ledger operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerRequest {
    /// Opens the ledger.
    Open,
    /// Reads the submissions stored under a job's references, and claims those that no process has claimed.
    Referenced,
    /// Makes a job durable before any of it is sent, and deletes its draft, which is no longer needed.
    Plan(Vec<SubmissionId>, Option<Draft>),
    /// Durably replaces a submission that was refused, or never sent, with smaller ones.
    Divide(SubmissionId, Vec<Submission>, Option<Failure>),
    /// Makes an attempt durable before it is sent.
    Attempt(SubmissionId),
    /// Writes changes that are already shown; [`super::unsaved::Unsaved`] records which.
    Save,
    /// Reads the attempts of a submission.
    Attempts(SubmissionId),
    /// Reads a page of the history.
    History(Query),
    /// Reads an archived submission.
    Past(SubmissionId),
    /// Stores the note on a submission.
    Note(SubmissionId, Option<String>),
    /// Deletes old submissions.
    Prune,
    /// Reads what other windows wrote.
    Changes,
    /// Reads the list of distributions from an earlier run.
    KeptList,
    /// Reads the lists of distributions that other profiles loaded.
    KeptLists,
    /// Reads the monthly count.
    Month,
    /// Looks up who created an invalidation.
    Maker,
    /// Stores loaded data, to save a call at the next start.
    Keep,
}

impl LedgerRequest {
    /// Returns whether the request saves something that the user did or has seen. The program waits for such requests
    /// before it exits.
    #[must_use]
    pub fn writes(&self) -> bool {
        match self {
            Self::Plan(..) | Self::Divide(..) | Self::Attempt(_) | Self::Save | Self::Note(..) => true,
            Self::Open
            | Self::Referenced
            | Self::Attempts(_)
            | Self::History(_)
            | Self::Past(_)
            | Self::Prune
            | Self::Changes
            | Self::KeptList
            | Self::KeptLists
            | Self::Month
            | Self::Maker
            | Self::Keep => false,
        }
    }
}

/// A request to fetch a URL from the edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeRequest(pub Address);

/// A request to edit a draft in an external editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditorRequest {
    /// The draft.
    pub draft: DraftKey,
    /// The ids of the draft's targets, sorted and joined by spaces.
    pub targets: String,
}

/// A request to import lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportRequest;

/// A request to read the names in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderRequest;

/// A request to export the history to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportRequest;

/// The purpose of an operation on the saved lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListsRequest {
    /// Runs an operation for the saved-lists overlay.
    Overlay,
    /// Reads the saved lists, so that they can be found by name.
    Names,
    /// Stores a draft as a saved list because the ledger could not save it.
    SaveElsewhere(DraftKey, ListName),
}

/// The pending requests of one kind.
pub type Asked<R> = HashMap<RequestId, R>;

/// A kind of request with its own kind of reply.
pub trait Request: Sized {
    /// Returns the pending requests of this kind.
    fn of(pending: &Pending) -> &Asked<Self>;

    /// Returns the pending requests of this kind, mutably.
    fn of_mut(pending: &mut Pending) -> &mut Asked<Self>;
}

/// Defines the pending requests from a table of their kinds.
macro_rules! pending {
    ($($name:ident: $kind:ty,)*) => {
        /// The pending requests.
        #[derive(Clone, Debug, Default)]
        pub struct Pending {
            $($name: Asked<$kind>,)*
        }

        $(
            impl Request for $kind {
                fn of(pending: &Pending) -> &Asked<Self> {
                    &pending.$name
                }

                fn of_mut(pending: &mut Pending) -> &mut Asked<Self> {
                    &mut pending.$name
                }
            }
        )*
    };
}

pending! {
    connections: ConnectionRequest,
    login_plans: LoginPlanRequest,
    login_files: LoginFilesRequest,
    accounts: AccountRequest,
    who: WhoRequest,
    profiles: ProfileRequest,
    calls: CallRequest,
    ledger: LedgerRequest,
    edge: EdgeRequest,
    editors: EditorRequest,
    imports: ImportRequest,
    folders: FolderRequest,
    exports: ExportRequest,
    lists: ListsRequest,
}

impl Pending {
    /// Returns the pending requests of a kind.
    #[must_use]
    pub fn of<R: Request>(&self) -> &Asked<R> {
        R::of(self)
    }

    /// Returns the pending requests of a kind, mutably.
    pub(crate) fn of_mut<R: Request>(&mut self) -> &mut Asked<R> {
        R::of_mut(self)
    }

    /// Returns whether any pending request satisfies the predicate.
    pub fn any<R: Request>(&self, is: impl Fn(&R) -> bool) -> bool {
        self.of().values().any(is)
    }

    /// Returns the newest pending request that equals `kind`.
    pub fn newest<R: Request + PartialEq>(&self, kind: &R) -> Option<RequestId> {
        let found = self.of::<R>().iter().filter(|(_, pending)| *pending == kind);
        found.map(|(request, _)| *request).max()
    }

    /// Returns whether a request that equals `kind` is pending.
    pub fn has<R: Request + PartialEq>(&self, kind: &R) -> bool {
        self.of::<R>().values().any(|pending| pending == kind)
    }

    /// Removes and returns a pending request. The reply to a request that is no longer pending is ignored.
    pub(crate) fn take<R: Request>(&mut self, request: RequestId) -> Option<R> {
        self.of_mut().remove(&request)
    }

    /// Discards the requests that determine the identity or the account, because only the newest reply counts.
    pub(in crate::engine) fn forget_identity(&mut self) {
        self.connections
            .retain(|_, kind| matches!(kind, ConnectionRequest::TryProfile(_)));
        self.accounts.clear();
        self.calls.retain(|_, kind| {
            !matches!(
                kind,
                CallRequest::Distributions
                    | CallRequest::Describe(_)
                    | CallRequest::CachePolicy(_)
                    | CallRequest::DeploymentPolicy(_)
                    | CallRequest::ConnectionGroup(_)
            )
        });
    }

    /// Discards the requests that concern the old account after a switch to another one. Submissions being sent,
    /// writes, and requests for local files remain pending.
    pub(in crate::engine) fn change_account(&mut self) {
        self.forget_identity();
        self.connections.clear();
        self.login_plans.clear();
        self.login_files.clear();
        self.who.clear();
        self.profiles.clear();
        self.edge.clear();
        self.calls.retain(|_, kind| matches!(kind, CallRequest::Create(_)));
        self.ledger
            .retain(|_, kind| kind.writes() || matches!(kind, LedgerRequest::Keep | LedgerRequest::Open));
    }
}
