//! The collapse overlay: three plans for clearing the same objects with fewer items, with their prices.

use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;
use super::review::Confirmation;
use crate::domain::collapse::{Plan, Plans, plans};
use crate::domain::item::Item;

/// The choices for the number of extra known paths that the bounded plan may clear.
pub const BOUNDS: [usize; 6] = [0, 1, 5, 20, 100, 1_000];

/// The initial index in [`BOUNDS`].
const FIRST_BOUND: usize = 2;

/// The state of the collapse overlay.
#[derive(Clone, Debug)]
pub struct Collapse {
    items: Vec<Item>,
    known: Vec<String>,
    /// The three plans.
    pub plans: Plans,
    /// The index of the current bound in [`BOUNDS`].
    pub bound: usize,
    /// The index of the selected plan, from the left.
    pub selected: usize,
    /// The text to type before the list becomes `/*`, once the plan that clears everything has been chosen.
    pub confirmation: Option<Confirmation>,
}

impl Collapse {
    /// Computes plans for these items among these known paths.
    pub(in crate::app) fn new(items: Vec<Item>, known: Vec<String>) -> Self {
        let mut state = Self {
            plans: plans::<String>(&items, None, 0),
            items,
            known,
            bound: FIRST_BOUND,
            selected: 0,
            confirmation: None,
        };
        state.plan();
        state
    }

    fn plan(&mut self) {
        let known = (!self.known.is_empty()).then_some(self.known.as_slice());
        self.plans = plans(&self.items, known, self.allowed());
        self.selected = self.selected.min(self.choices().len().saturating_sub(1));
    }

    /// Returns the number of extra known paths that the bounded plan may clear.
    #[must_use]
    pub fn allowed(&self) -> usize {
        BOUNDS.get(self.bound).copied().unwrap_or_default()
    }

    /// Returns the number of known paths.
    #[must_use]
    pub fn known(&self) -> usize {
        self.known.len()
    }

    /// Returns the available plans with their names. The plan that can clear everything comes last.
    #[must_use]
    pub fn choices(&self) -> Vec<(&'static str, &Plan)> {
        let bounded = self.plans.bounded.iter().map(|plan| ("bounded", plan));
        let one = self.plans.one.iter().map(|plan| ("one wildcard", plan));
        std::iter::once(("exact", &self.plans.exact))
            .chain(bounded)
            .chain(one)
            .collect()
    }

    /// Returns whether the selected plan clears everything, and is therefore not just a cheaper way to clear the list.
    #[must_use]
    pub fn is_whole_site(&self) -> bool {
        let plan = self.choices().into_iter().nth(self.selected);
        plan.is_some_and(|(_, plan)| plan.is_whole_site())
    }

    /// Allows the bounded plan to clear more or fewer extra known paths.
    pub(in crate::app) fn change_bound(&mut self, more: bool) {
        let last = BOUNDS.len() - 1;
        self.bound = if more {
            (self.bound + 1).min(last)
        } else {
            self.bound.saturating_sub(1)
        };
        self.plan();
    }

    /// Selects the plan to the left or right.
    pub(in crate::app) fn step(&mut self, right: bool) {
        let last = self.choices().len().saturating_sub(1);
        self.selected = if right {
            (self.selected + 1).min(last)
        } else {
            self.selected.saturating_sub(1)
        };
    }
}

impl Parts for Collapse {
    fn keys(&self) -> Keys {
        match self.confirmation {
            Some(_) => keys::COLLAPSE_TYPING,
            None => keys::COLLAPSE,
        }
    }

    fn field_mut(&mut self) -> Option<&mut Input> {
        self.confirmation.as_mut().map(|confirmation| &mut confirmation.typed)
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.selected)
    }

    fn is_of_composer(&self) -> bool {
        true
    }
}
