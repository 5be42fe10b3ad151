//! Reloads the visible data.

use crate::app::act::history;
use crate::app::model::Model;
use crate::app::overlay::profile_search::InProfiles;
use crate::app::screen::Screen;
use crate::app::{fetching, resting};
use crate::domain::distribution::Target;
use crate::engine::preferences::Front;
use crate::engine::row::RowKey;
use crate::engine::{fleet, profile_search, queue, tenants, watch};

pub(in crate::app) fn refresh(model: &mut Model) {
    if model.overlays.top::<InProfiles>().is_some() {
        return profile_search::again(&mut model.engine);
    }
    crate::engine::ledger::try_again(&mut model.engine);
    if queue::renew(&mut model.engine) {
        return;
    }
    match model.screen() {
        Screen::Distributions(_) => {
            model.engine.overview.begin_again(model.engine.now);
            model.engine.rights.forget_denied(|_| true);
            fleet::refresh(&mut model.engine);
        }
        Screen::Invalidations(screen) => match screen.target.clone() {
            Some(target) => refresh_target(model, &target),
            None => refresh_all(model),
        },
        Screen::Details(screen) => {
            if let RowKey::Invalidation(target, _) = screen.key.clone() {
                model.engine.histories.try_again(&target);
                model.engine.rights.forget_denied(|of| of == Some(&target));
            }
            fetching::rested(model);
        }
        Screen::Tenants(screen) => {
            let distribution = screen.distribution.clone();
            tenants::refresh(&mut model.engine, &distribution);
        }
        Screen::History(_) => history::reread(model),
        Screen::Composer(_) => {}
    }
}

/// Reloads the invalidations of all targets. If they are loaded automatically, only those with an invalidation in
/// progress are reloaded now, and the others at the pace of the automatic reads, so that a hundred targets do not delay
/// the polling.
fn refresh_all(model: &mut Model) {
    let paced = model.engine.preferences.front == Front::Overview;
    model.engine.overview.begin_again(model.engine.now);
    let targets = model.engine.histories.iter();
    let targets: Vec<_> = targets
        .map(|(target, history)| (target.clone(), history.is_moving()))
        .collect();
    for (target, is_moving) in targets {
        allow_again(model, &target);
        if is_moving || !paced {
            watch::read_first_page(&mut model.engine, &target);
        }
    }
    resting::rest(model);
}

/// Reloads the newest page of a target's invalidations, and allows failed reads to be retried.
fn refresh_target(model: &mut Model, target: &Target) {
    allow_again(model, target);
    watch::read_first_page(&mut model.engine, target);
    resting::rest(model);
}

fn allow_again(model: &mut Model, target: &Target) {
    model.engine.rights.forget_denied(|of| of == Some(target));
    model.engine.histories.try_again(target);
}
