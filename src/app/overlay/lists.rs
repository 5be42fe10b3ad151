//! Saved lists: find one and load it, or save the present text under a name.

use tui_input::Input;

use super::Overlay;
use crate::app::action::Action;
use crate::app::list::matching;
use crate::app::model::Model;
use crate::app::screen::{Screen, composer};
use crate::domain::saved_list::{ListName, SavedList};
use crate::domain::text::{agree, count};
use crate::engine::effect::{Effect, ListsAnswer, ListsOperation, RequestId};
use crate::engine::notices::Level;
use crate::engine::purpose::Purpose;

/// The state of the layer.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// The folder that they are in, once it was read.
    pub folder: String,
    /// The lists by name; `None` while they are read.
    pub lists: Option<Vec<SavedList>>,
    /// What is typed: part of a name to find a list, or a new name.
    pub input: Input,
    /// The selected line.
    pub selected: usize,
    /// What is asked, if anything is.
    pub question: Option<Question>,
    /// What went wrong.
    pub mistake: Option<String>,
    /// What is waited for.
    request: Option<RequestId>,
}

/// Something to be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// There is a list of that name: take its place, or put the lines below?
    Exists(ListName),
    /// Take it away?
    Delete(ListName),
}

/// A line to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Load this list.
    Load(SavedList),
    /// Save the present text under this name.
    SaveAs(ListName),
}

impl Lists {
    /// Whether letters are text.
    #[must_use]
    pub fn is_field(&self) -> bool {
        self.question.is_none()
    }

    /// The lines to choose from: the lists that match, and what is typed as a new name.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let Some(lists) = &self.lists else { return Vec::new() };
        let found = matching(lists.iter().collect(), self.input.value(), |list| list.name.to_string());
        let mut entries: Vec<Entry> = found.into_iter().cloned().map(Entry::Load).collect();
        if let Some(name) = self.typed().filter(|name| !self.has(name)) {
            entries.push(Entry::SaveAs(name));
        }
        entries
    }

    /// What is wrong with the name that is typed, if it is to be one.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let text = self.input.value();
        if text.trim().is_empty() {
            return None;
        }
        text.parse::<ListName>().err().map(|problem| problem.to_string())
    }

    /// What is typed is another.
    pub(super) fn edited(&mut self) {
        self.selected = 0;
        self.mistake = None;
    }

    fn typed(&self) -> Option<ListName> {
        self.input.value().parse().ok()
    }

    fn has(&self, name: &ListName) -> bool {
        self.lists.iter().flatten().any(|list| list.name == *name)
    }

    pub(super) fn selected_entry(&self) -> Option<Entry> {
        self.entries().into_iter().nth(self.selected)
    }

    /// The selected list.
    fn selected_list(&self) -> Option<ListName> {
        match self.selected_entry()? {
            Entry::Load(list) => Some(list.name),
            Entry::SaveAs(_) => None,
        }
    }
}

/// An action of the layer, or the one that opens it.
pub(in crate::app) fn act(model: &mut Model, action: Action) {
    match action {
        Action::Lists => open(model),
        Action::SaveList => save_as(model),
        Action::MergeList => merge(model),
        Action::DeleteList => delete(model),
        _ => {}
    }
}

/// Opens the layer above the composer and reads which lists there are.
fn open(model: &mut Model) {
    if let Screen::Composer(_) = model.screen() {
        model.overlays.push(Overlay::Lists(Box::default()));
        ask(model, ListsOperation::Read);
    }
}

/// The layer, if it is open; another one, such as the help, may lie above it.
fn lists(model: &mut Model) -> Option<&mut Lists> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Lists(lists) => Some(&mut **lists),
        _ => None,
    })
}

fn close(model: &mut Model) {
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Lists(_)));
}

/// Asks for one thing at a time.
fn ask(model: &mut Model, operation: ListsOperation) {
    if lists(model).is_none_or(|lists| lists.request.is_some()) {
        return;
    }
    let request = model.engine.request(Purpose::Lists);
    model.engine.ask(Effect::Lists { request, operation });
    if let Some(lists) = lists(model) {
        lists.request = Some(request);
        lists.question = None;
        lists.mistake = None;
    }
    model.engine.touch();
}

/// Enter: load, save, or yes.
pub(in crate::app) fn choose(model: &mut Model) {
    let Some(layer) = lists(model) else { return };
    match (layer.question.clone(), layer.selected_entry()) {
        (Some(Question::Delete(name)), _) => ask(model, ListsOperation::Delete(name)),
        (None, Some(Entry::Load(list))) => ask(model, ListsOperation::Load(list.name)),
        (Some(Question::Exists(name)), _) | (None, Some(Entry::SaveAs(name))) => save(model, name),
        (None, None) => {}
    }
}

/// Saves the present text under the typed name, or the selected one; asks first where there is such a list.
fn save_as(model: &mut Model) {
    let Some(layer) = lists(model) else { return };
    let Some(name) = layer.typed().or_else(|| layer.selected_list()) else {
        layer.mistake = Some(
            layer
                .problem()
                .unwrap_or_else(|| "enter a name for the list".to_owned()),
        );
        return model.engine.touch();
    };
    if layer.has(&name) {
        layer.question = Some(Question::Exists(name));
        model.engine.touch();
    } else {
        save(model, name);
    }
}

fn save(model: &mut Model, name: ListName) {
    let lines = composer::lines(model);
    if lines.iter().all(|line| line.trim().is_empty()) {
        return refuse(model, "nothing to save yet");
    }
    ask(model, ListsOperation::Save { name, lines });
}

/// Puts the present lines below those of the list.
fn merge(model: &mut Model) {
    let name = match lists(model).and_then(|layer| layer.question.clone()) {
        Some(Question::Exists(name)) => name,
        Some(Question::Delete(_)) | None => return,
    };
    let lines = composer::lines(model);
    ask(model, ListsOperation::Merge { name, lines });
}

/// Asks whether the selected list is to be taken away.
fn delete(model: &mut Model) {
    let Some(layer) = lists(model).filter(|layer| layer.question.is_none()) else {
        return;
    };
    match layer.selected_list() {
        Some(name) => layer.question = Some(Question::Delete(name)),
        None => layer.mistake = Some("choose a list first".to_owned()),
    }
    model.engine.touch();
}

fn refuse(model: &mut Model, sentence: &str) {
    if let Some(layer) = lists(model) {
        layer.question = None;
        layer.mistake = Some(sentence.to_owned());
    }
    model.engine.touch();
}

/// Esc: no to a question. Returns whether there was one.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    lists(model).is_some_and(|layer| layer.question.take().is_some())
}

/// An answer came; one that nobody waits for changes nothing.
pub(in crate::app) fn answered(model: &mut Model, request: RequestId, result: Result<ListsAnswer, String>) {
    let Some(layer) = lists(model).filter(|layer| layer.request == Some(request)) else {
        return;
    };
    layer.request = None;
    model.engine.touch();
    match result {
        Ok(answer) => take(model, answer),
        Err(sentence) => refuse(model, &sentence),
    }
}

fn take(model: &mut Model, answer: ListsAnswer) {
    match answer {
        ListsAnswer::Lists(folder, found) => {
            if let Some(layer) = lists(model) {
                layer.folder = folder;
                layer.selected = layer.selected.min(found.len().saturating_sub(1));
                layer.lists = Some(found);
            }
        }
        ListsAnswer::Loaded(import) => {
            close(model);
            let undo = model.keymap.spoken(Action::Undo);
            let (count, said) = (import.rows.len(), loaded(&import, &undo));
            if count > 0 {
                composer::append(model, import.rows);
            }
            model.engine.say(
                if import.left_out.is_empty() {
                    Level::Info
                } else {
                    Level::Warning
                },
                said,
            );
        }
        ListsAnswer::Saved(lines) => {
            close(model);
            model
                .engine
                .say(Level::Done, format!("Saved the list ({})", count(lines, "line")));
        }
        ListsAnswer::Deleted => ask(model, ListsOperation::Read),
    }
}

/// The notice after a list was put into the draft; `undo` is the key that removes it again.
fn loaded(import: &crate::domain::import::Import, undo: &str) -> String {
    let mut said = match import.rows.len() {
        0 => format!("{} is empty", import.source),
        rows => format!(
            "{} from {}; {undo} removes {}",
            count(rows, "line"),
            import.source,
            agree(rows, "it", "them")
        ),
    };
    for left in &import.left_out {
        said.push_str("; skipped: ");
        said.push_str(&left.sentence());
    }
    said
}
