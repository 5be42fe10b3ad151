//! The edge check overlay for an invalidation or for items that are about to be invalidated.

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::edge::Plan;
use crate::engine::edge::Subject;

/// The state of the edge check overlay.
#[derive(Clone, Debug)]
pub struct EdgeLook {
    /// The subject of the check.
    pub subject: Subject,
    /// The URLs to request. They are computed only once, because computing them searches all known paths.
    pub plan: Plan,
}

impl Parts for EdgeLook {
    fn keys(&self) -> Keys {
        keys::EDGE
    }

    fn is_of_composer(&self) -> bool {
        matches!(self.subject, Subject::Draft { .. })
    }
}
