//! Collapse: fewer items for the same purpose, three priced plans side by side.

use std::collections::{BTreeSet, HashSet};

use crate::app::model::Model;
use crate::app::overlay::Overlay;
use crate::app::screen::Screen;
use crate::app::screen::composer::{self, Composer};
use crate::domain::collapse::{Plan, Plans, plans};
use crate::domain::item::{Item, ItemKind};

/// How many known keys the bounded plan may clear besides, to choose from.
pub const BOUNDS: [usize; 6] = [0, 1, 5, 20, 100, 1_000];

/// The bound to begin with.
const FIRST_BOUND: usize = 2;

/// The state of the overlay.
#[derive(Clone, Debug)]
pub struct Collapse {
    items: Vec<Item>,
    known: Vec<String>,
    /// The plans.
    pub plans: Plans,
    /// Which of [`BOUNDS`] holds.
    pub bound: usize,
    /// The selected plan, from the left.
    pub selected: usize,
}

impl Collapse {
    /// Plans for these items among these known keys.
    fn new(items: Vec<Item>, known: Vec<String>) -> Self {
        let mut state = Self {
            plans: plans::<String>(&items, None, 0),
            items,
            known,
            bound: FIRST_BOUND,
            selected: 0,
        };
        state.plan();
        state
    }

    fn plan(&mut self) {
        let known = (!self.known.is_empty()).then_some(self.known.as_slice());
        self.plans = plans(&self.items, known, self.allowed());
        self.selected = self.selected.min(self.choices().len().saturating_sub(1));
    }

    /// How many known keys the bounded plan may clear besides.
    #[must_use]
    pub fn allowed(&self) -> usize {
        BOUNDS.get(self.bound).copied().unwrap_or_default()
    }

    /// How many keys are known.
    #[must_use]
    pub fn known(&self) -> usize {
        self.known.len()
    }

    /// The plans there are, with their names.
    #[must_use]
    pub fn choices(&self) -> Vec<(&'static str, &Plan)> {
        let bounded = self.plans.bounded.iter().map(|plan| ("bounded", plan));
        let one = self.plans.one.iter().map(|plan| ("one wildcard", plan));
        std::iter::once(("exact", &self.plans.exact))
            .chain(bounded)
            .chain(one)
            .collect()
    }

    /// Allows more or fewer known keys to be cleared besides.
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

/// Opens the plans for what the composer would send.
pub(in crate::app) fn open(model: &mut Model) {
    let Screen::Composer(composer) = model.screen() else {
        return;
    };
    let items = composer.analysis.items();
    if items.len() < 2 {
        return model.engine.say(
            crate::engine::notices::Level::Info,
            "nothing to collapse: enter at least two items",
        );
    }
    let known = known_keys(model, composer);
    model
        .overlays
        .push(Overlay::Collapse(Box::new(Collapse::new(items, known))));
    model.engine.touch();
}

/// Exact paths that are known to exist on the targets: from the list itself and from earlier invalidations.
fn known_keys(model: &Model, composer: &Composer) -> Vec<String> {
    let targets: HashSet<_> = composer.targets.iter().collect();
    let earlier = model
        .engine
        .histories
        .known_items()
        .filter(|(target, _)| targets.contains(target));
    let sent = composer.targets.iter().flat_map(|target| model.engine.sent_to(target));
    let all = earlier
        .flat_map(|(_, items)| items)
        .chain(sent.flat_map(|s| s.batch.items()));
    let keys: BTreeSet<&String> = all.filter(|item| ItemKind::of(item) == ItemKind::Path).collect();
    keys.into_iter().cloned().collect()
}

/// Puts the selected plan in the place of the items, as one step of undo. Comments and wrong lines stay.
pub(in crate::app) fn take(model: &mut Model) {
    let Some(Overlay::Collapse(state)) = model.overlays.pop() else {
        return;
    };
    let Some((_, plan)) = state.choices().into_iter().nth(state.selected) else {
        return;
    };
    let lines: Vec<String> = plan.items.iter().map(|item| item.wire().to_owned()).collect();
    composer::replace_items(model, &lines);
}
