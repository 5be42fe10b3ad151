//! What the subjects share.

pub(crate) mod command;
