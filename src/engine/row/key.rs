//! The key of a row of invalidations.

use crate::domain::distribution::Target;
use crate::domain::invalidation::InvalidationId;
use crate::domain::submission::SubmissionId;

/// The key of a row, which stays the same from plan to completion.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowKey {
    /// One of our submissions.
    Submission(SubmissionId),
    /// An invalidation that was created elsewhere, or that is older than this ledger.
    Invalidation(Target, InvalidationId),
}
