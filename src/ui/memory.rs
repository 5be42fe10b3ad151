//! What only the view needs from one frame to the next.

use super::widget::window::Window;
use crate::domain::distribution::Target;

/// The first rows that are seen and the widths that columns have grown to, so that nothing jumps.
#[derive(Clone, Debug, Default)]
pub struct ViewMemory {
    pub(super) distributions: Table<5>,
    pub(super) invalidations: Table<3>,
    pub(super) invalidations_of: Option<Target>,
    pub(super) overlay: Window,
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
