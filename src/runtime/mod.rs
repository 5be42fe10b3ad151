//! The imperative shell: the only asynchronous code.

pub mod log;
pub mod clipboard;
pub mod input;
pub mod notify;
pub mod signals;
pub mod terminal;
