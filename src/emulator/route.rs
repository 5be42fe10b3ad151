//! Maps method and path to an operation.

use http::Method;
use serde::{Deserialize, Serialize};

use super::message::{Request, decoded};

/// The operations that the emulator implements, including a viewer's request to the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are CloudFront's own and say all there is to say")]
pub enum Operation {
    ListDistributions,
    GetDistribution,
    GetDistributionConfig,
    GetCachePolicy,
    GetContinuousDeploymentPolicy,
    CreateInvalidation,
    GetInvalidation,
    ListInvalidations,
    ListDistributionTenants,
    GetDistributionTenant,
    GetDistributionTenantByDomain,
    GetConnectionGroup,
    CreateInvalidationForDistributionTenant,
    GetInvalidationForDistributionTenant,
    ListInvalidationsForDistributionTenant,
    /// CloudTrail's search for events.
    LookupEvents,
    /// A viewer's request, identified by its host.
    Edge,
}

impl Operation {
    /// Returns whether the operation creates an invalidation.
    pub(crate) fn creates(self) -> bool {
        matches!(
            self,
            Self::CreateInvalidation | Self::CreateInvalidationForDistributionTenant
        )
    }

    /// Returns whether the operation's target is a distribution tenant.
    pub(crate) fn is_for_tenants(self) -> bool {
        matches!(
            self,
            Self::GetDistributionTenant
                | Self::CreateInvalidationForDistributionTenant
                | Self::GetInvalidationForDistributionTenant
                | Self::ListInvalidationsForDistributionTenant
        )
    }

    /// Returns the type of the operation's target as it appears in ARNs and URLs.
    pub(crate) fn resource(self) -> &'static str {
        if self.is_for_tenants() {
            "distribution-tenant"
        } else {
            "distribution"
        }
    }
}

/// One API call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) operation: Operation,
    /// The id of the distribution or tenant; empty if the operation has none.
    pub(crate) target: String,
    /// The id of the invalidation; empty if the operation has none.
    pub(crate) invalidation: String,
}

impl Route {
    /// Parses the operation that a request calls, if it belongs to this API.
    pub(crate) fn read(request: &Request) -> Option<Self> {
        let path = request.path.strip_prefix("/2020-05-31/")?;
        let segments: Vec<String> = path.split('/').map(decoded).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let (operation, target, invalidation) = read(&request.method, &segments)?;
        Some(Self {
            operation,
            target: target.to_owned(),
            invalidation: invalidation.to_owned(),
        })
    }
}

fn read<'a>(method: &Method, segments: &[&'a str]) -> Option<(Operation, &'a str, &'a str)> {
    use Operation as Op;
    let get = method == Method::GET;
    let post = method == Method::POST;
    let found = match *segments {
        ["distribution"] if get => (Op::ListDistributions, "", ""),
        ["distribution", id] if get => (Op::GetDistribution, id, ""),
        ["distribution", id, "config"] if get => (Op::GetDistributionConfig, id, ""),
        ["cache-policy", id] if get => (Op::GetCachePolicy, id, ""),
        ["continuous-deployment-policy", id] if get => (Op::GetContinuousDeploymentPolicy, id, ""),
        ["distribution", id, "invalidation"] if get => (Op::ListInvalidations, id, ""),
        ["distribution", id, "invalidation"] if post => (Op::CreateInvalidation, id, ""),
        ["distribution", id, "invalidation", invalidation] if get => (Op::GetInvalidation, id, invalidation),
        ["distribution-tenants"] if post => (Op::ListDistributionTenants, "", ""),
        ["distribution-tenant"] if get => (Op::GetDistributionTenantByDomain, "", ""),
        ["connection-group", id] if get => (Op::GetConnectionGroup, id, ""),
        ["distribution-tenant", id] if get => (Op::GetDistributionTenant, id, ""),
        ["distribution-tenant", id, "invalidation"] if get => (Op::ListInvalidationsForDistributionTenant, id, ""),
        ["distribution-tenant", id, "invalidation"] if post => (Op::CreateInvalidationForDistributionTenant, id, ""),
        ["distribution-tenant", id, "invalidation", invalidation] if get => {
            (Op::GetInvalidationForDistributionTenant, id, invalidation)
        }
        _ => return None,
    };
    Some(found)
}
