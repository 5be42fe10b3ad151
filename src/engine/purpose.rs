//! The kinds of pending requests.

use crate::domain::behavior::CachePolicyId;
use crate::domain::distribution::{DeploymentPolicyId, DistributionId, Target, TenantId};
use crate::domain::edge::Address;
use crate::domain::failure::Failure;
use crate::domain::invalidation::InvalidationId;
use crate::domain::record::Query;
use crate::domain::saved_list::ListName;
use crate::domain::submission::{Submission, SubmissionId};
use crate::domain::target::TargetName;
use crate::engine::drafts::state::DraftKey;
use crate::engine::effect::Call;

/// What a pending request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Determines the identity.
    Connect,
    /// To log in, in the terminal or with a browser, and know who we are then.
    LogIn,
    /// To know what logs in to the profile in use.
    PlanLogin,
    /// Checks whether the profile with this name can be used, and then uses it.
    TryProfile(String),
    /// Checks whether the credential files were written.
    LookForLogin,
    /// Determines the account of the current credentials.
    Identify,
    /// To know where the keys in use come from, when they end, and perhaps whose they are.
    WhoAmI,
    /// Lists distributions: a page of the newest reading.
    Distributions,
    /// Reads the details of a distribution.
    Describe(DistributionId),
    /// Reads a cache policy.
    CachePolicy(CachePolicyId),
    /// Reads a continuous deployment policy.
    DeploymentPolicy(DeploymentPolicyId),
    /// Lists the tenants of a distribution: a page of the newest reading.
    Tenants(DistributionId),
    /// Reads a tenant that no list contained.
    DescribeTenant(TenantId),
    /// Finds the tenant that viewers reach under a host, to open it.
    FindTenant(TargetName),
    /// To know whether a target is deployed that something waits for.
    Deployment(Target),
    /// Reads a target's newest invalidations; with the ids of watched ones, which must be on the page.
    FirstPage(Target, Vec<InvalidationId>),
    /// Reads a target's older invalidations.
    OlderPage(Target),
    /// Polls an invalidation in flight.
    Look(Target, InvalidationId),
    /// Reads the items of a row.
    Items(Target, InvalidationId),
    /// Counts the month: this call.
    Count(Box<Call>),
    /// Reads the count of the month from the ledger.
    Month,
    /// Sends a submission.
    Create(SubmissionId),
    /// Searches for a submission's reference among its target's invalidations: a page.
    SearchPage(SubmissionId),
    /// Searches for a submission's reference: one candidate.
    SearchCandidate(SubmissionId, InvalidationId),
    /// Requests a URL from the edge.
    Visit(Address),
    /// Opens the ledger.
    OpenLedger,
    /// Reads what the ledger holds under the references of a job, and claims what no process holds.
    Referenced,
    /// Makes a job durable before any of it is sent; with the draft that is then no longer needed.
    Plan(Vec<SubmissionId>, Option<Draft>),
    /// Replaces a submission that was refused, or never sent, by smaller ones, durably.
    Divide(SubmissionId, Vec<Submission>, Option<Failure>),
    /// Makes an attempt durable before it is sent.
    Attempt(SubmissionId),
    /// Writes changes that are already shown; [`super::unsaved::Unsaved`] knows which.
    Save,
    /// Reads the attempts of a submission.
    Attempts(SubmissionId),
    /// Reads a page of the history.
    History(Query),
    /// Reads an archived submission.
    Past(SubmissionId),
    /// Stores the note on a submission.
    Note(SubmissionId, Option<String>),
    /// Exports the history to a file.
    Export,
    /// Deletes old submissions.
    Prune,
    /// Reads what other windows wrote.
    Changes,
    /// Reads the list of distributions from an earlier run.
    KeptList,
    /// Stores what was read, to save the next start a call.
    Keep,
    /// Edits a draft in an external editor.
    ExternalEditor(DraftKey, String),
    /// Imports lines.
    Import,
    /// Reads the names in a folder.
    Folder,
    /// Reads or writes the saved lists.
    Lists,
    /// Stores a draft that could not be saved as a saved list.
    SaveElsewhere(DraftKey, ListName),
}

impl Purpose {
    /// Returns whether the request may change the connection before it is answered.
    #[must_use]
    pub fn connects(&self) -> bool {
        matches!(self, Self::Connect | Self::LogIn | Self::TryProfile(_))
    }

    /// Returns whether the ledger is asked to write something that the user did or was shown.
    #[must_use]
    pub fn writes(&self) -> bool {
        match self {
            Self::Plan(..) | Self::Divide(..) | Self::Attempt(_) | Self::Save | Self::Note(..) => true,
            Self::Connect
            | Self::LogIn
            | Self::PlanLogin
            | Self::TryProfile(_)
            | Self::LookForLogin
            | Self::Identify
            | Self::WhoAmI
            | Self::Distributions
            | Self::Describe(_)
            | Self::CachePolicy(_)
            | Self::DeploymentPolicy(_)
            | Self::Tenants(_)
            | Self::DescribeTenant(_)
            | Self::FindTenant(_)
            | Self::Deployment(_)
            | Self::FirstPage(..)
            | Self::OlderPage(_)
            | Self::Look(..)
            | Self::Items(..)
            | Self::Count(_)
            | Self::Month
            | Self::Create(_)
            | Self::SearchPage(_)
            | Self::SearchCandidate(..)
            | Self::Visit(_)
            | Self::OpenLedger
            | Self::Referenced
            | Self::Attempts(_)
            | Self::History(_)
            | Self::Past(_)
            | Self::Export
            | Self::Prune
            | Self::Changes
            | Self::KeptList
            | Self::Keep
            | Self::ExternalEditor(..)
            | Self::Import
            | Self::Folder
            | Self::Lists
            | Self::SaveElsewhere(..) => false,
        }
    }
}

/// The text being composed for some targets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The draft's key in this window.
    pub key: DraftKey,
    /// The ids of the targets, sorted, joined by spaces.
    pub targets: String,
    /// The text.
    pub text: String,
}
