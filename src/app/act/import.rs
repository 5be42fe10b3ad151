//! Actions for the import overlay, from choosing a source to the preview. Nothing changes until Enter is pressed on
//! the preview.

pub mod earlier;
pub(in crate::app) mod path;
pub(in crate::app) mod step;
pub(in crate::app) mod taking;

use crate::app::overlay::import::path::Completing;
use crate::domain::import::pasted as read_pasted;
use tui_input::Input;

use crate::app::act::composer::editing;
use crate::app::action::Action;
use crate::app::key::Key;
use crate::app::model::Model;
use crate::app::overlay::import::kind::{Ask, KINDS, Kind};
use crate::app::overlay::import::{Importing, Step};
use crate::app::screen::Screen;
use crate::domain::import::{Import, Source};
use crate::engine::effect::{Effect, RequestId};
use crate::engine::notices::Level;
use crate::engine::pending::ImportRequest;
use step::{cancel, put, show};

/// Carries out one of the overlay's actions, or the action that opens it.
pub(in crate::app) fn act(model: &mut Model, action: Action) {
    match action {
        Action::Import => open(model),
        Action::ToggleFolders => toggle(model, false),
        Action::ToggleEndings => toggle(model, true),
        _ => {}
    }
}

/// Opens the import menu above the composer.
fn open(model: &mut Model) {
    if let Screen::Composer(_) = model.screen() {
        let last = model.imports.kind.map_or(0, |kind| kind as usize);
        put(model, Step::Menu(last));
    }
}

/// Handles Enter: accepts the selected line, the typed text, or the preview.
pub(in crate::app) fn enter(model: &mut Model) {
    let Some(importing) = model.overlays.top::<Importing>() else {
        return;
    };
    match &importing.step {
        Step::Menu(selected) => {
            if let Some(entry) = KINDS.get(*selected) {
                begin(model, entry.kind);
            }
        }
        Step::Ask(ask) => {
            let ask = ask.clone();
            fetch(model, ask);
        }
        Step::Paste(input) => {
            let text = input.value().to_owned();
            pasted(model, &text);
        }
        Step::Earlier(earlier) => {
            let earlier = earlier.clone();
            taking::choose(model, &earlier);
        }
        Step::Preview(_) => take(model),
        Step::Waiting(..) => {}
    }
}

/// Returns the number of lines to choose from.
pub(in crate::app) fn lines(model: &Model) -> usize {
    match model.overlays.top::<Importing>().map(|importing| &importing.step) {
        Some(Step::Menu(_)) => KINDS.len(),
        Some(Step::Earlier(earlier)) => earlier::entries(model, earlier).len(),
        _ => 0,
    }
}

/// Selects a source by its letter in the menu. Returns whether the key was such a letter.
pub(in crate::app) fn on_key(model: &mut Model, key: Key) -> bool {
    let Some(importing) = model.overlays.top::<Importing>() else {
        return false;
    };
    let letter = key.typed().filter(|_| matches!(importing.step, Step::Menu(_)));
    let kind = letter.and_then(|letter| KINDS.iter().find(|entry| entry.letter == letter));
    if let Some(entry) = kind {
        begin(model, entry.kind);
    }
    kind.is_some()
}

fn begin(model: &mut Model, kind: Kind) {
    model.imports.kind = Some(kind);
    match kind {
        Kind::Paste => put(model, Step::Paste(Input::default())),
        Kind::Earlier => taking::begin(model),
        Kind::File | Kind::Git | Kind::Sitemap | Kind::Trees => {
            let typed = model.imports.lines.get(&kind).cloned().unwrap_or_default();
            put(
                model,
                Step::Ask(Ask {
                    kind,
                    input: Input::from(typed),
                    mistake: None,
                    completing: Completing::default(),
                }),
            );
        }
    }
}

/// Fetches the typed source, or reports what is wrong with it.
fn fetch(model: &mut Model, ask: Ask) {
    let line = ask.input.value();
    model.imports.lines.insert(ask.kind, line.to_owned());
    let source = match ask.kind {
        Kind::File => Source::file(line),
        Kind::Git => Source::git(line),
        Kind::Sitemap => Source::sitemap(line, model.engine.now),
        Kind::Trees => Source::trees(line),
        Kind::Paste | Kind::Earlier => return,
    };
    let context = model
        .composer()
        .map(|composer| composer.analysis.context().clone())
        .unwrap_or_default();
    match source {
        Ok(source) => {
            let request = model.engine.request(ImportRequest);
            model.engine.ask(Effect::Import {
                request,
                source,
                context: Box::new(context),
            });
            put(model, Step::Waiting(Ask { mistake: None, ..ask }, request));
        }
        Err(mistake) => put(
            model,
            Step::Ask(Ask {
                mistake: Some(mistake),
                ..ask
            }),
        ),
    }
}

/// Shows the preview of an import, or why it failed. The result of a cancelled import is ignored.
pub(in crate::app) fn imported(model: &mut Model, request: RequestId, result: Result<Import, String>) {
    let waiting = match model.overlays.find_mut::<Importing>().map(|importing| &importing.step) {
        Some(Step::Waiting(ask, waited)) if *waited == request => ask.clone(),
        _ => return,
    };
    match result {
        Ok(import) => show(model, import, Some(waiting)),
        Err(mistake) => put(
            model,
            Step::Ask(Ask {
                mistake: Some(mistake),
                ..waiting
            }),
        ),
    }
}

/// Handles text pasted while the import is waiting for a paste or its menu is open. Returns whether the text was
/// used.
pub(in crate::app) fn on_paste(model: &mut Model, text: &str) -> bool {
    let waited = matches!(
        model.overlays.find_mut::<Importing>().map(|importing| &importing.step),
        Some(Step::Paste(_) | Step::Menu(_))
    );
    if waited {
        pasted(model, text);
    }
    waited
}

fn pasted(model: &mut Model, text: &str) {
    let Some(context) = model.composer().map(|composer| composer.analysis.context()) else {
        return;
    };
    let import = read_pasted(text, context);
    show(model, import, None);
}

/// Adds or removes the variants of each page, and remembers the choice for these targets.
fn toggle(model: &mut Model, endings: bool) {
    let step = model
        .overlays
        .find_mut::<Importing>()
        .map(|importing| std::mem::replace(&mut importing.step, Step::Menu(0)));
    let step = match (step, model.composer()) {
        (Some(Step::Preview(preview)), Some(composer)) => {
            let (key, preview) = (composer.targets_key(), preview.toggled(endings, composer));
            model.imports.variants.insert(key, preview.variants);
            Step::Preview(Box::new(preview))
        }
        (Some(other), _) => other,
        (None, _) => return,
    };
    put(model, step);
}

/// Appends the previewed lines, as one undo step.
fn take(model: &mut Model) {
    let undo = model.keymap.spoken(Action::Undo);
    let Some(Importing {
        step: Step::Preview(preview),
    }) = model.overlays.find_mut::<Importing>()
    else {
        return;
    };
    if preview.rows.is_empty() {
        return model.engine.say(Level::Info, "nothing to import; press Esc to go back");
    }
    let rows = std::mem::take(&mut preview.rows);
    let said = preview.taken(rows.len(), &undo);
    model.overlays.close::<Importing>();
    editing::append(model, rows);
    model.engine.say(Level::Info, said);
}

/// Handles Esc by going back one step. Returns `false` if there is no previous step, so that the overlay is closed.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    let Some(importing) = model.overlays.find_mut::<Importing>() else {
        return false;
    };
    let step = match &importing.step {
        Step::Menu(_) => return false,
        Step::Ask(ask) => menu(ask.kind),
        Step::Paste(_) => menu(Kind::Paste),
        Step::Earlier(_) => menu(Kind::Earlier),
        Step::Waiting(ask, request) => {
            let (ask, request) = (ask.clone(), *request);
            cancel(model, request);
            Step::Ask(ask)
        }
        Step::Preview(preview) => preview.ask.clone().map_or(Step::Menu(0), Step::Ask),
    };
    put(model, step);
    true
}

fn menu(kind: Kind) -> Step {
    Step::Menu(KINDS.iter().position(|entry| entry.kind == kind).unwrap_or_default())
}
