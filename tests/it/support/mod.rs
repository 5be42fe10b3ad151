//! What the subjects share.

pub(crate) mod clock;
pub(crate) mod connector;
pub(crate) mod journal;
