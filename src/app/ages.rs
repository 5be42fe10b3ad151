//! Keeps displayed ages current by redrawing a page when they change. A timer wakes the program for this only if the
//! user has chosen ages instead of times, and only while the terminal has the focus.

use std::time::Duration;

use chrono::TimeDelta;

use super::activity::Activity;
use super::model::{Model, Times};
use super::screen::Screen;
use crate::engine::row::row;
use crate::engine::timers::TimerKind;

/// The age up to which seconds are shown.
const IN_SECONDS: TimeDelta = TimeDelta::minutes(2);

/// Starts the timer for the next change if the page shows ages, or else cancels it.
pub(super) fn follow(model: &mut Model) {
    let shows_rows = !matches!(model.screen(), Screen::Composer(_));
    if model.times != Times::Relative || !model.engine.focused || !shows_rows {
        model.engine.cancel_timer(&TimerKind::Ages);
    } else if !model.engine.is_timed(&TimerKind::Ages) {
        let after = changes_after(model);
        model.engine.timer(TimerKind::Ages, after);
    }
}

/// Returns the time until the youngest age changes: a second, or a minute once the age is shown in minutes.
fn changes_after(model: &Model) -> Duration {
    let engine = &model.engine;
    let newest = Activity::of(engine, 1).rows;
    let newest = newest.first().and_then(|key| row(engine, key)?.made());
    let is_young = newest.is_some_and(|made| engine.now - made < IN_SECONDS);
    Duration::from_secs(if is_young { 1 } else { 60 })
}
