//! The core: a model, messages that may change it, and effects that it requests. Pure.
//!
//! [`update::update`] takes a [`message::Message`] and returns [`crate::engine::effect::Effect`]s; nothing else
//! changes the [`model::Model`].
//!
//! It has two layers. The lower layer is the state: the [`model`] with its pages ([`screen`]) and overlays
//! ([`overlay`]), tables, texts and keys. The upper layer is the behavior ([`act`] and its neighbors): functions over
//! the model, which only call functions of their own layer or the lower one. If they need something done further up,
//! they record it in the model, and `update` or `settle` carries it out.

pub mod act;
pub mod action;
pub mod activity;
mod ages;
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
pub mod missing;
pub mod model;
mod mouse;
mod named;
mod opening;
pub mod overlay;
pub mod overview;
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
