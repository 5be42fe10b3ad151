//! The user's actions on the top overlay, whichever one it is.

use crate::app::act::composer::searching;
use crate::app::act::import::taking;
use crate::app::act::themes;
use crate::app::act::{
    browser, code, collapse, columns, export, go_to, help, import, left_over, lists, matrix, not_saved, note, palette,
    profile_search, profiles, quit, tools,
};
use crate::app::action::Action;
use crate::app::model::Model;
use crate::app::overlay::Overlay;
use crate::app::overlay::go_to::GoTo;
use crate::app::overlay::help::Help;
use crate::app::overlay::palette::Palette;
use crate::app::overlay::reading::{Messages, Month};
use crate::app::overlay::tools::TOOLS;
use crate::app::scroll::Scroll;
use crate::engine::counting;
use crate::engine::effect::Effect;
use crate::engine::queue;

/// The reactions of an overlay beyond its own actions. Most overlays only display text and can be closed.
struct Answers {
    /// Returns the number of choices.
    lines: fn(&Model) -> usize,
    /// The Enter key.
    enter: fn(&mut Model),
    /// Handles Esc if it does more than close the overlay; returns whether it did.
    back: fn(&mut Model) -> bool,
}

const READ: Answers = Answers {
    lines: |_| 0,
    enter: |_| (),
    back: |_| false,
};

fn answers(overlay: &Overlay) -> Answers {
    match overlay {
        Overlay::Help(_) => Answers {
            lines: |model| help::entries(model).len(),
            enter: help::run,
            back: help::back,
        },
        Overlay::Profiles(_) => Answers {
            lines: profiles::lines,
            enter: profiles::choose,
            back: profiles::back,
        },
        Overlay::Code(_) => Answers {
            enter: code::accept,
            back: code::back,
            ..READ
        },
        Overlay::Browser(_) => Answers {
            enter: browser::again,
            back: browser::back,
            ..READ
        },
        Overlay::Columns(_) => Answers {
            lines: columns::lines,
            enter: columns::toggle,
            ..READ
        },
        Overlay::Themes(_) => Answers {
            lines: |model| model.themes.names.len(),
            enter: themes::choose,
            ..READ
        },
        Overlay::Palette(_) => Answers {
            lines: palette::lines,
            enter: palette::choose,
            ..READ
        },
        Overlay::GoTo(_) => Answers {
            lines: go_to::lines,
            enter: go_to::accept,
            ..READ
        },
        Overlay::ProfileSearch(_) => Answers {
            lines: profile_search::lines,
            enter: profile_search::choose,
            back: profile_search::back,
        },
        Overlay::Matrix(_) => Answers {
            lines: matrix::lines,
            enter: matrix::choose,
            ..READ
        },
        Overlay::Export(_) => Answers {
            enter: export::write,
            back: export::back,
            ..READ
        },
        // Enter never decides about unfinished work of an earlier run.
        Overlay::LeftOver(_) => Answers { enter: close, ..READ },
        Overlay::Countdown(_) => Answers {
            back: |model| {
                queue::stop(&mut model.engine);
                true
            },
            ..READ
        },
        Overlay::Month(_) => Answers {
            enter: |model| counting::switch(&mut model.engine),
            ..READ
        },
        _ => answers_about_items(overlay),
    }
}

/// The reactions of the overlays above the composer, and of the review.
fn answers_about_items(overlay: &Overlay) -> Answers {
    match overlay {
        Overlay::Tools(_) => Answers {
            lines: |_| TOOLS.len(),
            enter: tools::choose,
            ..READ
        },
        Overlay::Collapse(_) => Answers {
            lines: collapse::lines,
            enter: collapse::take,
            back: collapse::back,
        },
        Overlay::Import(_) => Answers {
            lines: import::lines,
            enter: import::enter,
            back: import::back,
        },
        Overlay::Lists(_) => Answers {
            lines: lists::lines,
            enter: lists::choose,
            back: lists::back,
        },
        Overlay::Find(_) => Answers {
            enter: searching::accept,
            ..READ
        },
        Overlay::Review(_) => Answers {
            enter: note::keep_in_review,
            back: note::leave_in_review,
            ..READ
        },
        Overlay::Note(_) => Answers {
            enter: note::accept,
            ..READ
        },
        _ => READ,
    }
}

fn close(model: &mut Model) {
    model.overlays.pop();
    model.engine.touch();
}

/// Returns the number of choices in the top overlay.
pub(in crate::app) fn lines(model: &Model) -> usize {
    model
        .overlays
        .last()
        .map_or(0, |overlay| (answers(overlay).lines)(model))
}

/// Handles Enter in the top overlay. Returns whether there is one.
pub(in crate::app) fn enter(model: &mut Model) -> bool {
    let enter = model.overlays.last().map(|overlay| answers(overlay).enter);
    enter.map(|enter| enter(model)).is_some()
}

/// Handles Esc: a step back within the top overlay, or closing it. Returns whether there is one.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    let back = model.overlays.last().map(|overlay| answers(overlay).back);
    back.is_some_and(|back| back(model) || model.overlays.pop().is_some())
}

/// Opens the overlay of an action that is available on every page. Profiles and saved lists can also be found by name:
/// the profiles are read once, the lists each time.
pub(in crate::app) fn open_for(model: &mut Model, action: Action) {
    let finds = matches!(action, Action::Palette | Action::GoTo);
    if finds && model.engine.profiles.is_none() {
        model.engine.ask(Effect::ListProfiles);
    }
    if finds {
        lists::read(model);
    }
    match action {
        Action::Help => model.toggle(Help::default()),
        Action::Palette => model.toggle(Palette::default()),
        Action::GoTo => model.toggle(GoTo::default()),
        Action::Profiles => profiles::open(model),
        Action::FindInProfiles => profile_search::open(model),
        Action::Theme => themes::open(model),
        Action::Usage => {
            counting::look(&mut model.engine);
            model.toggle(Month);
        }
        _ => model.toggle(Messages),
    }
}

/// Discards the submissions that the top overlay lists.
pub(in crate::app) fn discard(model: &mut Model) {
    match model.overlays.last() {
        Some(Overlay::Quit(_)) => quit::discard(model),
        Some(Overlay::NotSaved(_)) => not_saved::leave(model),
        _ => left_over::discard(model),
    }
}

/// Moves the selection in an overlay with choices, or scrolls one with text.
pub(in crate::app) fn step(model: &mut Model, action: Action) {
    let (by, scroll) = match action {
        Action::Up => (-1, Scroll::Lines(-1)),
        Action::Down => (1, Scroll::Lines(1)),
        Action::PageUp => (-10, Scroll::Pages(-1)),
        Action::PageDown => (10, Scroll::Pages(1)),
        Action::Top => (isize::MIN, Scroll::Top),
        _ => (isize::MAX, Scroll::Bottom),
    };
    move_by(model, by, scroll);
}

/// Moves the selection by this number of lines, or scrolls by this step.
pub(in crate::app) fn move_by(model: &mut Model, by: isize, step: Scroll) {
    let last = lines(model).saturating_sub(1);
    match selected(model) {
        Some(selected) => {
            *selected = selected.saturating_add_signed(by).min(last);
            model.engine.touch();
            taking::moved(model);
        }
        None => model.scroll(step),
    }
}

/// Returns the index of the selected line in the top overlay.
pub(in crate::app) fn selected(model: &mut Model) -> Option<&mut usize> {
    model.overlays.last_mut()?.parts_mut().selected_mut()
}
