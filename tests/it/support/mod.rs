//! What the subjects share.

pub(crate) mod clock;
pub(crate) mod command;
pub(crate) mod connector;
pub(crate) mod loopback;
