//! The list of distributions as saved by an earlier run.

use chrono::{DateTime, Utc};

use super::distribution::Distribution;
use super::submission::Scope;

/// The full list of distributions loaded with one profile from one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptList {
    /// The profile and endpoint of the list.
    pub scope: Scope,
    /// When the last page of the list arrived.
    pub as_of: DateTime<Utc>,
    /// The distributions, in CloudFront's order.
    pub distributions: Vec<Distribution>,
}
