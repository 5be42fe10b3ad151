//! The user's actions on the top overlay, regardless of its kind.

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

/// How an overlay reacts to Enter and Esc, and how many choices it has. Most overlays only display text, and Esc closes
/// them.
struct Answers {
    /// The function that returns the number of choices.
    lines: fn(&Model) -> usize,
    /// The reaction to Enter.
    enter: fn(&mut Model),
    /// The reaction to Esc if it does more than close the overlay. Returns whether it did. The screen is redrawn
    /// afterwards.
    back: fn(&mut Model) -> bool,
}

/// The reactions of an overlay that only displays text.
const READ: Answers = Answers {
    lines: |_| 0,
    enter: |_| (),
    back: |_| false,
};

/// Returns the reactions of an overlay with choices, in which Enter acts on the selected one.
fn choices(lines: fn(&Model) -> usize, enter: fn(&mut Model)) -> Answers {
    Answers { lines, enter, ..READ }
}

/// Returns the reactions of an overlay without choices.
fn enters(enter: fn(&mut Model)) -> Answers {
    Answers { enter, ..READ }
}

impl Answers {
    /// Sets a handler for Esc that does more than close the overlay.
    fn back(self, back: fn(&mut Model) -> bool) -> Self {
        Self { back, ..self }
    }
}

fn answers(overlay: &Overlay) -> Answers {
    match overlay {
        Overlay::Help(_) => choices(|model| help::entries(model).len(), help::run).back(help::back),
        Overlay::Profiles(_) => choices(profiles::lines, profiles::choose).back(profiles::back),
        Overlay::Code(_) => enters(code::accept).back(code::back),
        Overlay::Browser(_) => enters(browser::again).back(browser::back),
        Overlay::Columns(_) => choices(columns::lines, columns::toggle),
        Overlay::Themes(_) => choices(|model| model.themes.names.len(), themes::choose),
        Overlay::Palette(_) => choices(palette::lines, palette::choose),
        Overlay::GoTo(_) => choices(go_to::lines, go_to::accept),
        Overlay::ProfileSearch(_) => choices(profile_search::lines, profile_search::choose).back(profile_search::back),
        Overlay::Matrix(_) => choices(matrix::lines, matrix::choose),
        Overlay::Export(_) => enters(export::write).back(export::back),
        // Enter never decides about unfinished work from an earlier run.
        Overlay::LeftOver(_) => enters(Model::close_top),
        Overlay::Countdown(_) => READ.back(stop_countdown),
        Overlay::Month(_) => enters(|model| counting::switch(&mut model.engine)),
        Overlay::Tools(_) => choices(|_| TOOLS.len(), tools::choose),
        Overlay::Collapse(_) => choices(collapse::lines, collapse::take).back(collapse::back),
        Overlay::Import(_) => choices(import::lines, import::enter).back(import::back),
        Overlay::Lists(_) => choices(lists::lines, lists::choose).back(lists::back),
        Overlay::Find(_) => enters(searching::accept),
        Overlay::Review(_) => enters(note::keep_in_review).back(note::leave_in_review),
        Overlay::Note(_) => enters(note::accept),
        _ => READ,
    }
}

fn stop_countdown(model: &mut Model) -> bool {
    queue::stop(&mut model.engine);
    true
}

/// Returns the number of choices in the top overlay.
pub(in crate::app) fn lines(model: &Model) -> usize {
    model
        .overlays
        .last()
        .map_or(0, |overlay| (answers(overlay).lines)(model))
}

/// Handles Enter in the top overlay. Returns whether an overlay is open.
pub(in crate::app) fn enter(model: &mut Model) -> bool {
    let enter = model.overlays.last().map(|overlay| answers(overlay).enter);
    enter.map(|enter| enter(model)).is_some()
}

/// Handles Esc: goes back a step within the top overlay, or closes it. Returns whether an overlay was open.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    let back = model.overlays.last().map(|overlay| answers(overlay).back);
    back.is_some_and(|back| back(model) || model.overlays.pop().is_some())
}

/// Opens the overlay for an action that is available on every page. The palette and the go-to overlay also find
/// profiles and saved lists by name. Profiles are read once, lists every time.
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

/// Moves the selection in an overlay with choices, or scrolls an overlay with text.
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

/// Moves the selection by this many lines, or scrolls by this step if there is no selection.
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
