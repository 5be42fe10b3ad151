//! Import: where from, one line of input, then a preview with its price. Until Enter on the preview nothing changes.

pub mod earlier;
pub mod kind;
pub mod path;
pub mod preview;

use tui_input::Input;

use super::Overlay;
use crate::app::action::Action;
use crate::app::key::Key;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::app::screen::composer::Composer;
use crate::domain::import::{Import, Source, pasted as read_pasted};
use crate::engine::effect::{Effect, RequestId};
use crate::engine::notices::Level;
use crate::engine::purpose::Purpose;
use earlier::Earlier;
use kind::{KINDS, Kind};
use path::Completing;
use preview::Preview;

/// The state of the layer.
#[derive(Clone, Debug)]
pub struct Importing {
    /// How far the person has come.
    pub step: Step,
}

/// One step after the other; Esc goes back by one.
#[derive(Clone, Debug)]
pub enum Step {
    /// Where from; the selected kind.
    Menu(usize),
    /// The line of input that a kind asks for.
    Ask(Ask),
    /// The text is to be pasted, or one line of it typed.
    Paste(Input),
    /// Which of the earlier invalidations.
    Earlier(Earlier),
    /// It is being fetched.
    Waiting(Ask, RequestId),
    /// What it would bring.
    Preview(Box<Preview>),
}

/// A line of input.
#[derive(Clone, Debug)]
pub struct Ask {
    /// For what.
    pub kind: Kind,
    /// What is typed.
    pub input: Input,
    /// What is wrong with it, or why it brought nothing.
    pub mistake: Option<String>,
    /// What Tab found.
    pub completing: Completing,
}

impl Importing {
    /// The place of the selected line, in a step that is chosen from.
    pub(super) fn selected_mut(&mut self) -> Option<&mut usize> {
        match &mut self.step {
            Step::Menu(selected) => Some(selected),
            Step::Earlier(earlier) => Some(&mut earlier.selected),
            Step::Ask(_) | Step::Paste(_) | Step::Waiting(..) | Step::Preview(_) => None,
        }
    }

    /// The line of text being typed.
    pub(super) fn field_mut(&mut self) -> Option<&mut Input> {
        match &mut self.step {
            Step::Ask(ask) => Some(&mut ask.input),
            Step::Paste(input) => Some(input),
            Step::Earlier(earlier) => Some(&mut earlier.filter),
            Step::Menu(_) | Step::Waiting(..) | Step::Preview(_) => None,
        }
    }

    /// Whether letters are text.
    #[must_use]
    pub fn is_field(&self) -> bool {
        matches!(self.step, Step::Ask(_) | Step::Paste(_) | Step::Earlier(_))
    }

    /// What is typed is another.
    pub(super) fn edited(&mut self) {
        match &mut self.step {
            Step::Ask(ask) => {
                ask.mistake = None;
                ask.completing = Completing::default();
            }
            Step::Earlier(earlier) => earlier.selected = 0,
            Step::Menu(_) | Step::Paste(_) | Step::Waiting(..) | Step::Preview(_) => {}
        }
    }

    /// How many lines there are to choose from.
    pub(super) fn lines(&self, model: &Model) -> usize {
        match &self.step {
            Step::Menu(_) => KINDS.len(),
            Step::Earlier(earlier) => earlier::entries(model, earlier).len(),
            Step::Ask(_) | Step::Paste(_) | Step::Waiting(..) | Step::Preview(_) => 0,
        }
    }
}

/// An action of the layer, or the one that opens it.
pub(in crate::app) fn act(model: &mut Model, action: Action) {
    match action {
        Action::Import => open(model),
        Action::ToggleFolders => toggle(model, false),
        Action::ToggleEndings => toggle(model, true),
        _ => {}
    }
}

/// Opens the menu above the composer.
fn open(model: &mut Model) {
    if let Screen::Composer(_) = model.screen() {
        let last = model.imports.kind.map_or(0, |kind| kind as usize);
        put(model, Step::Menu(last));
    }
}

/// The layer, if it is open; another one, such as the help, may lie above it.
fn importing(model: &mut Model) -> Option<&mut Importing> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Import(importing) => Some(&mut **importing),
        _ => None,
    })
}

/// Goes to a step, in the layer that is open or in a new one.
fn put(model: &mut Model, step: Step) {
    model.engine.touch();
    match importing(model) {
        Some(importing) => importing.step = step,
        None => model.overlays.push(Overlay::Import(Box::new(Importing { step }))),
    }
}

fn composer(model: &Model) -> Option<&Composer> {
    match model.screen() {
        Screen::Composer(composer) => Some(composer),
        Screen::Distributions(_)
        | Screen::Tenants(_)
        | Screen::Invalidations(_)
        | Screen::Details(_)
        | Screen::History(_) => None,
    }
}

/// Enter on a list or on the preview.
pub(in crate::app) fn choose(model: &mut Model) {
    let Some(importing) = importing(model) else { return };
    match &importing.step {
        Step::Menu(selected) => {
            let kind = KINDS.get(*selected).map(|entry| entry.kind);
            if let Some(kind) = kind {
                begin(model, kind);
            }
        }
        Step::Earlier(earlier) => {
            let earlier = earlier.clone();
            earlier::choose(model, &earlier);
        }
        Step::Preview(_) => take(model),
        Step::Ask(_) | Step::Paste(_) | Step::Waiting(..) => {}
    }
}

/// A letter in the menu chooses its kind. Returns whether it did.
pub(in crate::app) fn on_key(model: &mut Model, key: Key) -> bool {
    let Some(Overlay::Import(importing)) = model.overlays.last() else {
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
        Kind::Earlier => earlier::begin(model),
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

/// Enter in a field.
pub(in crate::app) fn accept(model: &mut Model) {
    let Some(importing) = importing(model) else { return };
    match &importing.step {
        Step::Ask(ask) => {
            let ask = ask.clone();
            fetch(model, ask);
        }
        Step::Paste(input) => {
            let text = input.value().to_owned();
            pasted(model, &text);
        }
        Step::Menu(_) | Step::Earlier(_) | Step::Waiting(..) | Step::Preview(_) => {}
    }
}

/// Asks for what was typed, or says what is wrong with it.
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
    let context = composer(model)
        .map(|composer| composer.analysis.context().clone())
        .unwrap_or_default();
    match source {
        Ok(source) => {
            let request = model.engine.request(Purpose::Import);
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

/// Receives an import, or why it failed. An import that was cancelled changes nothing.
pub(in crate::app) fn imported(model: &mut Model, request: RequestId, result: Result<Import, String>) {
    let waiting = match importing(model).map(|importing| &importing.step) {
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

/// Text was pasted while it was waited for, or while the menu asks where from. Returns whether it was.
pub(in crate::app) fn on_paste(model: &mut Model, text: &str) -> bool {
    let waited = matches!(
        importing(model).map(|importing| &importing.step),
        Some(Step::Paste(_) | Step::Menu(_))
    );
    if waited {
        pasted(model, text);
    }
    waited
}

fn pasted(model: &mut Model, text: &str) {
    let Some(context) = composer(model).map(|composer| composer.analysis.context()) else {
        return;
    };
    let import = read_pasted(text, context);
    show(model, import, None);
}

/// Shows what an import would bring.
fn show(model: &mut Model, import: Import, ask: Option<Ask>) {
    let Some(composer) = composer(model) else { return };
    let variants = model
        .imports
        .variants
        .get(&composer.targets_key())
        .copied()
        .unwrap_or_default();
    let preview = Preview::new(import, variants, composer, ask);
    put(model, Step::Preview(Box::new(preview)));
}

/// Adds the other names of each page, or leaves them out again; remembered for these targets.
fn toggle(model: &mut Model, endings: bool) {
    let step = importing(model).map(|importing| std::mem::replace(&mut importing.step, Step::Menu(0)));
    let step = match (step, composer(model)) {
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

/// Appends what is previewed, as one step of undo.
fn take(model: &mut Model) {
    let undo = model.keymap.spoken(Action::Undo);
    let Some(Importing {
        step: Step::Preview(preview),
    }) = importing(model)
    else {
        return;
    };
    if preview.rows.is_empty() {
        return model.engine.say(Level::Info, "nothing to import; Esc goes back");
    }
    let rows = std::mem::take(&mut preview.rows);
    let said = preview.taken(rows.len(), &undo);
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Import(_)));
    crate::app::screen::composer::append(model, rows);
    model.engine.say(Level::Info, said);
}

/// Esc: a step back. Returns whether there was one; else the layer is to be closed.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    let Some(importing) = importing(model) else {
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

/// Cancels the import that is running, if there is one.
pub(in crate::app) fn cancel_waiting(model: &mut Model) {
    if let Some(Importing {
        step: Step::Waiting(_, request),
    }) = importing(model)
    {
        let request = *request;
        cancel(model, request);
    }
}

fn cancel(model: &mut Model, request: RequestId) {
    model.engine.pending.remove(&request);
    model.engine.ask(Effect::CancelImport(request));
}
