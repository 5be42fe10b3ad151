//! One integration binary: a file per subject, shared helpers in `support`.

mod rules;
mod rules_collapse;
mod rules_list;
mod screens;
mod support;
