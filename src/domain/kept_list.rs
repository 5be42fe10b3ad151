//! The list of distributions as an earlier run read it.

use chrono::{DateTime, Utc};

use super::distribution::Distribution;
use super::submission::Scope;

/// The whole list of distributions that one profile saw at one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptList {
    /// Whose list it is.
    pub scope: Scope,
    /// When its last page came.
    pub as_of: DateTime<Utc>,
    /// The distributions, in CloudFront's order.
    pub distributions: Vec<Distribution>,
}
