//! The core: a model, messages that may change it, and effects it asks for. Pure.
//!
//! [`update::update`] takes a [`message::Message`] and returns [`effect::Effect`]s; nothing else changes the
//! [`model::Model`].

mod act;
pub mod action;
mod copying;
pub mod data;
pub mod drafts;
pub mod edge;
pub mod editor;
pub mod effect;
mod ending;
mod fleet;
pub mod key;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod ledger;
pub mod list;
pub mod lost;
pub mod message;
pub mod model;
mod news;
mod opening;
pub mod overlay;
pub mod past;
pub mod polling;
mod purpose;
pub mod queue;
pub mod reads;
mod resting;
mod retention;
pub mod row;
pub mod screen;
pub mod scroll;
mod seen;
mod settle;
mod steps;
pub mod telling;
mod tenants;
pub mod timers;
pub mod unsaved;
pub mod update;
pub mod watch;
pub mod whose;
