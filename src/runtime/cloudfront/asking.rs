//! Describes calls for a user who waits for their responses.

use crate::engine::effect::Call;

/// Returns a description of the call, shown if the response takes a long time.
pub(super) fn asking(call: &Call) -> &'static str {
    match call {
        Call::ListDistributions { .. } => "asking CloudFront for the distributions",
        Call::GetDistribution(_) => "asking CloudFront for a distribution",
        Call::GetCachePolicy(_) | Call::GetDeploymentPolicy(_) => "asking CloudFront for a policy",
        Call::ListTenants { .. } => "asking CloudFront for the tenants",
        Call::GetTenant(_) | Call::FindTenant(_) => "asking CloudFront for a tenant",
        Call::GetConnectionGroup(_) => "asking CloudFront for a connection group",
        Call::ListInvalidations { .. } => "asking CloudFront for the invalidations",
        Call::GetInvalidation { .. } => "asking CloudFront for an invalidation",
        Call::LookUpEvents(_) => "asking CloudTrail who made an invalidation",
        Call::CreateInvalidation { .. } => "sending to CloudFront",
    }
}
