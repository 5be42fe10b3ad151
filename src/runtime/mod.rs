//! The imperative shell: the only asynchronous code.

pub mod terminal;
