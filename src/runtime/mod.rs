//! The imperative shell: the only asynchronous code.

pub mod ledger;
pub mod terminal;
