//! Opens targets by name: from the command line, or looked up in CloudFront.

use crate::app::act::go_to;
use crate::app::model::Model;
use crate::app::opening;
use crate::app::waiting::Want;
use crate::domain::distribution::Target;
use crate::domain::target::{TargetName, TypedTarget};
use crate::engine::notices::Level;
use crate::engine::session::Session;
use crate::engine::{fleet, tenants};

/// Opens the target from the command line as soon as it is identified. An id can be opened without permission to
/// list distributions.
pub(in crate::app) fn open_named(model: &mut Model) {
    let Some(typed) = model.wanted.clone() else { return };
    let name = &typed.name;
    if !matches!(model.engine.session, Session::Connected(_)) {
        return;
    }
    if let Err(sentence) = opening::must_be_ours(model, &typed) {
        model.wanted = None;
        return model.engine.say(Level::Warning, sentence);
    }
    let target = fleet::find(&model.engine, name);
    if target.is_none() && !model.engine.fleet.complete && model.engine.fleet.freshness.failure.is_none() {
        return;
    }
    model.wanted = None;
    match target {
        Some(target) => model.want(Want::Open(typed, target)),
        None if tenants::find(&mut model.engine, name) => model.looked_up = Some(typed),
        None => say_not_found(model, name),
    }
}

/// Handles the result of looking up a target by name in CloudFront. Without permission to look it up, the target
/// remains unknown.
pub(in crate::app) fn named(model: &mut Model, name: TargetName, target: Option<Target>) {
    if go_to::answered(model, &name, target.clone()) {
        return;
    }
    let path = model.looked_up.take().filter(|typed| typed.name == name);
    let path = path.and_then(|typed| typed.path);
    match target {
        Some(target) => {
            let typed = TypedTarget {
                path,
                ..TypedTarget::of(name)
            };
            model.want(Want::Open(typed, target));
        }
        None => say_not_found(model, &name),
    }
}

fn say_not_found(model: &mut Model, name: &TargetName) {
    let sentence = fleet::why_not_found(&model.engine, name);
    model.engine.say(Level::Warning, sentence);
}
