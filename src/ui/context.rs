//! The context that every part of the view uses for drawing.

use super::hits::Recorder;
use super::theme::Theme;
use crate::app::model::Model;
use crate::app::overlay::keys::Keys;

/// The context for drawing: model, theme, keys, and clickable areas.
#[derive(Clone, Copy)]
pub(super) struct ViewContext<'a> {
    pub(super) model: &'a Model,
    pub(super) theme: &'a Theme,
    /// The keys of the overlay being drawn.
    pub(super) keys: Keys,
    /// The clickable areas.
    pub(super) hits: &'a Recorder,
}
