//! Opening targets: what the command line named, what a person chose, what CloudFront found under a name.

use super::action::Action;
use super::keys::is_available;
use super::model::Model;
use super::overlay::go_to;
use super::screen;
use super::screen::{Screen, composer};
use super::settle::Want;
use crate::domain::distribution::{DistributionId, Target};
use crate::domain::submission::Scope;
use crate::domain::target::{TargetName, TypedTarget};
use crate::engine::notices::Level;
use crate::engine::session::Session;
use crate::engine::{fleet, tenants};

/// Opens a target's invalidations.
pub(super) fn open(model: &mut Model, target: Target) {
    if let (Target::Distribution(id), Screen::Distributions(screen)) = (&target, &mut model.screens[0]) {
        screen.list.select(id);
        let id = id.clone();
        fleet::describe(&mut model.engine, &id);
    }
    screen::open_invalidations(model, Some(target));
}

/// Opens a target's invalidations, and with the path of a URL also the composer.
pub(super) fn open_with(model: &mut Model, target: Target, path: Option<String>) {
    open(model, target.clone());
    let Some(path) = path else { return };
    match is_available(model, Action::InvalidateHere) {
        Ok(()) => drop(composer::open_with(model, target, vec![path])),
        Err(reason) => model.engine.say(Level::Info, reason),
    }
}

/// Opens the tenants of a distribution above the present page.
pub(super) fn open_tenants(model: &mut Model, distribution: DistributionId) {
    screen::push(model, Screen::Tenants(screen::tenants::Tenants::new(distribution)));
}

/// Opens the target of the command line as soon as it is known which one that is: an id needs no right to list.
pub(super) fn open_named(model: &mut Model) {
    let Some(typed) = model.wanted.clone() else { return };
    let name = &typed.name;
    if !matches!(model.engine.session, Session::Connected(_)) {
        return;
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

/// CloudFront told which target has this name, or that none has. Without the right for it nobody knows more than before.
pub(super) fn named(model: &mut Model, name: TargetName, target: Option<Target>) {
    if go_to::answered(model, &name, target.clone()) {
        return;
    }
    let path = model.looked_up.take().filter(|typed| typed.name == name);
    let path = path.and_then(|typed| typed.path);
    match target {
        Some(target) => model.want(Want::Open(TypedTarget { name, path }, target)),
        None => say_not_found(model, &name),
    }
}

fn say_not_found(model: &mut Model, name: &TargetName) {
    let sentence = fleet::why_not_found(&model.engine, name);
    model.engine.say(Level::Warning, sentence);
}

/// Switches to another profile: closes the pages of the old account and keeps what was typed.
pub(super) fn change_profile(model: &mut Model, profile: &str, scope: Scope) {
    // What is under review was made for the old account.
    screen::leave(model);
    model.screens.truncate(1);
    model.marked.clear();
    fleet::change_profile(&mut model.engine, profile, scope);
}
