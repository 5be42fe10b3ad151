//! The pages, one file each.

pub mod composer;
pub mod details;
pub mod distributions;
pub mod history;
pub mod invalidations;
pub mod tenants;

use crate::app::list::{Step, View};
use crate::app::table::Table;
use composer::Composer;
use details::Details;
use distributions::Distributions;
use history::History;
use invalidations::Invalidations;
use tenants::Tenants;

/// A page.
#[derive(Debug)]
pub enum Screen {
    /// The distributions page.
    Distributions(Distributions),
    /// The tenants page of a distribution.
    Tenants(Tenants),
    /// The invalidations page of one target, or of all targets.
    Invalidations(Invalidations),
    /// The details page of one invalidation.
    Details(Details),
    /// The history page.
    History(Box<History>),
    /// The composer.
    Composer(Box<Composer>),
}

impl Screen {
    /// Creates the distributions page with nothing selected.
    #[must_use]
    pub fn distributions() -> Self {
        Self::Distributions(Distributions::default())
    }

    /// Returns the page's name, for crash reports and tests.
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

    /// Returns the table, if the page has one.
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

    /// Returns the table's filter, if the page has a table.
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

    /// Returns a mutable reference to the table's filter, if the page has a table.
    pub fn view_mut(&mut self) -> Option<&mut View> {
        match self {
            Self::Distributions(screen) => Some(&mut screen.list.view),
            Self::Tenants(screen) => Some(&mut screen.list.view),
            Self::Invalidations(screen) => Some(&mut screen.list.view),
            Self::History(screen) => Some(&mut screen.list.view),
            Self::Details(_) | Self::Composer(_) => None,
        }
    }

    /// Returns whether the filter field has the keyboard focus.
    #[must_use]
    pub fn is_filtering(&self) -> bool {
        self.view().is_some_and(|view| view.filtering)
    }

    /// Returns the index of the selected row, if the page has rows.
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

    /// Scrolls the visible rows by this many lines.
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
            // The view scrolls the details, and the editor scrolls the composer.
            Self::Details(_) | Self::Composer(_) => false,
        }
    }
}
