//! Actions in the saved-lists overlay: load a list, save the current text under a name, merge it into a list, or delete
//! a list.

use crate::app::act::composer::{compose, editing};
use crate::app::action::Action;
use crate::app::model::Model;
use crate::app::overlay::lists::{Entry, Lists, Question};
use crate::app::selection::{chosen_targets, here};
use crate::domain::saved_list::ListName;
use crate::domain::text::{agree, count};
use crate::engine::effect::{Effect, ListsAnswer, ListsOperation, RequestId};
use crate::engine::notices::Level;
use crate::engine::pending::ListsRequest;

/// Returns the number of lists and other lines to choose from.
pub(in crate::app) fn lines(model: &Model) -> usize {
    model.overlays.top::<Lists>().map_or(0, |lists| lists.entries().len())
}

/// Carries out one of the overlay's actions, or the action that opens it.
pub(in crate::app) fn act(model: &mut Model, action: Action) {
    match action {
        Action::Lists => open(model),
        Action::SaveList => save_as(model),
        Action::MergeList => merge(model),
        Action::DeleteList => delete(model),
        _ => {}
    }
}

/// Opens the overlay above the composer and reads the saved lists.
fn open(model: &mut Model) {
    if model.composer().is_some() {
        model.overlays.push(Lists::default());
        ask(model, ListsOperation::Read);
    }
}

/// Reads the names of the saved lists, so that they can be found by name.
pub(in crate::app) fn read(model: &mut Model) {
    let request = model.engine.request(ListsRequest::Names);
    let operation = ListsOperation::Read;
    model.engine.ask(Effect::Lists { request, operation });
}

/// Appends a list to the composed text, or to the draft for the chosen targets.
pub(in crate::app) fn load(model: &mut Model, name: ListName) {
    if model.composer().is_none()
        && let Err(sentence) = compose(model)
    {
        return model.engine.say(Level::Warning, sentence);
    }
    model.overlays.push(Lists::default());
    ask(model, ListsOperation::Load(name));
}

/// Opens the composer for the chosen targets.
fn compose(model: &mut Model) -> Result<(), String> {
    model.engine.must_not_be_read_only("nothing can be sent")?;
    let mut targets = chosen_targets(model);
    if targets.is_empty() {
        targets.extend(here(model));
    }
    if targets.is_empty() {
        return Err("no target for the list; select a distribution first".to_owned());
    }
    compose::open(model, targets, None);
    Ok(())
}

/// Requests an operation, unless another one is pending.
fn ask(model: &mut Model, operation: ListsOperation) {
    if model
        .overlays
        .find_mut::<Lists>()
        .is_none_or(|lists| lists.request.is_some())
    {
        return;
    }
    let request = model.engine.request(ListsRequest::Overlay);
    model.engine.ask(Effect::Lists { request, operation });
    if let Some(lists) = model.overlays.find_mut::<Lists>() {
        lists.request = Some(request);
        lists.question = None;
        lists.mistake = None;
    }
    model.engine.touch();
}

/// Handles Enter: loads or saves a list, or confirms the open question.
pub(in crate::app) fn choose(model: &mut Model) {
    let Some(layer) = model.overlays.find_mut::<Lists>() else {
        return;
    };
    match (layer.question.clone(), layer.selected_entry()) {
        (Some(Question::Delete(name)), _) => ask(model, ListsOperation::Delete(name)),
        (None, Some(Entry::Load(list))) => ask(model, ListsOperation::Load(list.name)),
        (Some(Question::Exists(name)), _) | (None, Some(Entry::SaveAs(name))) => save(model, name),
        (None, None) => {}
    }
}

/// Saves the current text under the typed name, or under the selected one. Asks first if such a list already exists.
fn save_as(model: &mut Model) {
    let Some(layer) = model.overlays.find_mut::<Lists>() else {
        return;
    };
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
    let lines = editing::lines(model);
    if lines.iter().all(|line| line.trim().is_empty()) {
        return refuse(model, "nothing to save yet");
    }
    ask(model, ListsOperation::Save { name, lines });
}

/// Appends the current lines to the existing list.
fn merge(model: &mut Model) {
    let name = match model
        .overlays
        .find_mut::<Lists>()
        .and_then(|layer| layer.question.clone())
    {
        Some(Question::Exists(name)) => name,
        Some(Question::Delete(_)) | None => return,
    };
    let lines = editing::lines(model);
    ask(model, ListsOperation::Merge { name, lines });
}

/// Asks whether to delete the selected list.
fn delete(model: &mut Model) {
    let Some(layer) = model
        .overlays
        .find_mut::<Lists>()
        .filter(|layer| layer.question.is_none())
    else {
        return;
    };
    match layer.selected_list() {
        Some(name) => layer.question = Some(Question::Delete(name)),
        None => layer.mistake = Some("choose a list first".to_owned()),
    }
    model.engine.touch();
}

fn refuse(model: &mut Model, sentence: &str) {
    if let Some(layer) = model.overlays.find_mut::<Lists>() {
        layer.question = None;
        layer.mistake = Some(sentence.to_owned());
    }
    model.engine.touch();
}

/// Handles Esc by declining a question. Returns whether a question was open.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    model
        .overlays
        .find_mut::<Lists>()
        .is_some_and(|layer| layer.question.take().is_some())
}

/// Handles the result of an operation, unless the overlay is no longer waiting for it.
pub(in crate::app) fn answered(model: &mut Model, request: RequestId, result: Result<ListsAnswer, String>) {
    let Some(layer) = model
        .overlays
        .find_mut::<Lists>()
        .filter(|layer| layer.request == Some(request))
    else {
        return;
    };
    layer.request = None;
    model.engine.touch();
    match result {
        Ok(answer) => take(model, answer),
        Err(sentence) => refuse(model, &sentence),
    }
}

/// Stores the saved lists that were read for the search. If they could not be read, none can be found, and the
/// saved-lists overlay shows why.
pub(in crate::app) fn found(model: &mut Model, result: Result<ListsAnswer, String>) {
    if let Ok(ListsAnswer::Lists(_, lists)) = result {
        model.saved_lists.read(&lists);
        model.engine.touch();
    }
}

fn take(model: &mut Model, answer: ListsAnswer) {
    match answer {
        ListsAnswer::Lists(folder, found) => {
            if let Some(layer) = model.overlays.find_mut::<Lists>() {
                layer.folder = folder;
                layer.selected = layer.selected.min(found.len().saturating_sub(1));
                layer.lists = Some(found);
            }
        }
        ListsAnswer::Loaded(import) => {
            model.overlays.close::<Lists>();
            let undo = model.keymap.spoken(Action::Undo);
            let (count, said) = (import.rows.len(), loaded(&import, &undo));
            if count > 0 {
                editing::append(model, import.rows);
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
            model.overlays.close::<Lists>();
            model
                .engine
                .say(Level::Done, format!("Saved the list ({})", count(lines, "line")));
        }
        ListsAnswer::Deleted => ask(model, ListsOperation::Read),
    }
}

/// Returns the notice to show after a list was inserted into the draft; `undo` is the key that removes the lines
/// again.
fn loaded(import: &crate::domain::import::Import, undo: &str) -> String {
    let mut said = match import.rows.len() {
        0 => format!("{} is empty", import.source),
        rows => format!(
            "added {} from {}; press {undo} to remove {}",
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
