//! What only the view needs from one frame to the next.

use super::widget::window::Window;
use crate::domain::distribution::{DistributionId, Target};

/// The first rows that are seen and the widths that columns have grown to, so that nothing jumps.
#[derive(Clone, Debug, Default)]
pub struct ViewMemory {
    pub(super) distributions: Table<5>,
    tenants: Table<5>,
    tenants_of: Option<DistributionId>,
    invalidations: Table<9>,
    invalidations_of: Option<Target>,
    pub(super) history: Table<{ super::history::COLUMNS }>,
    pub(super) overlay: Window,
    pub(super) composer: ComposerMemory,
}

/// The part of the composer's text that is seen.
#[derive(Clone, Debug, Default)]
pub(super) struct ComposerMemory {
    /// The lines.
    pub window: Window,
    /// The first column.
    pub first_column: usize,
}

impl ComposerMemory {
    /// Scrolls sideways, as little as possible, until the column is seen with some beside it.
    pub(super) fn scroll_to(&mut self, column: usize, room: usize, beside: usize) {
        let beside = beside.min(room.saturating_sub(1) / 2);
        let least = (column + beside + 1).saturating_sub(room);
        self.first_column = self.first_column.max(least).min(column.saturating_sub(beside));
    }
}

impl ViewMemory {
    /// The memory of a distribution's tenants. Another one's is forgotten.
    pub(super) fn tenants(&mut self, of: &DistributionId) -> &mut Table<5> {
        if self.tenants_of.as_ref() != Some(of) {
            self.tenants_of = Some(of.clone());
            self.tenants = Table::default();
        }
        &mut self.tenants
    }

    /// The memory of the invalidations of a target, or of all. Another target's is forgotten.
    pub(super) fn invalidations(&mut self, of: Option<&Target>) -> &mut Table<9> {
        if self.invalidations_of.as_ref() != of {
            self.invalidations_of = of.cloned();
            self.invalidations = Table::default();
        }
        &mut self.invalidations
    }
}

/// What is kept of a table.
#[derive(Clone, Debug)]
pub(super) struct Table<const N: usize> {
    pub window: Window,
    /// The widest content of each column that was seen so far.
    widest: [u16; N],
}

impl<const N: usize> Default for Table<N> {
    fn default() -> Self {
        Self {
            window: Window::default(),
            widest: [0; N],
        }
    }
}

impl<const N: usize> Table<N> {
    /// The widths that columns want, which grow as wider rows come into sight and never shrink.
    pub(super) fn widen(&mut self, rows: impl Iterator<Item = [usize; N]>) -> [u16; N] {
        for row in rows {
            for (widest, width) in self.widest.iter_mut().zip(row) {
                *widest = (*widest).max(u16::try_from(width).unwrap_or(u16::MAX));
            }
        }
        self.widest
    }
}
