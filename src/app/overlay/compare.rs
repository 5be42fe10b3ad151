//! Two invalidations beside each other: the items that only one of them has, and those of both.

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::compare::Difference;
use crate::engine::row::RowKey;

/// What is seen of the comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// What only the first one has.
    #[default]
    First,
    /// What only the second one has.
    Second,
    /// What both have.
    Both,
}

impl Part {
    /// All of them, from the left to the right.
    pub const ALL: [Self; 3] = [Self::First, Self::Second, Self::Both];
}

/// The state of the layer.
#[derive(Clone, Debug)]
pub struct Compare {
    /// The two.
    pub rows: [RowKey; 2],
    /// What was found, once both are read.
    pub difference: Option<Difference>,
    /// What is seen of it.
    pub part: Part,
}

impl Compare {
    /// The items of a part.
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
    fn title(&self) -> &'static str {
        "Compare"
    }

    fn keys(&self) -> Keys {
        keys::COMPARE
    }
}
