//! Describes calls for a user who waits for their responses.

use crate::engine::effect::Call;

/// Returns a description of the call, shown if the response takes a long time.
pub(super) fn asking(call: &Call) -> &'static str {
    match call {
        Call::ListDistributions { .. } => "loading distributions from CloudFront",
        Call::GetDistribution(_) => "loading a distribution from CloudFront",
        Call::GetCachePolicy(_) | Call::GetDeploymentPolicy(_) => "loading a policy from CloudFront",
        Call::ListTenants { .. } => "loading tenants from CloudFront",
        Call::GetTenant(_) | Call::FindTenant(_) => "loading a tenant from CloudFront",
        Call::GetConnectionGroup(_) => "loading a connection group from CloudFront",
        Call::ListInvalidations { .. } => "loading invalidations from CloudFront",
        Call::GetInvalidation { .. } => "loading an invalidation from CloudFront",
        Call::LookUpEvents(_) => "looking up an invalidation in CloudTrail",
        Call::CreateInvalidation { .. } => "sending to CloudFront",
    }
}
