//! What the edge has of an invalidation, or of what is to be invalidated.

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::edge::Plan;
use crate::engine::edge::Subject;

/// The layer that shows a look.
#[derive(Clone, Debug)]
pub struct EdgeLook {
    /// What is looked at.
    pub subject: Subject,
    /// Which addresses are asked for: found once, since that goes through all that is known.
    pub plan: Plan,
}

impl Parts for EdgeLook {
    fn title(&self) -> &'static str {
        "At the edge"
    }

    fn keys(&self) -> Keys {
        keys::EDGE
    }

    fn is_of_composer(&self) -> bool {
        matches!(self.subject, Subject::Draft { .. })
    }
}
