//! The imperative shell: the only asynchronous code.

pub mod cloudfront;
pub mod credentials;
pub mod ledger;
pub mod terminal;
