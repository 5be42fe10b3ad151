//! The distributions in sight, whose last invalidations are read without being asked for.

use super::model::Model;
use super::screen::Screen;
use crate::app::layout;
use crate::domain::distribution::Target;
use crate::engine::overview;
use crate::engine::state::Front;

/// Has what is missing read, one after another, the selected distribution first; nothing while nobody looks.
pub(super) fn follow(model: &mut Model) {
    if model.engine.preferences.front != Front::Overview {
        return;
    }
    if !overview::may_read(&model.engine) || !matches!(model.screen(), Screen::Distributions(_)) {
        overview::stop(&mut model.engine);
        return;
    }
    let targets = in_sight(model);
    overview::read(&mut model.engine, &targets);
}

/// The distributions that may be seen around the selection: those below it, then those above it. Viewers reach a
/// multi-tenant one through its tenants alone, which have invalidations of their own.
fn in_sight(model: &Model) -> Vec<Target> {
    let Screen::Distributions(screen) = model.screen() else {
        return Vec::new();
    };
    let (rows, selected) = (screen.list.rows(), screen.list.selected());
    let seen = usize::from(layout::dashboard_rows(model.size));
    let below = rows.iter().skip(selected).take(seen);
    let above = rows.iter().take(selected).rev().take(seen.saturating_sub(1));
    let single = |id: &&_| model.engine.fleet.get(id).is_some_and(|d| !d.is_multi_tenant());
    let ids = below.chain(above).filter(single);
    ids.map(|id| Target::Distribution(id.clone())).collect()
}
