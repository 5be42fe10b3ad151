//! Searches for text in the list.

use crate::app::act::composer::editing::give;
use crate::app::editor::{Command, Query};
use crate::app::model::Model;
use crate::app::overlay::find::Find;
use crate::engine::notices::Level;

/// Prompts for a search text, with the last one as the default.
pub(in crate::app) fn ask_what_to_find(model: &mut Model) {
    let Some(composer) = model.composer_mut() else { return };
    let sought = composer.sought.clone();
    model.open(Find { input: sought.into() });
}

/// Searches for the typed text from the cursor, and selects it.
pub(in crate::app) fn accept(model: &mut Model) {
    let Some(text) = model.overlays.top::<Find>().map(|find| find.input.value().to_owned()) else {
        return;
    };
    model.overlays.pop();
    let Some(composer) = model.composer_mut() else { return };
    composer.sought = text;
    model.engine.touch();
    find_next(model);
}

/// Searches for the same text after the cursor, wrapping around at the end.
pub(in crate::app) fn find_next(model: &mut Model) {
    let Some(composer) = model.composer_mut() else { return };
    let Some(query) = Query::new(&composer.sought) else {
        return;
    };
    if let Some(found) = composer.editor.find_next(&query, composer.editor.cursor()) {
        let (anchor, cursor) = (found.start, found.end);
        give(model, Command::Select { anchor, cursor });
    } else {
        let text = format!("{} is not in the list", composer.sought);
        model.engine.say(Level::Info, text);
    }
}
