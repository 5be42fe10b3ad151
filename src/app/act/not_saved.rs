//! Actions for the overlay that appears if the user quits while the ledger cannot store some changes.

use crate::app::ending;
use crate::app::model::Model;
use crate::app::overlay::reading::NotSaved;
use crate::domain::saved_list::ListName;
use crate::domain::text::count;
use crate::engine::drafts::DraftKey;
use crate::engine::effect::{Effect, ListsAnswer, ListsOperation};
use crate::engine::notices::Level;
use crate::engine::pending::ListsRequest;
use crate::engine::unsaved::UnsavedChange;
use crate::engine::{lost, unsaved};

/// Retries saving, then quits.
pub(in crate::app) fn try_again(model: &mut Model) {
    model.overlays.close::<NotSaved>();
    model.engine.touch();
    crate::engine::ledger::try_again(&mut model.engine);
    ending::quit(model);
}

/// Quits without saving.
pub(in crate::app) fn leave(model: &mut Model) {
    model.engine.ask(Effect::Quit(0));
}

/// Returns the drafts that have not been saved.
fn unsaved_drafts(model: &Model) -> Vec<DraftKey> {
    let drafts = model.engine.unsaved.changes().filter_map(|change| match change {
        UnsavedChange::Draft(key) => model.engine.drafts.get(*key).map(|_| *key),
        _ => None,
    });
    drafts.collect()
}

/// Checks whether there are drafts that could not be saved.
///
/// # Errors
/// A sentence saying that there are none.
pub(in crate::app) fn must_have_drafts(model: &Model) -> Result<(), String> {
    if unsaved_drafts(model).is_empty() {
        return Err("no unsaved drafts".to_owned());
    }
    Ok(())
}

/// Saves each unsaved draft as a saved list, because the folder of lists may be on a disk that still works.
pub(in crate::app) fn export(model: &mut Model) {
    for key in unsaved_drafts(model) {
        let (Some(name), Some(draft)) = (name(model, key), model.engine.drafts.get(key)) else {
            continue;
        };
        let lines = draft.text.lines().map(str::to_owned).collect();
        let request = model.engine.request(ListsRequest::SaveElsewhere(key, name.clone()));
        let operation = ListsOperation::Save { name, lines };
        model.engine.ask(Effect::Lists { request, operation });
    }
}

/// Returns a unique name for a list, built from the draft's target, the time and the draft's key.
fn name(model: &Model, key: DraftKey) -> Option<ListName> {
    let targets = &model.engine.drafts.get(key)?.targets;
    let target = targets.split(' ').next().unwrap_or_default();
    let time = model.engine.now.format("%Y-%m-%d %H-%M-%S");
    format!("draft {target} {time} {}", key.0).parse().ok()
}

/// Reports whether a draft was saved as a list.
pub(in crate::app) fn exported(model: &mut Model, key: DraftKey, name: &ListName, result: Result<ListsAnswer, String>) {
    model.engine.touch();
    match result {
        Ok(_) => {
            let Some(draft) = model.engine.drafts.get(key) else {
                return;
            };
            let lines = draft.text.lines().filter(|line| !line.trim().is_empty()).count();
            let (draft, lines) = (lost::targets(&model.engine, &draft.targets), count(lines, "line"));
            let text = format!(
                "Saved the draft for {draft} ({lines}) as the list \"{}\"",
                name.as_str()
            );
            model.engine.say(Level::Done, text.clone());
            unsaved::kept_elsewhere(&mut model.engine, &UnsavedChange::Draft(key), text);
        }
        Err(sentence) => model.engine.say(Level::Error, sentence),
    }
}
