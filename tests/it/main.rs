//! One integration binary: a file per subject, shared helpers in `support`.

mod ledger;
mod ledger_crash;
mod sdk;
mod sdk_credentials;
mod sdk_network;
mod support;
