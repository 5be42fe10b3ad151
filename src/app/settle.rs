//! What follows from a message, once, whatever rules it went through: the page on top shows what is known now, and the
//! seconds are counted that it shows. Rules change their own state and never bring the screen up to date themselves.

use super::model::Model;
use super::{screen, telling, watch};

/// Ends a message.
pub(super) fn settle(model: &mut Model) {
    if std::mem::take(&mut model.stale_rows) {
        screen::refill(model);
    }
    watch::tick(model);
    telling::follow(model);
}
