//! What lies where, collected while a frame is drawn: the mouse meets what is seen.

use std::cell::Cell;

use ratatui::layout::Rect;

use crate::app::pointer::{Area, Hit, Hits};

/// Collects it. Every part of the view has it at hand, and none reads it.
#[derive(Default)]
pub(super) struct Recorder(Cell<Hits>);

impl Recorder {
    /// Something is drawn there that a click can meet.
    pub(super) fn put(&self, area: Rect, hit: Hit) {
        self.change(|hits| hits.put(area_of(area), hit));
    }

    /// An overlay comes above everything so far.
    pub(super) fn cover(&self) {
        self.change(Hits::cover);
    }

    /// What was collected.
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
