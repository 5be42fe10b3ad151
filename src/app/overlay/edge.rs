//! What the edge has of an invalidation, or of what is to be invalidated.

use super::Overlay;
use crate::app::model::Model;
use crate::domain::edge::Plan;
use crate::engine::edge::{Subject, look, planned};
use crate::engine::notices::Level;

/// The layer that shows a look.
#[derive(Clone, Debug)]
pub struct EdgeLook {
    /// What is looked at.
    pub subject: Subject,
    /// Which addresses are asked for: found once, since that goes through all that is known.
    pub plan: Plan,
}

/// Opens the layer and takes a look, or says why there is nothing to look at.
pub(in crate::app) fn open(model: &mut Model, subject: Subject) {
    match planned(&model.engine, &subject) {
        Ok(plan) => {
            look(&mut model.engine, &plan);
            model.overlays.push(Overlay::Edge(EdgeLook { subject, plan }));
            model.engine.touch();
        }
        Err(reason) => model.engine.say(Level::Info, reason),
    }
}
