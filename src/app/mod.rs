//! The core: a model, messages that may change it, and effects it asks for. Pure.
//!
//! [`update::update`] takes a [`message::Message`] and returns [`crate::engine::effect::Effect`]s; nothing else changes the
//! [`model::Model`].
//!
//! It has two floors. Below is what is held: the [`model`] with its pages ([`screen`]) and overlays ([`overlay`]), tables,
//! texts and keys. Above is what is done with it ([`act`] and its neighbors): functions over the model, which call each
//! other downwards alone. What one of them wants done further up it leaves in the model, and `update` or `settle` does it.

pub mod act;
pub mod action;
pub mod activity;
pub mod availability;
pub mod aws_command;
mod copying;
pub mod editor;
mod ending;
mod fetching;
pub mod finder;
mod input;
pub mod key;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod list;
pub mod message;
pub mod model;
mod mouse;
mod named;
mod opening;
pub mod overlay;
mod overview;
pub mod pointer;
mod remember;
mod remembered;
mod resting;
pub mod screen;
pub mod scroll;
pub mod selection;
mod settle;
pub mod table;
pub mod update;
mod waiting;

#[cfg(test)]
mod tests;
