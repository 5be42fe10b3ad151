//! What actions do to the layer on top.

use super::{back, open_details_of, set_filtering};
use crate::app::action::Action;
use crate::app::finder;
use crate::app::model::Model;
use crate::app::overlay::{
    Overlay, collapse, columns, export, go_to, help, import, left_over, lists, not_saved, note, palette, profiles,
    quit, themes, tools,
};
use crate::app::screen::composer;
use crate::app::scroll::Scroll;
use crate::engine::effect::Effect;
use crate::engine::row::RowKey;

/// Opens a layer; the same key closes one that is open.
pub(in crate::app) fn open(model: &mut Model, overlay: Overlay) {
    if model.overlays.last() == Some(&overlay) {
        model.overlays.pop();
    } else if !model.overlays.contains(&overlay) {
        model.overlays.push(overlay);
    }
    model.engine.touch();
}

/// Opens what an action of every page is called after. Profiles are found by name, too: which there are is read once.
pub(super) fn open_for(model: &mut Model, action: Action) {
    let finds = matches!(action, Action::Palette | Action::GoTo);
    if finds && model.engine.profiles.is_none() {
        model.engine.ask(Effect::ListProfiles);
    }
    match action {
        Action::Help => open(model, Overlay::Help(0)),
        Action::Palette => open(model, Overlay::Palette(palette::Palette::default())),
        Action::GoTo => open(model, Overlay::GoTo(go_to::GoTo::default())),
        Action::Profiles => profiles::open(model),
        Action::Theme => themes::open(model),
        _ => open(model, Overlay::Messages),
    }
}

/// Throws away what the layer on top lists.
pub(super) fn discard(model: &mut Model) {
    match model.overlays.last() {
        Some(Overlay::Quit(_)) => quit::discard(model),
        Some(Overlay::NotSaved) => not_saved::leave(model),
        _ => left_over::discard(model),
    }
}

/// Moves the selection of an overlay that is chosen from, or scrolls one that is read.
pub(super) fn step(model: &mut Model, action: Action) {
    let (by, scroll) = match action {
        Action::OverlayUp => (-1, Scroll::Lines(-1)),
        Action::OverlayDown => (1, Scroll::Lines(1)),
        Action::OverlayPageUp => (-10, Scroll::Pages(-1)),
        Action::OverlayPageDown => (10, Scroll::Pages(1)),
        Action::OverlayTop => (isize::MIN, Scroll::Top),
        _ => (isize::MAX, Scroll::Bottom),
    };
    move_overlay(model, by, scroll);
}

/// Moves the selection by so many lines, or scrolls by this step.
pub(in crate::app) fn move_overlay(model: &mut Model, by: isize, step: Scroll) {
    let last = model.overlays.last().map_or(0, |overlay| overlay.choices(model));
    let last = last.saturating_sub(1);
    match model.overlays.last_mut().and_then(Overlay::selected_mut) {
        Some(selected) => {
            *selected = selected.saturating_add_signed(by).min(last);
            model.engine.touch();
            import::earlier::moved(model);
        }
        None => model.scroll(step),
    }
}

/// Chooses among the plans of a collapse, or lets the bounded one clear more or less.
pub(super) fn plan(model: &mut Model, action: Action) {
    let Some(Overlay::Collapse(state)) = model.overlays.last_mut() else {
        return;
    };
    match action {
        Action::PlanLeft | Action::PlanRight => state.step(action == Action::PlanRight),
        _ => state.change_bound(action == Action::MoreOverreach),
    }
    model.engine.touch();
}

pub(super) fn choose(model: &mut Model) {
    match model.overlays.last().cloned() {
        Some(Overlay::Palette(state)) => {
            let chosen = palette::entries(model, &state).get(state.selected).cloned();
            // What was typed stays where nothing matches.
            let Some(found) = chosen else { return };
            model.overlays.pop();
            model.engine.touch();
            finder::choose(model, found);
        }
        Some(Overlay::Tools(selected)) => {
            if let Some((_, action)) = tools::TOOLS.get(selected) {
                tools::run(model, *action);
            }
        }
        Some(Overlay::Help(selected)) => help::run(model, selected),
        Some(Overlay::Columns(_)) => columns::toggle(model),
        Some(Overlay::Themes(selected)) => themes::choose(model, selected),
        Some(Overlay::Profiles(_)) => profiles::choose(model),
        Some(Overlay::Import(_)) => import::choose(model),
        Some(Overlay::Lists(_)) => lists::choose(model),
        Some(Overlay::Matrix(matrix)) => {
            if let Some(part) = matrix.selected(&matrix.job(model)) {
                let key = RowKey::Submission(part.id.clone());
                model.overlays.pop();
                open_details_of(model, key);
            }
        }
        Some(Overlay::Export(_)) => export::write(model),
        // Enter decides nothing about what an earlier run left.
        Some(Overlay::LeftOver(_)) => back(model),
        Some(Overlay::Collapse(_)) => collapse::take(model),
        _ => {}
    }
}

pub(super) fn accept(model: &mut Model) {
    if let Some(Overlay::Import(_)) = model.overlays.last() {
        import::accept(model);
    } else if let Some(Overlay::Note(_)) = model.overlays.last() {
        note::accept(model);
    } else if let Some(Overlay::Export(_)) = model.overlays.last() {
        export::write(model);
    } else if let Some(Overlay::Find(input)) = model.overlays.last() {
        let text = input.value().to_owned();
        model.overlays.pop();
        composer::find(model, &text);
    } else if let Some(Overlay::GoTo(_)) = model.overlays.last() {
        go_to::accept(model);
    } else {
        set_filtering(model, false);
    }
}
