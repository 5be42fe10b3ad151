//! The core: a model, messages that may change it, and effects it asks for. Pure.
//!
//! [`update::update`] takes a [`message::Message`] and returns [`crate::engine::effect::Effect`]s; nothing else changes the
//! [`model::Model`].

mod act;
pub mod action;
pub mod activity;
pub mod aws_command;
mod copying;
pub mod editor;
mod ending;
pub mod finder;
pub mod key;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod list;
pub mod message;
pub mod model;
mod opening;
pub mod overlay;
mod overview;
pub mod pointer;
mod remember;
mod resting;
pub mod screen;
pub mod scroll;
mod settle;
pub mod table;
pub mod update;

#[cfg(test)]
mod tests;
