//! The imperative shell: the only asynchronous code.

pub mod child;
pub mod clipboard;
pub mod clock;
pub mod cloudfront;
pub mod credentials;
pub mod dashboard;
pub mod demo;
pub mod edge;
pub mod effects;
pub mod event_loop;
pub(crate) mod export;
pub mod fatal;
pub mod import;
pub mod input;
pub mod ledger;
pub(crate) mod lists;
pub mod log;
mod log_in;
pub mod notify;
pub mod signals;
pub(crate) mod start;
pub mod terminal;
pub mod text_editor;
mod theme;
mod trust;
mod web;
mod whole_file;
