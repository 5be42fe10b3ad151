//! Goes from page to page: saves the state of the old page, and tells the engine which page is visible.

use crate::app::act::composer::draft;
use crate::app::act::import::step;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::app::screen::invalidations::Invalidations;
use crate::app::screen::tenants::Tenants;
use crate::domain::distribution::Target;
use crate::engine::seen::Seen;

/// Leaves the page: saves the composed text and closes the overlays that belong to the page.
pub(in crate::app) fn leave(model: &mut Model) {
    // The notice belongs to the page that the user is leaving.
    model.engine.end_notice();
    draft::keep_draft(model);
    step::cancel_waiting(model);
    model.overlays.retain(|overlay| !overlay.parts().is_of_composer());
}

/// Tells the engine which page is visible now.
pub(in crate::app) fn look(model: &mut Model) {
    model.engine.seen = match model.screen() {
        Screen::Distributions(_) => Seen::Distributions,
        Screen::Tenants(screen) => Seen::Tenants(screen.distribution.clone()),
        Screen::Invalidations(screen) => Seen::Invalidations(screen.target.clone()),
        Screen::Details(screen) => Seen::Row(screen.key.clone()),
        Screen::History(_) => Seen::History,
        Screen::Composer(_) => Seen::List,
    };
    model.engine.drafts.composed = draft::open_composer(model).map(|composer| composer.draft);
}

/// Opens a page above the current one.
pub(in crate::app) fn push(model: &mut Model, screen: Screen) {
    leave(model);
    model.screens.push(screen);
    arrive(model);
}

/// Updates the state after a different page has become visible.
fn arrive(model: &mut Model) {
    look(model);
    model.engine.rows_changed();
    crate::engine::watch::looked_at_changed(&mut model.engine);
    model.engine.touch();
}

/// Closes the page, unless it is the first one. Returns whether a page was closed.
pub(in crate::app) fn pop(model: &mut Model) -> bool {
    if model.screens.len() == 1 {
        return false;
    }
    leave(model);
    model.screens.pop();
    arrive(model);
    true
}

/// Opens the invalidations page for one target, or for all of them, above the distributions page. For a tenant, opens
/// it above the tenants page that the tenant was chosen from.
pub(in crate::app) fn open_invalidations(model: &mut Model, target: Option<Target>) {
    leave(model);
    let of_a_tenant = |list: &Tenants| match &target {
        Some(Target::Tenant(id)) => model
            .engine
            .tenants
            .get(id)
            .is_some_and(|tenant| tenant.distribution == list.distribution),
        Some(Target::Distribution(_)) => false,
        None => true,
    };
    let above = matches!(model.screens.get(1), Some(Screen::Tenants(list)) if of_a_tenant(list));
    model.screens.truncate(if above { 2 } else { 1 });
    model.marked_rows.clear();
    push(model, Screen::Invalidations(Invalidations::new(target)));
}
