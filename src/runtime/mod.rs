//! The imperative shell: the only asynchronous code.

pub mod clipboard;
pub mod input;
pub mod log;
pub mod notify;
pub mod signals;
pub mod terminal;
