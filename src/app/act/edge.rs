//! Opens the edge check overlay for an invalidation or for items that are about to be invalidated.

use crate::app::model::Model;
use crate::app::overlay::edge::EdgeLook;
use crate::engine::edge::{Subject, look, planned};
use crate::engine::notices::Level;

/// Opens the overlay and starts the check, or reports why nothing can be checked.
pub(in crate::app) fn open(model: &mut Model, subject: Subject) {
    match planned(&model.engine, &subject) {
        Ok(plan) => {
            look(&mut model.engine, &plan);
            model.open(EdgeLook { subject, plan });
        }
        Err(reason) => model.engine.say(Level::Info, reason),
    }
}
