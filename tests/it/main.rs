//! One integration binary: a file per subject, shared helpers in `support`.

mod cli;
mod settings;
mod support;
