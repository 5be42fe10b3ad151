//! One integration binary: a file per subject, shared helpers in `support`.

mod screens;
mod support;
