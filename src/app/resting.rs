//! Fetches missing data for the selected row a moment after the selection stops moving.

use crate::app::act::import::earlier;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::domain::record::Record;
use crate::engine::timers::TimerKind;
use crate::engine::{past, watch};

/// Schedules a fetch of missing data for the selected row, because the selection has moved.
pub(super) fn rest(model: &mut Model) {
    if earlier::is_choosing(model) {
        model.engine.restart_timer(TimerKind::Rest, watch::REST);
        return;
    }
    match model.screen() {
        Screen::Distributions(_) | Screen::Invalidations(_) | Screen::Details(_) => {
            model.engine.restart_timer(TimerKind::Rest, watch::REST);
        }
        // Most rows are complete and need no timer.
        Screen::History(screen) => {
            let unknown = |record: &Record| past::submission(&model.engine, &record.id).is_none();
            if screen.selected().is_some_and(unknown) {
                model.engine.restart_timer(TimerKind::Rest, watch::REST);
            }
        }
        Screen::Tenants(_) | Screen::Composer(_) => {}
    }
}
