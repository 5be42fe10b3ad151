//! One integration binary: a file per subject, shared helpers in `support`.

mod cli;
mod sdk;
mod settings;
mod support;
