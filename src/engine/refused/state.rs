//! The record of which actions the current credentials were allowed or denied.

use std::collections::BTreeMap;

use crate::domain::distribution::{DistributionId, Target};
use crate::domain::trail::RIGHT;
use crate::engine::pending::CallRequest;

/// How many targets an operation must be denied for before it is no longer requested automatically for other targets.
pub(in crate::engine) const FEW: usize = 2;

/// An operation, with its service if that is not CloudFront, and its target if it has one.
pub type Right = (String, Option<Target>);

/// The actions allowed and denied since the credentials were loaded.
#[derive(Clone, Debug, Default)]
pub struct Rights {
    pub(in crate::engine) seen: BTreeMap<Right, Result<(), String>>,
}

impl Rights {
    /// Returns all recorded actions; `Err` contains CloudFront's message.
    pub fn seen(&self) -> impl Iterator<Item = (&Right, &Result<(), String>)> {
        self.seen.iter()
    }

    /// Returns why an operation was denied, if it was.
    pub(crate) fn denied(&self, right: &Right) -> Option<&str> {
        self.seen.get(right)?.as_ref().err().map(String::as_str)
    }

    /// Returns whether access to the details of a distribution was denied.
    pub(crate) fn may_not_describe(&self, id: &DistributionId) -> bool {
        let right = (DESCRIBE.to_owned(), Some(Target::Distribution(id.clone())));
        self.denied(&right).is_some()
    }

    /// Returns whether an operation was denied for enough targets to assume the same for the others.
    pub(crate) fn is_denied_everywhere(&self, operation: &str) -> bool {
        let denied = self
            .seen
            .iter()
            .filter(|((of, _), seen)| *of == operation && seen.is_err());
        denied.take(FEW).count() == FEW
    }

    /// Discards denials because the user is retrying, and the permissions may have been granted by now.
    pub(crate) fn forget_denied(&mut self, concerns: impl Fn(Option<&Target>) -> bool) {
        self.seen
            .retain(|(_, target), seen| seen.is_ok() || !concerns(target.as_ref()));
    }
}

/// The operation whose response shows whether a distribution has cache tags.
pub(in crate::engine) const DESCRIBE: &str = "GetDistribution";

/// The operation that the overview calls for many distributions.
pub(crate) const GET: &str = "GetInvalidation";

/// Returns the permission that a request needs.
pub(crate) fn right_of(kind: &CallRequest) -> Option<Right> {
    let (operation, target) = match kind {
        CallRequest::Distributions => ("ListDistributions".to_owned(), None),
        CallRequest::Describe(id) => (DESCRIBE.to_owned(), Some(Target::Distribution(id.clone()))),
        CallRequest::Events => (RIGHT.to_owned(), None),
        CallRequest::CachePolicy(_) => ("GetCachePolicy".to_owned(), None),
        CallRequest::DeploymentPolicy(_) => ("GetContinuousDeploymentPolicy".to_owned(), None),
        CallRequest::ConnectionGroup(_) => ("GetConnectionGroup".to_owned(), None),
        CallRequest::Deployment(target) => {
            let operation = match target {
                Target::Distribution(_) => DESCRIBE,
                Target::Tenant(_) => "GetDistributionTenant",
            };
            (operation.to_owned(), Some(target.clone()))
        }
        CallRequest::Tenants(_) => ("ListDistributionTenants".to_owned(), None),
        CallRequest::DescribeTenant(id) => ("GetDistributionTenant".to_owned(), Some(Target::Tenant(id.clone()))),
        CallRequest::FirstPage(target, _) | CallRequest::OlderPage(target) => {
            (target.operation("ListInvalidations"), Some(target.clone()))
        }
        CallRequest::Poll(target, _) | CallRequest::Items(target, _) => (target.operation(GET), Some(target.clone())),
        _ => return None,
    };
    Some((operation, target))
}
