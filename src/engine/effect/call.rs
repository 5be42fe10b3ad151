//! Calls to CloudFront and CloudTrail, and their responses.

use crate::domain::batch::{Batch, CallerReference};
use crate::domain::behavior::{CacheKey, CachePolicyId};
use crate::domain::distribution::{
    ConnectionGroupId, DeploymentPolicyId, Distribution, DistributionConfig, DistributionId, Target, Tenant, TenantId,
};
use crate::domain::failure::Failure;
use crate::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page};
use crate::domain::trail;

/// A call to CloudFront, or to CloudTrail about CloudFront.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// `ListDistributions`, one page.
    ListDistributions {
        /// The marker of the page; `None` means the first page.
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
        /// The marker of the page; `None` means the first page.
        marker: Option<String>,
    },
    /// `GetDistributionTenant`.
    GetTenant(TenantId),
    /// `GetDistributionTenantByDomain`.
    FindTenant(String),
    /// `GetConnectionGroup`: the routing endpoint.
    GetConnectionGroup(ConnectionGroupId),
    /// `ListInvalidations` or its tenant equivalent, one page, newest first.
    ListInvalidations {
        /// The target.
        target: Target,
        /// The marker of the page; `None` means the first page.
        marker: Option<String>,
    },
    /// `GetInvalidation` or its tenant equivalent.
    GetInvalidation {
        /// The target.
        target: Target,
        /// The invalidation's id.
        id: InvalidationId,
    },
    /// CloudTrail's `LookupEvents`, one page.
    LookUpEvents(trail::Query),
    /// `CreateInvalidation` or its tenant equivalent. Never retried at a lower level.
    CreateInvalidation {
        /// The target.
        target: Target,
        /// The items to send, byte for byte.
        batch: Batch,
        /// The reference that makes the request idempotent.
        reference: CallerReference,
    },
}

/// A read-only query made with the credentials of another profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileQuestion {
    /// The distributions, one page.
    Distributions {
        /// The marker of the page; `None` means the first page.
        marker: Option<String>,
    },
    /// The tenant that serves this host.
    Tenant(String),
}

impl Call {
    /// Creates a call for a page of a target's invalidations, or for the newest ones if there is no marker.
    #[must_use]
    pub fn list(target: &Target, marker: Option<String>) -> Self {
        let target = target.clone();
        Self::ListInvalidations { target, marker }
    }

    /// Creates a call for an invalidation of a target.
    #[must_use]
    pub fn get(target: &Target, id: &InvalidationId) -> Self {
        let (target, id) = (target.clone(), id.clone());
        Self::GetInvalidation { target, id }
    }
}

impl From<ProfileQuestion> for Call {
    fn from(question: ProfileQuestion) -> Self {
        match question {
            ProfileQuestion::Distributions { marker } => Self::ListDistributions { marker },
            ProfileQuestion::Tenant(host) => Self::FindTenant(host),
        }
    }
}

/// Defines the responses from a table: variant, contents, and the noun used in sentences.
macro_rules! answers {
    ($($(#[$doc:meta])* $name:ident($contents:ty) $words:literal;)*) => {
        /// CloudFront's response to a [`Call`] of the same kind.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Answer {
            $($(#[$doc])* $name($contents),)*
        }

        impl Answer {
            /// Returns the failure of a call that received the response to a different kind of call.
            #[must_use]
            pub fn unexpected(&self) -> Failure {
                let kind = match self {
                    $(Self::$name(_) => $words,)*
                };
                Failure::Unknown(format!("unexpected response: {kind}"))
            }
        }

        $(
            impl TryFrom<Answer> for $contents {
                type Error = Failure;

                fn try_from(answer: Answer) -> Result<Self, Failure> {
                    match answer {
                        Answer::$name(contents) => Ok(contents),
                        other => Err(other.unexpected()),
                    }
                }
            }
        )*
    };
}

answers! {
    /// The response to `ListDistributions`.
    Distributions(Page<Distribution>) "a list of distributions";
    /// The response to `GetDistribution`.
    Distribution(Box<DistributionConfig>) "a distribution";
    /// The response to `GetCachePolicy`.
    CacheKey(CacheKey) "a cache key";
    /// The response to `GetContinuousDeploymentPolicy`: the domain names of the staging distributions.
    StagingNames(Vec<String>) "names of staging distributions";
    /// The response to `ListDistributionTenants`.
    Tenants(Page<Tenant>) "a list of tenants";
    /// The response to `GetDistributionTenant` and `GetDistributionTenantByDomain`.
    Tenant(Box<Tenant>) "a tenant";
    /// The response to `GetConnectionGroup`: the host that DNS must point to.
    RoutingEndpoint(String) "a routing endpoint";
    /// The response to `ListInvalidations`.
    Invalidations(Page<InvalidationSummary>) "a list of invalidations";
    /// The response to `GetInvalidation`.
    Invalidation(Invalidation) "an invalidation";
    /// The response to `LookupEvents`.
    Events(trail::Events) "events";
    /// The response to `CreateInvalidation`.
    Created(Created) "a new invalidation";
}

/// An accepted invalidation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The invalidation: a new one, or the earlier one with the same reference.
    pub invalidation: Invalidation,
    /// The request ID, which AWS Support asks for.
    pub request_id: Option<String>,
}
