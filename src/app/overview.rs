//! Selects the visible distributions whose last invalidations are loaded automatically.

use super::model::Model;
use super::screen::Screen;
use crate::app::layout;
use crate::domain::distribution::Target;
use crate::engine::overview;
use crate::engine::preferences::Front;

/// Requests missing data, one read at a time, starting with the selected distribution. Nothing is requested while the
/// page is not visible.
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
