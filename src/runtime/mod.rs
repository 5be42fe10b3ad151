//! The imperative shell: the only asynchronous code.

pub mod log;
pub mod terminal;
