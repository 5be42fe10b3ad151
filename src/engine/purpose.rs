//! What requests were made for.

use crate::domain::distribution::{DistributionId, Target, TenantId};
use crate::domain::edge::Address;
use crate::domain::failure::Failure;
use crate::domain::invalidation::InvalidationId;
use crate::domain::record::Query;
use crate::domain::saved_list::ListName;
use crate::domain::submission::{Submission, SubmissionId};
use crate::domain::target::TargetName;
use crate::engine::drafts::DraftKey;

/// What an awaited request was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To know who we are.
    Connect,
    /// To log in, in the terminal, and know who we are then.
    LogIn,
    /// To see whether the profile of this name can be used, and then to use it.
    TryProfile(String),
    /// To see whether the files were written that credentials come from.
    LookForLogin,
    /// To know the account of the credentials in use.
    Identify,
    /// To list distributions: a page of the newest reading.
    Distributions,
    /// To know a distribution better.
    Describe(DistributionId),
    /// To know the tenants of a distribution: a page of the newest reading.
    Tenants(DistributionId),
    /// To know a tenant that no list told of.
    DescribeTenant(TenantId),
    /// To open the tenant that viewers reach under a host, if there is one.
    FindTenant(TargetName),
    /// To read a target's newest invalidations; with the ids that are watched and must be on the page.
    FirstPage(Target, Vec<InvalidationId>),
    /// To read a target's older invalidations.
    OlderPage(Target),
    /// To look at one that is in flight.
    Look(Target, InvalidationId),
    /// To read what a row holds.
    Items(Target, InvalidationId),
    /// To send a submission.
    Create(SubmissionId),
    /// To find a submission's reference in its target's history: a page.
    SearchPage(SubmissionId),
    /// To find a submission's reference: one candidate.
    SearchCandidate(SubmissionId, InvalidationId),
    /// To see what the edge has at an address.
    Visit(Address),
    /// To open the ledger.
    OpenLedger,
    /// To know what the ledger holds under the references of a job, and to have what nobody carries on.
    Referenced,
    /// To make a job durable before anything of it is sent; with the draft that has then done its work.
    Plan(Vec<SubmissionId>, Option<Draft>),
    /// To put smaller submissions, durably, in the place of one that was refused, or never sent.
    Divide(SubmissionId, Vec<Submission>, Option<Failure>),
    /// To make an attempt durable before it is sent.
    Attempt(SubmissionId),
    /// To have written what is shown; [`super::unsaved::Unsaved`] knows what.
    Save,
    /// To know the attempts of a submission.
    Attempts(SubmissionId),
    /// To read a page of the history.
    History(Query),
    /// To read a submission of the past whole.
    Past(SubmissionId),
    /// To keep why a submission was made.
    Note(SubmissionId, Option<String>),
    /// To write what the history shows into a file.
    Export,
    /// To let go of what is old.
    Prune,
    /// To know what other windows wrote.
    Changes,
    /// To know the list of distributions that an earlier run read.
    KeptList,
    /// To keep what was read, to spare the next start a call.
    Keep,
    /// To edit a draft elsewhere.
    ExternalEditor(DraftKey, String),
    /// To import lines.
    Import,
    /// To read or write the saved lists.
    Lists,
    /// To make a saved list of a draft that could not be saved.
    SaveElsewhere(DraftKey, ListName),
}

impl Purpose {
    /// Whether the connection may be another one before it is answered.
    #[must_use]
    pub fn connects(&self) -> bool {
        matches!(self, Self::Connect | Self::LogIn | Self::TryProfile(_))
    }

    /// Whether the ledger is asked to write something that a person did or was shown.
    #[must_use]
    pub fn writes(&self) -> bool {
        match self {
            Self::Plan(..) | Self::Divide(..) | Self::Attempt(_) | Self::Save | Self::Note(..) => true,
            Self::Connect
            | Self::LogIn
            | Self::TryProfile(_)
            | Self::LookForLogin
            | Self::Identify
            | Self::Distributions
            | Self::Describe(_)
            | Self::Tenants(_)
            | Self::DescribeTenant(_)
            | Self::FindTenant(_)
            | Self::FirstPage(..)
            | Self::OlderPage(_)
            | Self::Look(..)
            | Self::Items(..)
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
            | Self::Lists
            | Self::SaveElsewhere(..) => false,
        }
    }
}

/// What was being composed, and for which targets: their ids, sorted, joined by blanks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Its name in this window.
    pub key: DraftKey,
    /// The targets.
    pub targets: String,
    /// The text.
    pub text: String,
}
