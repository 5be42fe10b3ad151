//! What the subjects share.

pub(crate) mod samples;
pub(crate) mod scene;
pub(crate) mod screen;
