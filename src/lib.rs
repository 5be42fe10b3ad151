//! invalidash: a terminal dashboard for Amazon CloudFront cache invalidations.
//!
//! A pure core decides ([`app`] on top of [`domain`]), a thin runtime does ([`runtime`]), a view shows ([`ui`]).

pub mod app;
pub mod cli;
pub mod domain;
pub mod emulator;
pub mod headless;
pub mod runtime;
pub mod settings;
pub mod ui;
