//! The key of a row of invalidations.

use crate::domain::distribution::Target;
use crate::domain::invalidation::InvalidationId;
use crate::domain::submission::SubmissionId;

/// The key of a row, which stays the same from the plan to the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowKey {
    /// One of our submissions.
    Submission(SubmissionId),
    /// An invalidation that is not from here, or older than this ledger.
    Invalidation(Target, InvalidationId),
}
