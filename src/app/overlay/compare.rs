//! The comparison overlay: the items that only one of two invalidations contains, and those that both contain.

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::compare::Difference;
use crate::engine::row::RowKey;

/// The visible part of the comparison overlay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Items that only the first invalidation contains.
    #[default]
    First,
    /// Items that only the second invalidation contains.
    Second,
    /// Items that both invalidations contain.
    Both,
}

impl Part {
    /// All parts, from left to right.
    pub const ALL: [Self; 3] = [Self::First, Self::Second, Self::Both];
}

/// The state of the comparison overlay.
#[derive(Clone, Debug)]
pub struct Compare {
    /// The two invalidations.
    pub rows: [RowKey; 2],
    /// The comparison, once both are loaded.
    pub difference: Option<Difference>,
    /// The visible part.
    pub part: Part,
}

impl Compare {
    /// Returns the items of a part.
    #[must_use]
    pub fn items(&self, part: Part) -> &[String] {
        let Some(difference) = &self.difference else { return &[] };
        match part {
            Part::First => &difference.only_first,
            Part::Second => &difference.only_second,
            Part::Both => &difference.both,
        }
    }

    pub(in crate::app) fn step(&mut self, right: bool) {
        let [first, second, both] = Part::ALL;
        let order = if right {
            [second, both, first]
        } else {
            [both, first, second]
        };
        self.part = order[self.part as usize];
    }
}

impl Parts for Compare {
    fn keys(&self) -> Keys {
        keys::COMPARE
    }
}
