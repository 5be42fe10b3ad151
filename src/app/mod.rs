//! The core: a model, messages that may change it, and effects it asks for. Pure.

pub mod editor;
pub mod effect;
