//! One integration binary: a file per subject, shared helpers in `support`.

mod sdk;
mod support;
