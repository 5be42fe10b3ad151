//! One integration binary: a file per subject, shared helpers in `support`.

mod cli;
mod journeys;
mod sdk;
mod settings;
mod support;
mod terminal;
mod tidy;
