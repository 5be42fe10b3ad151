//! Opens the list in the user's own editor.

use crate::app::act::composer::draft;
use crate::app::act::composer::editing::give;
use crate::app::editor::Edit;
use crate::app::model::Model;
use crate::domain::secret;
use crate::engine::drafts;
use crate::engine::drafts::DraftKey;
use crate::engine::effect::Effect;
use crate::engine::notices::Level;
use crate::engine::pending::EditorRequest;

/// Opens the list in the external editor.
pub(in crate::app) fn open(model: &mut Model) {
    let Some(composer) = model.composer_mut() else { return };
    let (key, targets) = (composer.draft, composer.targets_key());
    let text = secret::stripped(&composer.editor.text()).into_owned();
    draft::keep_draft(model);
    let request = model.engine.request(EditorRequest { draft: key, targets });
    model.engine.ask(Effect::EditText { request, text });
}

/// Handles the external editor's result. If the editor failed, the text stays unchanged. If the user has left the
/// page in the meantime, the result becomes the draft.
pub(in crate::app) fn edited(model: &mut Model, key: DraftKey, targets: &str, result: Result<String, String>) {
    model.engine.touch();
    let is_here = model.composer_mut().is_some_and(|composer| composer.draft == key);
    match result {
        Ok(text) => {
            // Editors end the last line with a line break, which does not start a new line.
            let text = text.strip_suffix('\n').map_or(text.as_str(), |text| text).to_owned();
            if is_here {
                give(model, Edit::SetText(text).into());
            } else {
                drafts::put(&mut model.engine, key, targets, text);
                model.engine.say(Level::Info, "text from the editor saved as the draft");
            }
        }
        Err(reason) => model.engine.say(Level::Error, reason),
    }
}
