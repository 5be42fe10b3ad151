//! Actions for the collapse overlay: opens it, selects one of its plans, and applies that plan.

use std::collections::{BTreeSet, HashSet};

use tui_input::Input;

use crate::app::act::composer::editing;
use crate::app::action::Action;
use crate::app::model::Model;
use crate::app::overlay::collapse::Collapse;
use crate::app::overlay::review::Confirmation;
use crate::app::screen::composer::Composer;
use crate::domain::danger::{Asks, Danger};
use crate::domain::item::ItemKind;
use crate::engine::notices::Level;

/// Opens the collapse overlay for the items that the composer would send.
pub(in crate::app) fn open(model: &mut Model) {
    let Some(composer) = model.composer() else { return };
    let items = composer.analysis.items();
    if items.len() < 2 {
        return model.engine.say(Level::Info, "enter at least two items to collapse");
    }
    let known = known_keys(model, composer);
    model.open(Collapse::new(items, known));
}

/// Returns the paths known to exist on the targets: from the list itself and from earlier invalidations.
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

/// Returns the number of plans to choose from.
pub(in crate::app) fn lines(model: &Model) -> usize {
    let plans = model.overlays.top::<Collapse>();
    plans.map_or(0, |plans| plans.choices().len())
}

/// Returns the text that the user has to type before the list becomes `/*`: the same text as for sending `/*`.
fn confirmation(model: &Model) -> Option<Confirmation> {
    let targets = &model.composer()?.targets;
    let danger = Danger::WholeSite;
    if model.engine.guard().asks(&danger) != Asks::Always {
        return None;
    }
    let expected = model
        .engine
        .guard()
        .typed_before(&targets.iter().collect::<Vec<_>>(), &danger)?;
    Some(Confirmation {
        reason: danger.to_string(),
        expected,
        typed: Input::default(),
    })
}

/// Asks for confirmation of a plan that clears everything. Returns whether the confirmation is still missing.
fn asks(model: &mut Model) -> bool {
    let asked = confirmation(model);
    let Some(state) = model
        .overlays
        .top_mut::<Collapse>()
        .filter(|state| state.is_whole_site())
    else {
        return false;
    };
    let is_given = state.confirmation.as_ref().is_some_and(Confirmation::is_given);
    if is_given || asked.is_none() {
        return false;
    }
    let expected = state.confirmation.as_ref().map(|asked| asked.expected.clone());
    state.confirmation = Confirmation::kept(state.confirmation.take(), asked);
    if let Some(expected) = expected {
        model
            .engine
            .say(Level::Info, format!("type {expected} to use this plan"));
    }
    model.engine.touch();
    true
}

/// Handles Esc by going back to the plans. Returns whether the overlay was asking for a confirmation.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    let state = model.overlays.top_mut::<Collapse>();
    state.is_some_and(|state| state.confirmation.take().is_some())
}

/// Replaces the items with the selected plan, as one undo step. Comments and invalid lines remain.
pub(in crate::app) fn take(model: &mut Model) {
    if asks(model) {
        return;
    }
    let Some(state) = model.overlays.top::<Collapse>() else {
        return;
    };
    let plan = state.choices().into_iter().nth(state.selected);
    let lines = plan.map(|(_, plan)| plan.items.iter().map(|item| item.wire().to_owned()).collect());
    model.overlays.pop();
    let Some(lines): Option<Vec<String>> = lines else {
        return;
    };
    editing::replace_items(model, &lines);
}

/// Selects one of the plans, or changes how much the bounded plan may clear.
pub(in crate::app) fn act(model: &mut Model, action: Action) {
    let Some(state) = model.overlays.top_mut::<Collapse>() else {
        return;
    };
    match action {
        Action::PlanLeft | Action::PlanRight => state.step(action == Action::PlanRight),
        _ => state.change_bound(action == Action::MoreOverreach),
    }
    model.engine.touch();
}
