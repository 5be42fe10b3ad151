//! What the subjects share.
