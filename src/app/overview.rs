//! Selects the distributions whose last invalidations are loaded automatically: the visible ones, or all of them on the
//! page with the invalidations of all targets.

use super::model::Model;
use super::screen::Screen;
use super::screen::distributions::is_favorite;
use crate::app::layout;
use crate::domain::distribution::{Distribution, Target};
use crate::engine::overview;
use crate::engine::preferences::Front;

/// The maximum number of distributions that are loaded for the page with the invalidations of all targets, at one read
/// per second.
const MOST: usize = 100;

/// Requests missing data, one read at a time, starting with the selected distribution. Nothing is requested unless the
/// distributions page or the page with the invalidations of all targets is visible.
pub(super) fn follow(model: &mut Model) {
    if model.engine.preferences.front != Front::Overview {
        return;
    }
    let targets = match model.screen() {
        Screen::Distributions(_) if overview::may_read(&model.engine) => in_sight(model),
        Screen::Invalidations(page) if page.target.is_none() && may_read_all(model) => all(model),
        _ => return overview::stop(&mut model.engine),
    };
    overview::read(&mut model.engine, &targets);
}

/// Returns whether the invalidations of all distributions may be loaded. Invalidations sent from this machine come
/// first: their progress uses the same reads, and would otherwise be seen late.
fn may_read_all(model: &Model) -> bool {
    overview::may_read(&model.engine) && model.engine.in_flight() == 0
}

/// How many of the distributions have their invalidations loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The number of distributions whose invalidations are loaded.
    pub loaded: usize,
    /// The number of all distributions that have invalidations of their own.
    pub all: usize,
    /// Whether the remaining distributions are being loaded.
    pub goes_on: bool,
    /// Whether there are multi-tenant distributions, whose tenants are loaded only once they are opened.
    pub has_tenants: bool,
}

/// Returns how many distributions have their invalidations loaded; `None` if the distributions are not known.
#[must_use]
pub fn loaded(model: &Model) -> Option<Loaded> {
    let engine = &model.engine;
    let is_loaded = |d: &&Distribution| {
        let history = engine.histories.get(&Target::Distribution(d.id.clone()));
        history.is_some_and(|history| history.freshness.as_of.is_some())
    };
    let all = single(model).count();
    let loaded = single(model).filter(is_loaded).count();
    (all > 0).then_some(Loaded {
        loaded,
        all,
        goes_on: overview::goes_on(engine, &self::all(model)),
        has_tenants: engine.fleet.all().iter().any(Distribution::is_multi_tenant),
    })
}

/// Returns the distributions that have invalidations of their own. Viewers reach multi-tenant ones only through their
/// tenants, which have their own.
fn single(model: &Model) -> impl Iterator<Item = &Distribution> {
    model.engine.fleet.all().iter().filter(|d| !d.is_multi_tenant())
}

/// Returns all distributions, pinned ones first, up to the maximum, then the tenants that have been opened.
fn all(model: &Model) -> Vec<Target> {
    let is_pinned = |d: &&Distribution| is_favorite(&model.engine, &d.id);
    let all = single(model)
        .filter(is_pinned)
        .chain(single(model).filter(|d| !is_pinned(d)));
    let all = all.take(MOST).map(|d| Target::Distribution(d.id.clone()));
    let opened = model.engine.histories.iter().map(|(target, _)| target);
    all.chain(opened.filter(|target| matches!(target, Target::Tenant(_))).cloned())
        .collect()
}

/// Returns the distributions that may be visible around the selection: the selected one and those below it, then those
/// above it. Multi-tenant ones are excluded: viewers reach them only through their tenants, which have their own
/// invalidations.
fn in_sight(model: &Model) -> Vec<Target> {
    let Screen::Distributions(screen) = model.screen() else {
        return Vec::new();
    };
    let (rows, selected) = (screen.list.rows(), screen.list.selected());
    let seen = usize::from(layout::dashboard_rows(model.size, screen.list.total()));
    let below = rows.iter().skip(selected).take(seen);
    let above = rows.iter().take(selected).rev().take(seen.saturating_sub(1));
    let single = |id: &&_| model.engine.fleet.get(id).is_some_and(|d| !d.is_multi_tenant());
    let ids = below.chain(above).filter(single);
    ids.map(|id| Target::Distribution(id.clone())).collect()
}
