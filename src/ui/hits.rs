//! Collects the clickable areas while a frame is drawn, so that mouse events refer to what is visible.

use std::cell::Cell;

use ratatui::layout::Rect;

use crate::app::pointer::{Area, Hit, Hits};

/// A collector of clickable areas. Every part of the view can add areas, but none can read them.
#[derive(Default)]
pub(super) struct Recorder(Cell<Hits>);

impl Recorder {
    /// Registers a clickable area.
    pub(super) fn put(&self, area: Rect, hit: Hit) {
        self.change(|hits| hits.put(area_of(area), hit));
    }

    /// Registers an overlay, which covers all areas registered so far.
    pub(super) fn cover(&self) {
        self.change(Hits::cover);
    }

    /// Returns the collected areas.
    pub(super) fn into_hits(self) -> Hits {
        self.0.into_inner()
    }

    fn change(&self, change: impl FnOnce(&mut Hits)) {
        let mut hits = self.0.take();
        change(&mut hits);
        self.0.set(hits);
    }
}

fn area_of(area: Rect) -> Area {
    Area {
        x: area.x,
        y: area.y,
        width: area.width,
        height: area.height,
    }
}
