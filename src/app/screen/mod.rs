//! The pages, one file each.

pub mod composer;
pub mod details;
pub mod distributions;
pub mod history;
pub mod invalidations;
pub mod tenants;

use composer::Composer;
use details::Details;
use distributions::Distributions;
use history::History;
use invalidations::Invalidations;
use tenants::Tenants;

use super::list::{Step, View};
use super::model::Model;
use super::table::Table;
use crate::domain::distribution::Target;
use crate::engine::seen::Seen;

/// A page.
#[derive(Debug)]
pub enum Screen {
    /// The distributions.
    Distributions(Distributions),
    /// The tenants of a distribution.
    Tenants(Tenants),
    /// The invalidations of one target, or of all that were looked at.
    Invalidations(Invalidations),
    /// One invalidation.
    Details(Details),
    /// What was ever sent from here.
    History(Box<History>),
    /// The list being composed.
    Composer(Box<Composer>),
}

impl Screen {
    /// The distributions, nothing selected.
    #[must_use]
    pub fn distributions() -> Self {
        Self::Distributions(Distributions::default())
    }

    /// Its name, for a crash report and the tests.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Distributions(_) => "distributions",
            Self::Tenants(_) => "tenants",
            Self::Invalidations(_) => "invalidations",
            Self::Details(_) => "details",
            Self::History(_) => "history",
            Self::Composer(_) => "composer",
        }
    }

    /// The table, on a page that is one.
    #[must_use]
    pub fn table(&self) -> Option<Table> {
        match self {
            Self::Distributions(_) => Some(Table::Distributions),
            Self::Tenants(_) => Some(Table::Tenants),
            Self::Invalidations(screen) => Some(screen.table()),
            Self::History(_) => Some(Table::History),
            Self::Details(_) | Self::Composer(_) => None,
        }
    }

    /// How the table is filtered, on a page that is one.
    #[must_use]
    pub fn view(&self) -> Option<&View> {
        match self {
            Self::Distributions(screen) => Some(&screen.list.view),
            Self::Tenants(screen) => Some(&screen.list.view),
            Self::Invalidations(screen) => Some(&screen.list.view),
            Self::History(screen) => Some(&screen.list.view),
            Self::Details(_) | Self::Composer(_) => None,
        }
    }

    /// How the table is filtered, to change it.
    pub fn view_mut(&mut self) -> Option<&mut View> {
        match self {
            Self::Distributions(screen) => Some(&mut screen.list.view),
            Self::Tenants(screen) => Some(&mut screen.list.view),
            Self::Invalidations(screen) => Some(&mut screen.list.view),
            Self::History(screen) => Some(&mut screen.list.view),
            Self::Details(_) | Self::Composer(_) => None,
        }
    }

    /// Whether the filter's field has the keys.
    #[must_use]
    pub fn is_filtering(&self) -> bool {
        self.view().is_some_and(|view| view.filtering)
    }

    /// The place of the selected row, on a page that has rows.
    #[must_use]
    pub fn selected(&self) -> Option<usize> {
        match self {
            Self::Distributions(screen) => Some(screen.list.selected()),
            Self::Tenants(screen) => Some(screen.list.selected()),
            Self::Invalidations(screen) => Some(screen.list.selected()),
            Self::History(screen) => Some(screen.list.selected()),
            Self::Details(_) | Self::Composer(_) => None,
        }
    }

    /// What is seen of the rows moves by so many lines.
    pub(super) fn turn(&mut self, lines: isize) {
        match self {
            Self::Distributions(screen) => screen.list.turn(lines),
            Self::Tenants(screen) => screen.list.turn(lines),
            Self::Invalidations(screen) => screen.list.turn(lines),
            Self::History(screen) => screen.list.turn(lines),
            Self::Details(_) | Self::Composer(_) => {}
        }
    }

    /// Moves the selection; returns whether it moved.
    pub fn step(&mut self, step: Step) -> bool {
        match self {
            Self::Distributions(screen) => screen.list.step(step),
            Self::Tenants(screen) => screen.list.step(step),
            Self::Invalidations(screen) => screen.list.step(step),
            Self::History(screen) => screen.list.step(step),
            // The view scrolls the one, the editor the other.
            Self::Details(_) | Self::Composer(_) => false,
        }
    }
}

/// Rebuilds the rows of the page on top. Those below it are rebuilt when they are on top again.
pub(super) fn refill(model: &mut Model) {
    let Some(mut screen) = model.screens.pop() else { return };
    match &mut screen {
        Screen::Distributions(screen) => screen.refill(model),
        Screen::Tenants(screen) => screen.refill(model),
        Screen::Invalidations(screen) => screen.refill(model),
        // What the ledger holds comes in pages of its own; the others have no rows.
        Screen::History(_) | Screen::Details(_) | Screen::Composer(_) => {}
    }
    model.screens.push(screen);
}

/// Leaves the page: saves what is being composed and closes the overlays that belong to it.
pub(super) fn leave(model: &mut Model) {
    // What was said belongs to the page that is left.
    model.engine.end_notice();
    composer::keep_draft(model);
    super::overlay::import::cancel_waiting(model);
    model.overlays.retain(|overlay| !overlay.is_of_composer());
}

/// Tells the rules what is looked at now.
pub(super) fn look(model: &mut Model) {
    model.engine.seen = match model.screen() {
        Screen::Distributions(_) => Seen::Distributions,
        Screen::Tenants(screen) => Seen::Tenants(screen.distribution.clone()),
        Screen::Invalidations(screen) => Seen::Invalidations(screen.target.clone()),
        Screen::Details(screen) => Seen::Row(screen.key.clone()),
        Screen::History(_) => Seen::History,
        Screen::Composer(_) => Seen::List,
    };
    model.engine.drafts.composed = composer::open_composer(model).map(|composer| composer.draft);
}

/// Opens a page above the present one.
pub(super) fn push(model: &mut Model, screen: Screen) {
    leave(model);
    model.screens.push(screen);
    look(model);
    model.engine.rows_changed();
    crate::engine::watch::looked_at_changed(&mut model.engine);
    model.engine.touch();
}

/// Closes the page; the first one stays. Returns whether one was closed.
pub(super) fn pop(model: &mut Model) -> bool {
    if model.screens.len() == 1 {
        return false;
    }
    leave(model);
    model.screens.pop();
    look(model);
    model.engine.rows_changed();
    crate::engine::watch::looked_at_changed(&mut model.engine);
    model.engine.touch();
    true
}

/// Opens the invalidations of a target, or of all, above the distributions; those of a tenant above the tenants that it
/// was chosen from.
pub(super) fn open_invalidations(model: &mut Model, target: Option<Target>) {
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
