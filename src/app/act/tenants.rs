//! Opens the composer for all of a distribution's tenants that match the filter, as soon as all pages are loaded.

use chrono::TimeDelta;

use crate::app::act::composer::compose;
use crate::app::keys::is_text;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::domain::distribution::Target;
use crate::engine::data::tenants::TenantList;
use crate::engine::notices::Level;
use crate::engine::tenants;

/// The maximum age at which a list of tenants still counts as complete. Reusing the list saves the user from waiting
/// for the same pages again.
const FRESH: TimeDelta = TimeDelta::minutes(1);

/// Requests the composer for all tenants that the filter shows. It opens as soon as all pages are loaded.
pub(in crate::app) fn want_all(model: &mut Model) {
    let Screen::Tenants(screen) = model.screen_mut() else {
        return;
    };
    screen.wants_all = true;
    let distribution = screen.distribution.clone();
    let now = model.engine.now;
    let is_fresh = |list: &TenantList| list.is_whole() && list.freshness.as_of.is_some_and(|read| now - read < FRESH);
    if !model.engine.tenants.of(&distribution).is_some_and(is_fresh) {
        tenants::refresh(&mut model.engine, &distribution);
        let text = "loading all tenants; the composer will open when done";
        model.engine.say(Level::Info, text);
    }
}

/// Opens the requested composer for all tenants that the filter shows, once all are loaded and the user is not
/// typing.
pub(in crate::app) fn follow(model: &mut Model) {
    let waits = matches!(model.screen(), Screen::Tenants(screen) if screen.wants_all);
    if !waits || !model.overlays.is_empty() || is_text(model) {
        return;
    }
    let Screen::Tenants(screen) = model.screen() else {
        return;
    };
    let list = model.engine.tenants.of(&screen.distribution);
    let answered = list.filter(|list| list.freshness.loading.is_none());
    let failure = answered.and_then(|list| list.freshness.failure.clone());
    if failure.is_none() && !list.is_some_and(TenantList::is_whole) {
        return;
    }
    let targets: Vec<Target> = screen.list.rows().iter().cloned().map(Target::Tenant).collect();
    if let Screen::Tenants(screen) = model.screen_mut() {
        screen.wants_all = false;
    }
    match failure {
        Some(failure) => model.engine.say(
            Level::Warning,
            format!("could not load all tenants, so none were selected: {failure}"),
        ),
        None if targets.is_empty() => model.engine.say(Level::Info, "no tenants to invalidate"),
        None => compose::open(model, targets, None),
    }
}
