//! The context that every part of the view uses for drawing.

use std::cell::OnceCell;

use super::hits::Recorder;
use super::theme::Theme;
use crate::app::activity::Activity;
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
    /// The recent invalidations.
    pub(super) recent: &'a Recent,
}

impl<'a> ViewContext<'a> {
    /// Returns the recent invalidations of all targets, computed at most once per frame.
    pub(super) fn activity(self) -> &'a Activity {
        let Recent { rows, found } = self.recent;
        found.get_or_init(|| Activity::of(&self.model.engine, *rows))
    }
}

/// The recent invalidations, computed when a part of the frame first needs them.
pub(super) struct Recent {
    rows: usize,
    found: OnceCell<Activity>,
}

impl Recent {
    /// Makes room for this many rows of the activity strip.
    pub(super) fn of(rows: usize) -> Self {
        let found = OnceCell::new();
        Self { rows, found }
    }
}
